#!/bin/bash
# Are ids and decoded texts those of Hugging Face's tokenizers library? The public data's tokenizers
# and variants of their pipelines, over lines of the public data and generated strings. Not part of
# tests/run.sh: its virtual environment (environment.sh) is a large download.
#   tests/parity/tokenizers.sh [BUILD_FOLDER] [STRINGS]    exit 0: no difference
# STRINGS (100,000) are drawn, half of them lines; every character of Unicode comes besides.
set -euo pipefail
here=$(cd "$(dirname "$0")" && pwd)
build=$(cd "${1:-$here/../../build}" && pwd)
program=$build/tests/parity_tokenizer
data=$here/../../../shared/data
if [ ! -x "$program" ]; then
  echo "tokenizers.sh: $program is missing; build the target parity_tokenizer first" >&2
  exit 2
fi
if [ ! -d "$data" ]; then echo "tokenizers.sh: $data is not there; nothing was checked" >&2; exit 0; fi
source "$here/environment.sh"
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
"$venv/bin/python" "$here/tokenizers_check.py" "$program" "$data" "$folder" "${2:-100000}"
