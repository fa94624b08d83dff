#!/bin/sh
# Installs what is needed, builds everything and runs every test. BPNET_BUILD names another build folder; arguments go to cmake.
set -e
cd "$(dirname "$0")/.."
sh app/packages.sh libeigen3-dev doctest-dev python3 python3-yaml python3-jsonschema python3-ruamel.yaml
build=${BPNET_BUILD:-build-tests}
cmake -S . -B "$build" -G Ninja -DCMAKE_BUILD_TYPE=Release "$@"
cmake --build "$build"
exec ctest --test-dir "$build" --output-on-failure
