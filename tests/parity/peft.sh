#!/bin/bash
# Do transformers and peft read what arf writes, and arf what they write, with the same log-probs?
# Not part of tests/run.sh: its own virtual environment downloads some 0.6 GB (more without a CUDA
# toolkit). Kept in ${XDG_CACHE_HOME:-~/.cache}/arf/parity-venv; a second run reuses it.
#   tests/parity/peft.sh [BUILD_FOLDER]
set -euo pipefail
here=$(cd "$(dirname "$0")" && pwd)
build=$(cd "${1:-$here/../../build}" && pwd)
venv=${PARITY_VENV:-${XDG_CACHE_HOME:-$HOME/.cache}/arf/parity-venv}
stamp=$venv/complete-$(sha256sum "$here/requirements.txt" | cut -c1-12)

if [ ! -e "$stamp" ]; then
  rm -rf "$venv"
  python3 -m venv "$venv"
  pip() { "$venv/bin/python" -m pip install --quiet --disable-pip-version-check "$@"; }
  if [ -e /usr/local/cuda/lib64/libcublas.so.13 ]; then
    # The toolkit has most of what the wheel links; these are the rest.
    pip --no-deps torch==2.11.0 nvidia-cusparselt-cu13==0.8.0 nvidia-nvshmem-cu13==3.4.5 nvidia-cufile
    pip filelock typing-extensions sympy networkx jinja2 fsspec numpy psutil pyyaml tqdm packaging
    pip --no-deps accelerate
    pip huggingface-hub safetensors tokenizers regex
    pip --no-deps -r "$here/requirements.txt"
    pip typer
  else
    pip torch==2.11.0 -r "$here/requirements.txt"
  fi
  touch "$stamp"
fi

folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
"$build/tests/parity_folders" write "$folder"
exec env HF_HUB_OFFLINE=1 LD_LIBRARY_PATH="/usr/local/cuda/lib64:${LD_LIBRARY_PATH:-}" "$venv/bin/python" "$here/peft_check.py" \
  "$build/arf" "$build/tests/parity_folders" "$folder"
