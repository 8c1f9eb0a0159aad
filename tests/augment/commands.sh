#!/bin/bash
# `arf augment` as a user runs it: digests over threads, refusals, exit codes, nothing half-written.
#   commands.sh ARF
set -uo pipefail
arf=$1
. "$(dirname "$0")/../commands.sh"
cd "$work" || exit 1
exec </dev/null
digest() { sed -n 's/.*"digest":"\([0-9a-f]*\)".*/\1/p' "$work/out"; }
value() { sed -n "s/.*\"$1\":\([0-9]*\).*/\1/p" "$work/out"; }

expect 0 '' "$arf" simulate --simulate.dialogues 40 --output corpus
expect 0 '' "$arf" fit-tokenizer --corpus.path corpus --tokenizer.vocabulary 400 --output tokenizer
expect 0 '' "$arf" fit-scorer --corpus.path corpus --scorer.tokenizer tokenizer \
  --train.iterations 2 --output scorer
both=(--corpus.path corpus --scorer.path scorer --static_scorer.path scorer)

expect 0 '' "$arf" augment "${both[@]}" --run.threads 1 --json --output one
one=$(digest)
[ "$(value synonym)" -gt 15 ] || fail "few variants: $(cat out)"
[ "$(value truncate)" -gt 20 ] || fail "few cut traces: $(cat out)"
[ "$(value pairs)" -gt 5 ] || fail "few pairs: $(cat out)"
expect 0 '' "$arf" augment "${both[@]}" --run.threads 2 --json --output two
[ -n "$one" ] && [ "$(digest)" = "$one" ] || fail "two threads gave another digest"
expect 0 '' "$arf" augment --config one/config.ini --json --output from_config
[ "$(digest)" = "$one" ] || fail "config.ini gave another digest"
expect 0 '' "$arf" simulate --config corpus/config.ini --json --output simulated_again
cmp -s corpus/index.json simulated_again/index.json || fail "config.ini gave another corpus"
expect 2 'run.resume' "$arf" augment "${both[@]}" --run.resume never --output x
expect 0 '' "$arf" inspect one --json
[ "$(grep -o '"digest": *"[0-9a-f]*"' out | head -n1 | grep -o '[0-9a-f]\{64\}')" = "$one" ] ||
  fail "inspect prints another digest"

expect 0 'outside of the 4 to 8' "$arf" augment --corpus.path corpus --augment.pairs false \
  --augment.s_sig 16 --json --output unscored
unscored=$(digest)
expect 0 '' "$arf" augment --corpus.path corpus --augment.pairs false --run.seed 2 --json --output other
[ "$(digest)" != "$unscored" ] || fail "another seed gave the same digest"
expect 2 'holds something' "$arf" augment "${both[@]}" --output one
expect 2 's_sig is 0' "$arf" augment "${both[@]}" --augment.s_sig 0 --output x
expect 2 '--scorer.path' "$arf" augment --corpus.path corpus --output x
expect 2 'synonym_share' "$arf" augment "${both[@]}" --augment.synonym_share 2 --output x
expect 2 'min_gap' "$arf" augment "${both[@]}" --augment.min_gap -1 --output x
expect 4 'wordnet-base' "$arf" augment "${both[@]}" --augment.wordnet nowhere --output x
expect 3 'nowhere' "$arf" augment --corpus.path nowhere --scorer.path scorer --output x
expect 3 'nowhere' "$arf" augment --corpus.path corpus --scorer.path nowhere --output x

# Answers without a follow-up or a satisfaction: nothing to score from.
echo '{"question":"What is 2 + 2?","answer":"He bought a car. #### 4"}' >plain.jsonl
expect 0 '' "$arf" import --import.format gsm8k --import.input plain.jsonl --output plain
expect 3 'arf label' "$arf" augment --corpus.path plain --scorer.path scorer --output x
[ -z "$(find . -maxdepth 1 -name 'x*')" ] || fail "a refused run left $(ls -d x*)"

finish
