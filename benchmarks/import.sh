#!/bin/bash
# How fast `arf import` reads, on one core, and what memory it takes: real files beside the project
# (../shared/data), unpacked and repeated. A size and its fourfold show what the start costs, and that
# memory does not depend on the file. Median of three runs, and beside them the rate of
# `gzip -1` on the same file between those runs: what the core did at that time.
#   benchmarks/import.sh [MB]          about so much raw input (default 100), and four times that
# Environment: ARF  the program (default build/arf)
set -euo pipefail
here=$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd)
arf=${ARF:-$here/build/arf} data=$here/../shared/data megabytes=${1:-100}
[ -d "$data" ] || { echo "import.sh: $data is not there; nothing was measured" >&2; exit 0; }
[ -x "$arf" ] || { echo "import.sh: $arf is not there; build it first (launch/setup.sh)" >&2; exit 2; }
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT

# repeat FILE TIMES: lines, a .csv's header once; the elements of a JSON list, joined to one list.
repeat() {
  local i
  if [ "$(head -c 1 "$1")" != '[' ]; then
    cat "$1"
    for ((i = 1; i < $2; i++)); do
      case $1 in *.csv) tail -n +2 "$1" ;; *) cat "$1" ;; esac
    done
    return
  fi
  for ((i = 0; i < $2; i++)); do
    [ $i = 0 ] && printf '[' || printf ','
    sed -z 's/^\[//; s/\][[:space:]]*$//' "$1"
  done
  printf ']\n'
}

# one_run FORMAT FILE KEYS...: "SECONDS PEAK_KIB" of one import on one core.
one_run() {
  local format=$1 file=$2 began pid peak=0 now
  shift 2
  rm -rf "$work/corpus"
  began=$(date +%s%N)
  taskset -c 0 "$arf" import --import.format "$format" --import.input "$file" "$@" \
    --output "$work/corpus" >/dev/null 2>"$work/err" &
  pid=$!
  while now=$(sed -n 's/^VmHWM:[^0-9]*\([0-9]*\).*/\1/p' /proc/$pid/status 2>/dev/null) && [ -n "$now" ]; do
    peak=$now
    sleep 0.02
  done
  wait $pid || { cat "$work/err" >&2; exit 1; }
  echo "$((($(date +%s%N) - began) / 1000000)) $peak"
}

# gzip_run FILE: milliseconds of compressing it.
gzip_run() {
  local began
  began=$(date +%s%N)
  taskset -c 0 gzip -1 -c "$1" >/dev/null
  echo $((($(date +%s%N) - began) / 1000000))
}

printf '%-18s %8s %8s %10s %12s %10s\n' format MB seconds MB/s 'peak MiB' 'gzip MB/s'
measure() {  # measure FORMAT FILE KEYS...
  local format=$1 bytes run gzip once
  once=$work/$(basename "$2" .gz)
  zcat "$data/$2" >"$once"
  shift 2
  for size in "$megabytes" $((4 * megabytes)); do
    repeat "$once" $((1 + size * 1000000 / $(stat -c %s "$once"))) >"$work/input"
    bytes=$(stat -c %s "$work/input")
    for _ in 1 2 3; do
      one_run "$format" "$work/input" "$@" >&3
      gzip_run "$work/input" >&4
    done 3>"$work/runs" 4>"$work/gzips"
    run=$(sort -n "$work/runs" | sed -n 2p) gzip=$(sort -n "$work/gzips" | sed -n 2p)
    awk -v f="$format" -v b="$bytes" -v r="$run" -v z="$gzip" 'BEGIN { split(r, p, " "); s = p[1] / 1000
      printf "%-18s %8.0f %8.2f %10.1f %12.0f %10.1f\n", f, b / 1e6, s, b / 1e6 / s, p[2] / 1024, b / 1e3 / z }'
  done
}
measure alpaca alpaca/alpaca_data_en.json.gz
measure gsm8k gsm8k/train.jsonl.gz
cp "$data"/goemotions/original/*.txt "$work"
measure goemotions goemotions/original/train.tsv.gz
measure sentiment140 sentiment140/sentiment140_sample_20k.csv.gz
measure user_satisfaction user_satisfaction/MWOZ.txt.gz
measure convai2 convai2/export_2018-07-07_train.json.gz
measure hh_rlhf hh_rlhf/harmless-base/test.jsonl.gz
