#!/bin/sh
# Installs what is needed, builds everything and runs every test. BPNET_BUILD names another build folder; arguments go to cmake.
set -e
cd "$(dirname "$0")/.."
sh app/packages.sh libeigen3-dev doctest-dev python3 python3-venv python3-jsonschema python3-ruamel.yaml
build=${BPNET_BUILD:-build-tests}
# Other people's readers of our files; without them their tests are skipped and say so.
python=$(pwd)/$build/python/bin/python
[ -x "$python" ] || /usr/bin/python3 -m venv --system-site-packages "$build/python"
"$python" -c "import safetensors, tensorboard" 2> /dev/null || "$python" -m pip install -q numpy safetensors tensorboard ||
  echo "The packages safetensors and tensorboard could not be installed: the tests that read files with them are skipped."
cmake -S . -B "$build" -G Ninja -DCMAKE_BUILD_TYPE=Release -DPython3_EXECUTABLE="$python" "$@"
cmake --build "$build"
exec ctest --test-dir "$build" --output-on-failure
