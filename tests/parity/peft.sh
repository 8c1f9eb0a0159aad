#!/bin/bash
# Do transformers and peft read what arf writes, and arf what they write, with the same log-probs?
# Not part of tests/run.sh: its virtual environment (environment.sh) is a large download.
#   tests/parity/peft.sh [BUILD_FOLDER]     exit 0: all agree
set -euo pipefail
here=$(cd "$(dirname "$0")" && pwd)
build=$(cd "${1:-$here/../../build}" && pwd)
for program in "$build/arf" "$build/tests/parity_folders"; do
  if [ ! -x "$program" ]; then
    echo "peft.sh: $program is missing; build the targets arf and parity_folders first" >&2
    exit 2
  fi
done
source "$here/environment.sh"
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
"$venv/bin/python" "$here/peft_check.py" "$build/arf" "$build/tests/parity_folders" "$folder"
