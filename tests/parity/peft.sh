#!/bin/bash
# Do transformers and peft read what arf writes, and arf what they write, with the same log-probs?
# Not part of tests/run.sh: its virtual environment downloads some 0.8 GB (3 GB more where there is
# no CUDA toolkit). It is kept in ${XDG_CACHE_HOME:-~/.cache}/arf/parity-venv and reused.
#   tests/parity/peft.sh [BUILD_FOLDER]     exit 0: all agree
set -euo pipefail
here=$(cd "$(dirname "$0")" && pwd)
build=$(cd "${1:-$here/../../build}" && pwd)
venv=${XDG_CACHE_HOME:-$HOME/.cache}/arf/parity-venv
stamp=$venv/complete-$(sha256sum "$here/requirements.txt" | cut -c1-12)

make_environment() {
  rm -rf "$venv"
  python3 -m venv "$venv"
  local pip=("$venv/bin/python" -m pip install --quiet --disable-pip-version-check)
  "${pip[@]}" --no-deps -r "$here/requirements.txt"
  if [ -e /usr/local/cuda/lib64/libcublas.so.13 ]; then
    # The toolkit has most of what the wheel is linked with; these are the rest.
    "${pip[@]}" --no-deps torch==2.11.0 nvidia-cusparselt-cu13==0.8.0 nvidia-nvshmem-cu13==3.4.5 \
      nvidia-cufile==1.20.0.107
  else
    "${pip[@]}" torch==2.11.0
  fi
  touch "$stamp"
}

for program in "$build/arf" "$build/tests/parity_folders"; do
  if [ ! -x "$program" ]; then
    echo "peft.sh: $program is missing; build the targets arf and parity_folders first" >&2
    exit 2
  fi
done
[ -e "$stamp" ] || make_environment
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
"$build/tests/parity_folders" write "$folder"
export HF_HUB_OFFLINE=1 LD_LIBRARY_PATH="/usr/local/cuda/lib64:${LD_LIBRARY_PATH:-}"
"$venv/bin/python" "$here/peft_check.py" "$build/arf" "$build/tests/parity_folders" "$folder"
