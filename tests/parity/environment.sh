# Sourced by the scripts of this folder: venv, the Python environment of requirements.txt, made on
# first use. It downloads some 0.8 GB (3 GB more where there is no CUDA toolkit) and is kept in
# ${XDG_CACHE_HOME:-~/.cache}/arf/parity-venv.
parity=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
venv=${XDG_CACHE_HOME:-$HOME/.cache}/arf/parity-venv
source "$parity/../../launch/setup.sh"

make_environment() {
  local stamp=$venv/complete-$(sha256sum "$parity/requirements.txt" | cut -c1-12)
  [ ! -e "$stamp" ] || return 0
  rm -rf "$venv"
  python3 -c 'import ensurepip' 2>/dev/null || need_packages python3-venv
  python3 -m venv "$venv"
  local pip=("$venv/bin/python" -m pip install --quiet --disable-pip-version-check)
  "${pip[@]}" --no-deps -r "$parity/requirements.txt"
  if [ -e /usr/local/cuda/lib64/libcublas.so.13 ]; then
    # The toolkit has most of what the wheel is linked with; these are the rest.
    "${pip[@]}" --no-deps torch==2.11.0 nvidia-cusparselt-cu13==0.8.0 nvidia-nvshmem-cu13==3.4.5 \
      nvidia-cufile==1.20.0.107
  else
    "${pip[@]}" torch==2.11.0
  fi
  touch "$stamp"
}

make_environment
export HF_HUB_OFFLINE=1 LD_LIBRARY_PATH="/usr/local/cuda/lib64:${LD_LIBRARY_PATH:-}"
