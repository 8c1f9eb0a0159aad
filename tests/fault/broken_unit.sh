#!/bin/bash
# A loss or gradient that is not finite stops the run with exit 3 and names the unit, whose dump
# `arf inspect` works on again; on several ranks it is said once.
# usage: broken_unit.sh [path of arf]
set -u
arf=$(realpath "${1:-$(dirname "$0")/../../build/arf}") || exit 1
. "$(dirname "$0")/../end_to_end/small_world.sh"
failed=0
wrong() { failed=$((failed + 1)); echo "WRONG, $method: $*"; }

has_exit() { grep -qE '"exit": 3,?$' run/manifest.json; }
# all_nan FILE: its weights are.
all_nan() {
  local header
  header=$((8 + $(od -An -t u8 -N 8 "$1")))
  head -c $(($(stat -c %s "$1") - header)) /dev/zero | tr '\0' '\377' >nan
  head -c $header "$1" | cat - nan >broken && mv broken "$1"
}
cp -r base/model nan-model
all_nan nan-model/model.safetensors

for method in 'sft --model.path nan-model' 'dpo --model.path base/model --method.beta 1e300' \
  'ppo --model.path base/model --method.kl_coefficient 1e300' \
  'tracebias --model.path base/model --method.kl_coefficient 1e300'; do
  for ranks in 1 3; do
    rm -rf run
    # shellcheck disable=SC2086
    mpirun -np $ranks --bind-to none "$arf" train --corpus.path augmented --scorer.path scorer \
      --train.batch 8 --train.unit 2 --train.iterations 3 --generate.max_tokens 8 --report.samples 0 \
      --run.threads 1 --roles.learners 1 --output run --method.name $method >out 2>err
    code=$?
    [ $code = 3 ] || wrong "exit $code on $ranks ranks: $(cat err)"
    [ "$(grep -c 'arf: error' err)" = 1 ] && grep -q 'is not finite' err || wrong "not one sentence on $ranks ranks: $(cat err)"
    has_exit || wrong "no exit in the manifest on $ranks ranks"
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
method='a run without its manifest'
rm run/manifest.json
"$arf" inspect "$dump" >out 2>err && grep -q 'whether the run had this model is not known' err ||
  wrong "inspect: $(cat err)"

# A step that leaves weights that are not finite is not kept in a checkpoint.
method='a step of 1e300'
for ranks in 1 2; do
  rm -rf run
  mpirun -np $ranks --bind-to none "$arf" train --model.path base/model --corpus.path augmented \
    --scorer.path scorer --train.batch 8 --train.unit 2 --train.iterations 3 --train.clip 0 \
    --train.learning_rate 1e300 --generate.max_tokens 8 --report.samples 0 --run.threads 1 --output run >out 2>err
  [ $? = 3 ] && grep -q 'leaves weights that are not finite' err || wrong "taken on $ranks ranks: $(cat err)"
  has_exit || wrong "no exit in the manifest on $ranks ranks"
  [ ! -e run/checkpoints/step-000000001 ] || wrong "a checkpoint of them on $ranks ranks"
done

# The reason is said where the unit cannot be kept, too.
method='no place for a unit'
rm -rf run
broken() {
  "$arf" train --model.path nan-model --corpus.path augmented --method.name sft --train.batch 8 \
    --train.unit 2 --train.iterations 3 --report.samples 0 --run.threads 1 --output run
}
ARF_FAULT=kill:iteration=0,phase=learn broken >out 2>err
touch run/broken
broken >out 2>err
[ $? = 3 ] && grep -q 'gradient of unit 0 is not finite.*could not be kept' err || wrong "$(cat err)"

# Rewards of a scorer whose weights are all NaN.
all_nan "$(find scorer -name '*.safetensors' | head -n 1)"
method='tracebias with a broken scorer'
for ranks in 1 3; do
  rm -rf run
  mpirun -np $ranks --bind-to none "$arf" train --model.path base/model --corpus.path augmented \
    --scorer.path scorer --train.batch 8 --train.unit 2 --train.iterations 3 --generate.max_tokens 8 \
    --report.samples 0 --run.threads 1 --roles.learners 1 --output run >out 2>err
  code=$?
  [ $code = 3 ] || wrong "exit $code on $ranks ranks: $(cat err)"
  [ "$(grep -c 'arf: error' err)" = 1 ] && grep -q 'the reward of turn [0-9]* is not finite' err ||
    wrong "not one sentence on $ranks ranks: $(cat err)"
  "$arf" inspect run/broken/* >out 2>err || wrong "inspect: $(cat err)"
  grep -q '^    reward  *null' out || wrong "inspect shows no broken reward: $(cat out)"
done
[ $failed = 0 ] && echo "10 broken runs, each kept its unit"
[ $failed = 0 ]
