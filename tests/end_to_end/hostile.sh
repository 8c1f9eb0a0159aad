#!/bin/bash
# What strangers wrote stays text: markup in a report, control characters on a terminal; names and
# links lead nowhere outside.
# usage: hostile.sh [path of arf]
set -u
arf=$(realpath "${1:-$(dirname "$0")/../../build/arf}") || exit 1
. "$(dirname "$0")/small_world.sh"
failed=0
wrong() { failed=$((failed + 1)); echo "WRONG: $*"; }

for i in $(seq 40); do
  printf '{"messages":[{"role":"user","content":"<script>alert(%d)</script> \\u001b]0;title\\u0007 \\u001b[31m \\u009b1m"},{"role":"assistant","content":"</td></details><img src=x onerror=alert(%d)> \\u009b2J"}]}\n' $i $i
done >dialogues.jsonl
quietly "$arf" import --import.format messages --import.input dialogues.jsonl --output '<b>hostile'
quietly "$arf" train --model.path base/model --corpus.path '<b>hostile' --method.name sft --train.batch 4 \
  --train.iterations 2 --generate.max_tokens 8 --report.samples 3 --output '<i>run'
quietly "$arf" evaluate --model.path base/model --corpus.path '<b>hostile' --scorer.path scorer \
  --evaluate.prompts 4 --evaluate.adapters '<i>run' --generate.max_tokens 8 --output '<u>evaluation'
for report in '<i>run/report.html' '<u>evaluation/report.html'; do
  grep -qF '&lt;script&gt;alert(' "$report" || wrong "$report shows no prompt"
  ! grep -qE '<script>alert|<img|<b>hostile|<i>run' "$report" || wrong "$report: $(grep -oE '.{20}(<script>alert|<img|<b>hostile|<i>run)' "$report" | head -n 1)"
  ! LC_ALL=C grep -qP '[\x00-\x08\x0b-\x1f\x7f]|\xc2[\x80-\x9f]' "$report" || wrong "$report holds control characters"
done

# On a terminal, and piped, where somebody may look at it with `cat`.
controls() { LC_ALL=C grep -cP '\x1b|\x07|\xc2\x9b' "$1"; }
"$arf" inspect '<b>hostile' >out 2>err || wrong "inspect: $(cat err)"
[ "$(controls out)" = 0 ] || wrong "inspect writes control characters"
grep -q 'script' out || wrong "inspect shows no row"
SHELL=/bin/sh script -qec "'$arf' generate --model.path base/model --prompt 'a $(printf '\033')[31m' --generate.max_tokens 4" /dev/null >out </dev/null
[ "$(LC_ALL=C grep -c "$(printf '\033')\[31m" out)" = 0 ] || wrong "generate gives a prompt's control characters back"

red="$(printf '\033')[31m"
quietly "$arf" train --model.path base/model --corpus.path '<b>hostile' --method.name sft --train.batch 4 \
  --train.iterations 1 --report.samples 0 --output "run $red"
[ "$(controls log.txt)" = 0 ] || wrong "train writes control characters of its folder's name"
quietly "$arf" track --corpus.path labelled --scorer.path scorer --output "track $red"
[ "$(controls log.txt)" = 0 ] || wrong "track writes control characters of its folder's name"

# A shard's name, a tensor file's name and a run's folders that lead outside.
cp -r augmented crafted
sed -i 's|"shard-00000.h5"|"../augmented/shard-00000.h5"|' crafted/index.json
"$arf" inspect crafted >out 2>err
[ $? = 3 ] || wrong "a shard outside its corpus is opened: $(cat out err)"
cp -r base/model sharded
mv sharded/model.safetensors weights.safetensors
echo '{"weight_map":{"model.norm.weight":"../weights.safetensors"}}' >sharded/model.safetensors.index.json
"$arf" inspect sharded >out 2>err
[ $? = 3 ] || wrong "weights outside their folder are opened: $(cat out err)"

# Texts that would take a time quadratic in them: a minute and more, where seconds of a processor do.
brief() { (ulimit -t 10; exec "$arf" "$@" >log.txt 2>&1) || wrong "$* took too long: $(tail -n 1 log.txt)"; }
repeated() { yes "$2" | head -n "$1" | tr -d '\n'; }
mkdir daily
{ repeated 100000 '__eou__'; printf 'a __eou__'; repeated 700000 ' '; echo; } >daily/dialogues_text.txt
{ repeated 100000 '0 '; echo 0; } >daily/dialogues_emotion.txt
brief import --import.format dailydialog --import.input daily/dialogues_text.txt --output dailydialog
{ printf '{"messages":['; repeated 20000 '{"role":"user","content":"a b"},{"role":"assistant","content":"c d"},'
  echo '{"role":"user","content":"e"},{"role":"assistant","content":"f"}]}'; } >turns.jsonl
quietly "$arf" import --import.format messages --import.input turns.jsonl --output turns
brief train --model.path base/model --corpus.path turns --method.name sft --train.batch 1 --train.iterations 1 \
  --report.samples 0 --output turns_run
printf '{"messages":[{"role":"user","content":"a"},{"role":"assistant","content":"%s"}]}\n' \
  "$(repeated 300000 'quickly ')" >adverbs.jsonl
quietly "$arf" import --import.format messages --import.input adverbs.jsonl --output adverbs
quietly "$arf" label --corpus.path adverbs --scorer.path scorer --label.from response --output adverbs_labelled
brief augment --corpus.path adverbs_labelled --scorer.path scorer --static_scorer.path scorer \
  --augment.pairs false --output adverbs_augmented
{ printf '{"messages":['; repeated 200000 '{"role":"assistant","content":"c"},'
  echo '{"role":"user","content":"e"},{"role":"assistant","content":"f"}]}'; } >unasked.jsonl
quietly "$arf" import --import.format messages --import.input unasked.jsonl --output unasked
brief augment --corpus.path unasked --augment.pairs false --output unasked_augmented
printf '{"messages":[{"role":"user","content":"a%s%s"},{"role":"assistant","content":"b"}]}\n' \
  "$(repeated 100000 '\u0301')" "$(repeated 100000 '\u0323')" >marks.jsonl
quietly "$arf" import --import.format messages --import.input marks.jsonl --output marks
brief label --corpus.path marks --scorer.path scorer --label.from response --output marks_labelled
brief fit-tokenizer --corpus.path marks --tokenizer.vocabulary 300 --output marks_tokenizer
{ echo article,highlights; repeated 20000000 ','; echo; } >commas.csv
brief_code=0
(ulimit -t 10 -v 3000000; exec "$arf" import --import.format cnn_dailymail --import.input commas.csv \
  --output commas >log.txt 2>&1) || brief_code=$?
[ $brief_code = 3 ] && grep -q 'more than 1024 fields' log.txt || wrong "commas: exit $brief_code: $(tail -n 1 log.txt)"

# Memory that is short where a destructor needs some is exit 4 as elsewhere, and no abort.
mkdir wide
seq 1000 500000 | sed 's/.*/"token&":&,/' >tokens
sed '/"vocab": {$/r tokens' tokenizer/tokenizer.json >wide/tokenizer.json
for mb in 500 550 600 650 700 750; do
  code=0
  (ulimit -v $((mb * 1024)); exec "$arf" tokenize --model.path wide </dev/null >log.txt 2>&1) || code=$?
  [ $code = 4 ] || [ $code = 0 ] || wrong "$mb MB: exit $code: $(tail -n 1 log.txt)"
done

[ $failed = 0 ] && echo "nothing of it left its place"
[ $failed = 0 ]
