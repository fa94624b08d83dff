#!/bin/sh
# Installs what bpnet needs to build, from the distribution (Debian 12). Does nothing when all of it is there.
set -e
packages="g++ cmake ninja-build ccache libcli11-dev libyaml-cpp-dev libspdlog-dev libfmt-dev nlohmann-json3-dev libxxhash-dev zlib1g-dev libpng-dev libturbojpeg0-dev $*"
missing=
for p in $packages; do
  dpkg-query -W -f '${db:Status-Status}' "$p" 2> /dev/null | grep -qx installed || missing="$missing $p"
done
[ -n "$missing" ] || exit 0
echo "Installing:$missing"
export DEBIAN_FRONTEND=noninteractive
as_root=
[ "$(id -u)" = 0 ] || as_root=sudo
$as_root apt-get update -qq
# shellcheck disable=SC2086
$as_root apt-get install -y -qq --no-install-recommends $missing > /dev/null
