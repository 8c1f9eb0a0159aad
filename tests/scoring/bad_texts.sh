#!/bin/bash
# Texts that nobody expects: empty, of 100,000 characters, of emoji alone; labels that nobody knows.
#   bad_texts.sh ARF
set -uo pipefail
arf=$1
. "$(dirname "$0")/small_run.sh"

long=$(printf 'z%.0s' $(seq 100000))
spaced=$(printf 'so %.0s' $(seq 33334))
for i in $(seq 60); do
  case $((i % 3)) in
    0) echo "0,$i,now,none,me,\"$i 😀👍🏽❤️🇫🇷\"" ;;
    1) echo "2,$i,now,none,me,\"$i $long\"" ;;
    2) echo "4,$i,now,none,me,\"$i $spaced\"" ;;
  esac
done >"$work/strange.csv"
expect 0 '' "$arf" import --import.format sentiment140 --import.input "$work/strange.csv" \
  --output "$work/strange"
expect 0 '' "$arf" fit-scorer --corpus.path "$work/strange" "$work/corpus" \
  --scorer.encoder "$work/encoder" --scorer.random_weights true \
  --scorer.tokenizer "$work/tokenizer" --train.iterations 10 --output "$work/run"
grep -q 'sentiment140' "$work/out" || fail 'the source is not measured'
{
  echo '😀👍🏽❤️🇫🇷'
  echo "$long"
  echo '{"text":"'"$long"'"}'
  echo '{"prompt":"'"$spaced"'","response":"'"$long"'"}'
  echo '{"prompt":"","response":"🤷"}'
} >"$work/lines"
expect 0 '' "$arf" score --scorer.path "$work/run" <"$work/lines"
[ "$(grep -c '"reward":-\?[0-9.e-]*}$' "$work/out")" = 5 ] || fail "not a score a text: $(cat "$work/out")"
printf '{"text":""}\n' | expect 3 'stdin:1: holds no text' "$arf" score --scorer.path "$work/run"

# A label of no class is refused by its line, whatever the set.
for label in 3 good '' -1 0.0; do
  printf '4,1,now,none,me,fine\n%s,2,now,none,me,well\n' "$label" >"$work/bad.csv"
  expect 3 "bad.csv:2: target \`$label\` is none of 0, 2, 4" "$arf" import \
    --import.format sentiment140 --import.input "$work/bad.csv" --output "$work/x"
done
printf 'joy\nglee\n' >"$work/labels.txt"
printf 'well\t0\tid\n' >"$work/bad.tsv"
expect 3 'labels.txt:2: `glee` is no emotion of GoEmotions' "$arf" import \
  --import.format goemotions --import.input "$work/bad.tsv" --output "$work/x"
[ -e "$work/x" ] && fail 'a command that failed left something behind'

finish
