#!/bin/sh
# Makes a folder with the files of the container image: the static binary, plugin.yaml, and the archives that the lock
# files beside some configs pin.
#
#     scripts/image.sh DIR CONFIG...
#
# The binary is built, for which `rustup target add $(uname -m)-unknown-linux-musl` is needed once, or MONSTACK names it.
# Archives come from the cache, from beside the configs, or from their repositories.
set -eu
if [ $# -lt 2 ]; then
  echo "usage: scripts/image.sh DIR CONFIG..." >&2
  exit 2
fi
root=$1
shift
here=$(cd "$(dirname "$0")/.." && pwd)
if [ -z "${MONSTACK:-}" ]; then
  arch=$(uname -m)
  target=$arch-unknown-linux-musl
  # The C of the cryptography does not need the headers of musl.
  export "CC_${arch}_unknown_linux_musl=${CC:-gcc}"
  cargo build --release --locked --manifest-path "$here/Cargo.toml" --target "$target"
  MONSTACK=${CARGO_TARGET_DIR:-$here/target}/$target/release/monstack
fi
rm -rf "$root"
install -D -m 755 "$MONSTACK" "$root/usr/local/bin/monstack"
install -D -m 644 "$here/plugin.yaml" "$root/home/argocd/cmp-server/config/plugin.yaml"
# Volumes are mounted there, below a root that nobody may write to.
install -d "$root/etc" "$root/charts" "$root/tmp" "$root/var/run/argocd" "$root/home/argocd/cmp-server/plugins"
echo 'argocd:x:999:999::/home/argocd:/sbin/nologin' > "$root/etc/passwd"
for config; do
  "$MONSTACK" charts vendor "$root/charts" "$config"
done
