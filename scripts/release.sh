#!/bin/sh
# Makes the archives of a release and the manifest of the kubectl plugin for krew.
#
#     scripts/release.sh DIR [TARGET...]
#
# Each archive has the program, the licence, completions and manual pages; each target needs `rustup target add TARGET`
# once. MONSTACK names a program that is built already, for one target. URI is where the archives will be, with %s for
# the name of one.
set -eu
if [ $# -lt 1 ]; then
  echo "usage: scripts/release.sh DIR [TARGET...]" >&2
  exit 2
fi
here=$(cd "$(dirname "$0")/.." && pwd)
mkdir -p "$1"
out=$(cd "$1" && pwd)
shift
[ $# -gt 0 ] || set -- "$(uname -m)-unknown-linux-musl"
version=v$(sed -n 's/^version = "\(.*\)"/\1/p' "$here/Cargo.toml" | head -n 1)
uri=${URI:-https://github.com/example/monstack/releases/download/$version/%s}
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT

platforms=""
for target; do
  case $target in
    x86_64-*) arch=amd64 ;;
    aarch64-*) arch=arm64 ;;
    *) echo "release.sh: $target: which architecture is that?" >&2; exit 2 ;;
  esac
  case $target in
    *-linux-*) os=linux ;;
    *-apple-darwin) os=darwin ;;
    *) echo "release.sh: $target: which operating system is that?" >&2; exit 2 ;;
  esac
  program=${MONSTACK:-}
  if [ -z "$program" ]; then
    variable=CC_$(echo "$target" | tr - _)
    # The C of the cryptography does not need the headers of musl.
    export "$variable=${CC:-gcc}"
    cargo build --release --locked --manifest-path "$here/Cargo.toml" --target "$target"
    program=${CARGO_TARGET_DIR:-$here/target}/$target/release/monstack
  fi
  folder=$work/$target
  mkdir -p "$folder/completions" "$folder/man"
  install -m 755 "$program" "$folder/monstack"
  install -m 644 "$here/LICENSE" "$here/README.md" "$here/CHANGELOG.md" "$folder"
  "$program" completion bash > "$folder/completions/monstack.bash"
  "$program" completion zsh > "$folder/completions/_monstack"
  "$program" completion fish > "$folder/completions/monstack.fish"
  "$program" man --output-dir "$folder/man"
  archive=monstack-$version-$os-$arch.tar.gz
  # The same files make the same archive.
  tar -C "$folder" --sort=name --owner=0 --group=0 --numeric-owner --mtime=@0 --mode=go-w -cf - . | gzip -n > "$out/$archive"
  digest=$(sha256sum "$out/$archive" | cut -d ' ' -f 1)
  # shellcheck disable=SC2059
  platforms="$platforms    - selector:
        matchLabels: {os: $os, arch: $arch}
      uri: $(printf "$uri" "$archive")
      sha256: $digest
      bin: monstack
"
  echo "$out/$archive"
done

cat > "$out/monstack.yaml" <<EOF
apiVersion: krew.googlecontainertools.github.com/v1alpha2
kind: Plugin
metadata:
  name: monstack
spec:
  version: $version
  homepage: https://github.com/example/monstack
  shortDescription: Render a monitoring stack from one short config
  description: |
    One short config in, a complete monitoring stack out: Prometheus,
    Alertmanager and Grafana, Loki, Alloy and Thanos with its buckets and
    credentials, as one YAML stream for kubectl apply. Shows what a change
    does before it is made, in the cluster or since a commit, explains each
    field, draws the stack, finds what is wrong with it in a cluster, lists
    images, and renders the Helm charts itself.
  caveats: |
    For completion of \`kubectl monstack\`, put a link into a folder of \$PATH:
      kubectl monstack completion --install-kubectl ~/.local/bin
  platforms:
$platforms
EOF
sed -i '${/^$/d}' "$out/monstack.yaml"
echo "$out/monstack.yaml"
