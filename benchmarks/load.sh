#!/bin/bash
# How long a large model takes to load, and how much memory it then holds: folders of random
# bfloat16 weights in the shapes of Qwen2.5-1.5B and Llama-3.2-3B, read by `arf logprobs`; with the
# file in the page cache and, where root may empty that, without. Beside it what `cat` needs for the
# same file, and two ranks' shares of one mapping.
#   benchmarks/load.sh [FOLDER]        the models are made there (10 GB) and kept; default: a
#                                      temporary folder, removed at the end
# Environment: ARF_BUILD  the build folder (default build; targets arf and random_model)
set -euo pipefail
here=$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd)
build=${ARF_BUILD:-$here/build} folder=${1:-}
arf=$build/arf
for program in "$arf" "$build/benchmarks/random_model"; do
  [ -x "$program" ] || { echo "load.sh: $program is not there; build it first" >&2; exit 2; }
done
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
folder=${folder:-$work/models}
mkdir -p "$folder"
export OMP_NUM_THREADS=1

# ids N: one line of N token ids.
ids() { echo "{\"ids\":[$(seq -s, 1 "$1")]}"; }

# run INPUT KEYS...: "MILLISECONDS PEAK_KIB PEAK_ANONYMOUS_KIB" of one `arf logprobs`.
run() {
  local input=$1 began pid peak=0 anonymous=0 status high now
  shift
  began=$(date +%s%N)
  "$arf" logprobs "$@" <"$input" >"$work/out" 2>"$work/err" &
  pid=$!
  while status=$(cat /proc/$pid/status 2>/dev/null) && high=$(sed -n 's/^VmHWM:[^0-9]*\([0-9]*\).*/\1/p' <<<"$status") &&
        [ -n "$high" ]; do
    peak=$high
    now=$(sed -n 's/^RssAnon:[^0-9]*\([0-9]*\).*/\1/p' <<<"$status")
    [ "$now" -le "$anonymous" ] || anonymous=$now
    sleep 0.02
  done
  wait $pid || { cat "$work/err" >&2; exit 1; }
  echo "$((($(date +%s%N) - began) / 1000000)) $peak $anonymous"
}

# empty_cache: whether the page cache could be emptied.
empty_cache() { sync; { echo 3 >/proc/sys/vm/drop_caches; } 2>/dev/null; }

row() {  # row WHAT BYTES "MS PEAK ANONYMOUS"
  awk -v what="$1" -v bytes="$2" -v r="$3" 'BEGIN { split(r, p, " ")
    printf "%-46s %8.2f %10.0f %10.2f %12.0f\n", what, p[1] / 1000, p[2] / 1024, p[2] * 1024 / bytes, p[3] / 1024 }'
}

: >"$work/none"
ids 2 >"$work/two"
ids 256 >"$work/many"
for shape in qwen2.5-1.5b llama-3.2-3b; do
  model=$folder/$shape
  [ -e "$model/config.json" ] ||
    "$build/benchmarks/random_model" "$here/configs/models/$shape" "$model"
  bytes=$(stat -c %s "$model/model.safetensors")
  printf '%s: %.0f MB\n%-46s %8s %10s %10s %12s\n' "$shape" "$((bytes / 1000000))" '' seconds 'peak MiB' 'x file' 'anonymous MiB'
  if empty_cache; then
    began=$(date +%s%N)
    cat "$model/model.safetensors" >/dev/null
    row 'cat, page cache empty' "$bytes" "$((($(date +%s%N) - began) / 1000000)) 0 0"
    empty_cache
    row 'load, page cache empty' "$bytes" "$(run "$work/none" --model.path "$model")"
  else
    echo 'only root may empty the page cache: first reading not measured'
  fi
  for _ in 1 2 3; do run "$work/none" --model.path "$model"; done >"$work/runs"
  row 'load, file in the page cache (median of 3)' "$bytes" "$(sort -n "$work/runs" | sed -n 2p)"
  row 'load, log-probs of 2 tokens' "$bytes" "$(run "$work/two" --model.path "$model")"
  row 'load, log-probs of 256 tokens' "$bytes" "$(run "$work/many" --model.path "$model")"
  if [ "$shape" = qwen2.5-1.5b ]; then
    row 'the same in float32, packed' "$bytes" \
      "$(run "$work/many" --model.path "$model" --model.precision float32)"
  fi
done
