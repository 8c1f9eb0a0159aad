#!/bin/bash
# Does the scorer see in MiniLM's folder what tokenizers and transformers see: ids, token types, last
# hidden states, sentence embeddings? Over texts and pairs of the public data. Not part of
# tests/run.sh: MiniLM (launch/setup.sh --with-minilm) and the virtual environment (environment.sh)
# are large downloads.
#   tests/parity/minilm.sh [BUILD_FOLDER]     exit 0: all agree
set -euo pipefail
here=$(cd "$(dirname "$0")" && pwd)
build=$(cd "${1:-$here/../../build}" && pwd)
program=$build/tests/parity_scorer
data=$here/../../../shared/data
if [ ! -x "$program" ]; then
  echo "minilm.sh: $program is missing; build the target parity_scorer first" >&2
  exit 2
fi
if [ ! -d "$data" ]; then echo "minilm.sh: $data is not there; nothing was checked" >&2; exit 0; fi
source "$here/../../launch/setup.sh"
set_up_minilm
source "$here/environment.sh"
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
"$venv/bin/python" "$here/minilm_check.py" "$program" "$data" "$folder" "$minilm"
