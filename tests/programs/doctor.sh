#!/bin/bash
# What `arf doctor` and `arf --version` promise. usage: doctor.sh path/to/arf
set -u
arf=$1
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
failed=0

# expect EXIT WORDS COMMAND...: the command ends with EXIT and its stdout has each of the WORDS.
expect() {
  local wanted=$1 words=$2 code word
  shift 2
  "$@" >"$work/stdout" 2>"$work/stderr" </dev/null
  code=$?
  [ "$code" = "$wanted" ] || { echo "exit $code, not $wanted: $*"; cat "$work/stdout" "$work/stderr"; failed=1; }
  for word in $words; do
    grep -qF -- "$word" "$work/stdout" || { echo "no $word on stdout of: $*"; cat "$work/stdout"; failed=1; }
  done
}

expect 0 "cores memory disk LibTorch kernels HDF5 WordNet MiniLM mpirun MPI GPUs" "$arf" doctor --output "$work"
[ -z "$(ls "$work" | grep -v '^std')" ] || { echo "left behind:" "$work"/*; failed=1; }
expect 0 '"ok":true "tried":"kernels" "mend":"" "found":' bash -c "'$arf' doctor --json | tr -d ' '"
# A directory that cannot be written is named, with what to do, and the exit code is a resource's.
expect 4 "wrong -> $work/nowhere --output" "$arf" doctor --output "$work/nowhere"
expect 2 "" "$arf" doctor --outputs "$work"
# The commit is of the last build, also where nothing was configured again.
commit=$(git -C "$(dirname "$0")" rev-parse --short HEAD 2>/dev/null || echo unknown)
expect 0 "arf ($commit LibTorch MPI HDF5 CUDA NCCL instruction" "$arf" --version
exit $failed
