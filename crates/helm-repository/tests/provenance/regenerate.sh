#!/bin/sh
# Makes the signed chart and the keyrings anew, with gpg and the helm named by HELM.
set -eu
target=$(cd "$(dirname "$0")" && pwd)
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
export GNUPGHOME="$work/gnupg"
mkdir -m 700 "$GNUPGHOME"
cd "$work"
gpg="gpg --batch --pinentry-mode loopback --passphrase="
for name in 'Chart Signer <signer@example.com>' 'Somebody Else <else@example.com>'; do
  $gpg --quick-gen-key "$name" rsa3072 sign never
done
gpg --export signer@example.com > "$target/pubring.gpg"
gpg --export --armor signer@example.com > "$target/pubring.asc"
gpg --export else@example.com > "$target/other.gpg"
$gpg --export-secret-keys signer@example.com > secring.gpg
mkdir -p loki/templates
printf 'apiVersion: v2\nname: loki\nversion: 6.24.0\nappVersion: 1.0.0\ndescription: "- a: dash"\n' > loki/Chart.yaml
printf 'apiVersion: v1\nkind: ConfigMap\nmetadata:\n  name: loki\n' > loki/templates/x.yaml
"${HELM:-helm}" package --sign --key 'Chart Signer' --keyring secring.gpg --destination "$target" loki
# gpg writes a revocation with each key, with a colon that keeps it from being used by accident.
fingerprint=$(gpg --list-keys --with-colons signer@example.com | awk -F: '/^fpr/ { print $10; exit }')
sed 's/^:---/---/' "$GNUPGHOME/openpgp-revocs.d/$fingerprint.rev" > revocation.asc
gpg --batch --import revocation.asc
gpg --export signer@example.com > "$target/revoked.gpg"
