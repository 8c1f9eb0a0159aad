#!/bin/bash
# Writes golden/ anew from the reference libraries; golden_test compares with it in every run.
#   tests/parity/golden.sh            writes it
#   tests/parity/golden.sh --check    says whether what is committed is what they give; exit 1 if not
set -euo pipefail
source "$(dirname "${BASH_SOURCE[0]}")/environment.sh"
folder=$parity/golden
[ "${1:-}" != --check ] || { folder=$(mktemp -d); trap 'rm -rf "$folder"' EXIT; }
"$venv/bin/python" "$parity/make_golden.py" "$folder"
templates=$parity/../../../shared/data/tokenizers
if [ -d "$templates" ]; then
  "$venv/bin/python" "$parity/make_chats.py" "$templates" "$folder/chats.json"
fi
[ "${1:-}" = --check ] || exit 0
"$venv/bin/python" "$parity/same_golden.py" "$parity/golden" "$folder"
[ ! -e "$folder/chats.json" ] || cmp "$parity/golden/chats.json" "$folder/chats.json"
