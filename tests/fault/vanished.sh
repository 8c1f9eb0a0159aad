#!/bin/bash
# A run whose directory or lock is moved away or removed in mid-run ends with exit 4 and one sentence, and makes
# none in its place; moved back, it goes on to the digest of an undisturbed run.
# usage: vanished.sh [path of arf]
set -u
arf=$(realpath "${1:-$(dirname "$0")/../../build/arf}") || exit 1
. "$(dirname "$0")/../end_to_end/small_world.sh"
failed=0
wrong() { failed=$((failed + 1)); echo "WRONG, $command: $*"; }
digest() { "$arf" inspect "$1" --json | sed -n 's/.*"digest": *"\([0-9a-f]*\)".*/\1/p' | head -n 1; }
train() {
  "$arf" train --model.path base/model --corpus.path augmented --scorer.path scorer --train.batch 4 \
    --train.unit 2 --train.iterations 6 --train.checkpoint_every 2 --generate.max_tokens 6 \
    --report.samples 0 --run.threads 1 --output "$1"
}
track() {
  "$arf" track --corpus.path labelled --scorer.path scorer --track.batch 40 --track.rescore_every 100 \
    --track.checkpoint_every 2 --train.learning_rate 0.001 --run.threads 1 --output "$1"
}
lines() { [ -e "$1/metrics.jsonl" ] && [ "$(wc -l <"$1/metrics.jsonl")" -ge "$2" ]; }

for command in train track; do
  quietly $command plain-$command
  for change in 'mv run gone' 'rm -rf run' 'rm run/.lock'; do
    rm -rf run gone
    ARF_FAULT=slow:phase=learn,ms=300 $command run >out 2>err &
    job=$!
    until lines run 3 || ! kill -0 $job 2>/dev/null; do sleep 0.02; done
    $change || $change || wrong "$change"  # a file may be made while they are removed
    wait $job
    code=$?
    [ $code = 4 ] || wrong "exit $code after $change: $(cat err)"
    [ "$(grep -c 'arf: error' err)" = 1 ] || wrong "not one sentence after $change: $(cat err)"
    grep -qE 'was removed, moved away or replaced|was removed or changed' err || wrong "$change: $(cat err)"
    if [ "$change" = 'rm run/.lock' ]; then
      grep -q 'run/.lock: was removed' err || wrong "$change: $(cat err)"
    else
      [ ! -e run ] || wrong "made again after $change: $(ls -A run)"
    fi
    [ -e gone ] && mv gone run
    quietly $command run
    [ "$(digest run)" = "$(digest plain-$command)" ] || wrong "another digest after $change"
  done
done
[ $failed = 0 ] && echo "directories and locks that vanished: 6, each noticed"
[ $failed = 0 ]
