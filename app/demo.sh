#!/bin/sh
# Installs the packages bpnet needs, builds it, trains on the wine data and evaluates the result.
set -e
cd "$(dirname "$0")/.."
sh app/packages.sh
build=${BPNET_BUILD:-build}
echo "Building in $build ..."
cmake -S . -B "$build" -G Ninja -DCMAKE_BUILD_TYPE=Release -DBPNET_TESTS=OFF > /dev/null
cmake --build "$build" --target bpnet > "$build/build.log" 2>&1 || { tail -n 40 "$build/build.log"; exit 1; }
bpnet=$build/bpnet
echo
echo "\$ $bpnet train configs/wine.yaml"
"$bpnet" train configs/wine.yaml
echo
echo "\$ $bpnet eval"
"$bpnet" eval
echo
echo "The run folder is the newest in ./runs:"
ls -d runs/* | tail -n 1
