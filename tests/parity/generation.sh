#!/bin/bash
# Does `arf generate` reply as transformers does: greedily, with a repetition penalty, to a stop string,
# through the chat template and the tokenizers of the public data? And does what it draws follow
# transformers' distribution under temperature, top-k, top-p and min-p? Not part of tests/run.sh: its
# virtual environment (environment.sh) is a large download.
#   tests/parity/generation.sh [BUILD_FOLDER]     exit 0: all agree
set -euo pipefail
here=$(cd "$(dirname "$0")" && pwd)
build=$(cd "${1:-$here/../../build}" && pwd)
data=$here/../../../shared/data/tokenizers
if [ ! -x "$build/arf" ]; then echo "generation.sh: build $build/arf first" >&2; exit 2; fi
if [ ! -d "$data" ]; then echo "generation.sh: $data is not there; nothing was checked" >&2; exit 0; fi
source "$here/environment.sh"
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
"$venv/bin/python" "$here/generation_check.py" "$build/arf" "$data" "$folder"
