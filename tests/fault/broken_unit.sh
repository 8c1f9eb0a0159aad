#!/bin/bash
# A loss or gradient that is not finite stops the run with exit 3 and names the unit, whose dump
# `arf inspect` works on again; on several ranks it is said once.
# usage: broken_unit.sh [path of arf]
set -u
arf=$(realpath "${1:-$(dirname "$0")/../../build/arf}") || exit 1
. "$(dirname "$0")/../end_to_end/small_world.sh"
failed=0
wrong() { failed=$((failed + 1)); echo "WRONG, $method: $*"; }

# A step that throws the weights out of all bounds breaks the units of the next iteration; with a
# reference policy or sampling in between, whatever meets them first.
for method in sft dpo 'ppo --train.staleness 2' 'tracebias --train.staleness 2'; do
  for ranks in 1 2; do
    rm -rf run
    # shellcheck disable=SC2086
    mpirun -np $ranks --bind-to none "$arf" train --model.path base/model --corpus.path augmented \
      --scorer.path scorer --train.batch 8 --train.unit 2 --train.iterations 3 --train.clip 0 \
      --train.learning_rate 1e300 --generate.max_tokens 8 --report.samples 0 --run.threads 1 \
      --output run --method.name $method >out 2>err
    code=$?
    [ $code = 3 ] || wrong "exit $code on $ranks ranks: $(cat err)"
    [ "$(grep -c 'arf: error' err)" = 1 ] && grep -q 'is not finite' err || wrong "not one sentence on $ranks ranks: $(cat err)"
    [ "$(find run/broken -mindepth 1 -maxdepth 1 | wc -l)" = 1 ] || wrong "not one dump on $ranks ranks"
    dump=$(find run/broken -mindepth 1 -maxdepth 1 | head -n 1)
    [ -n "$dump" ] || { wrong "no dump on $ranks ranks: $(cat err)"; continue; }
    grep -qF "arf inspect run/${dump#run/}" err || wrong "the dump is not named: $(cat err)"
    "$arf" inspect "$dump" >out 2>err || wrong "inspect: $(cat err)"
    grep -q '^not finite ' out || wrong "inspect finds all finite: $(cat out)"
    "$arf" inspect "$dump" --json >out 2>err || wrong "inspect --json: $(cat err)"
    tr -d ' \n' <out | grep -q '"not_finite":{"' || wrong "inspect --json: $(cat out)"
  done
done
[ $failed = 0 ] && echo "8 broken runs, each kept its unit"
[ $failed = 0 ]
