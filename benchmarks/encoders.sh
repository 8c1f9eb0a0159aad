#!/bin/bash
# What a trained encoder is worth to the static scorer: MiniLM and roberta-mini with drawn weights,
# fitted on the same texts of GoEmotions at fit-scorer's defaults; what they reach on the texts held
# back, and the processor time of one core for fitting and for scoring all texts.
#   benchmarks/encoders.sh [ROWS]      default 6000; a quarter of an hour of two cores
# Takes MiniLM from where `launch/setup.sh --with-minilm` leaves it and GoEmotions from
# ../shared/data. Environment: ARF  the program (default build/arf)
set -euo pipefail
here=$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd)
arf=${ARF:-$here/build/arf} rows=${1:-6000}
source_file=$here/../shared/data/goemotions/original/train.tsv.gz
for file in "$arf" "$source_file"; do
  [ -e "$file" ] || { echo "encoders.sh: $file is not there" >&2; exit 2; }
done
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
TIMEFORMAT=%U

# seconds COMMAND...: its processor time; what it says goes to said, and is shown where it fails.
seconds() {
  { time "$@" >>"$work/said" 2>&1; } 2>"$work/time" || { cat "$work/said" >&2; return 1; }
  cat "$work/time"
}
score() { "$arf" score --scorer.path "$1" <"$work/lines" >"$work/scores"; }
# number NAME: the first number of that name in the scorer's manifest.
number() { sed -n "s/.*\"$1\": *\([0-9.e-]*\).*/\1/p" "$work/$encoder/manifest.json" | sed -n 1p; }

seconds "$arf" import --import.format goemotions --import.input "$source_file" \
  --import.limit "$rows" --output "$work/texts" >/dev/null
seconds "$arf" fit-tokenizer --corpus.path "$work/texts" --tokenizer.vocabulary 4096 \
  --output "$work/tokenizer" >/dev/null
zcat "$source_file" | cut -f 1 | sed -n "1,${rows}p" |
  sed 's/[\\"]/\\&/g; s/.*/{"text": "&"}/' >"$work/lines"

printf '%-13s %9s %9s %9s %12s %14s\n' encoder accuracy macro-F1 majority 'fit, core s' 'texts/s a core'
for encoder in minilm roberta-mini; do
  keys=(--scorer.encoder "$encoder")
  [ $encoder = minilm ] || keys+=(--scorer.tokenizer "$work/tokenizer")
  fit=$(seconds "$arf" fit-scorer "${keys[@]}" --corpus.path "$work/texts" --output "$work/$encoder")
  scored=$(seconds score "$work/$encoder")
  awk -v e="$encoder" -v a="$(number accuracy)" -v f="$(number macro_f1)" -v b="$(number majority)" \
    -v fit="$fit" -v scored="$scored" -v rows="$rows" 'BEGIN {
    printf "%-13s %8.1f%% %8.1f%% %8.1f%% %12.0f %14.0f\n", e, 100 * a, 100 * f, 100 * b, fit, rows / scored }'
done
