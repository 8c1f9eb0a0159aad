#!/bin/bash
# The whole method on this machine, without any download of models or data: installs what is
# missing, builds, simulates users with a known taste, trains, and compares the methods.
#
#   launch/quickstart.sh [DIR]     leaves everything in DIR (default runs/quickstart); called again,
#                                  it goes on where it was stopped
set -eu
source "$(dirname "${BASH_SOURCE[0]}")/setup.sh"
source "$arf_source/launch/steps.sh"
set_up cpu
build_arf cpu
arf=$arf_source/build/arf
configs=$arf_source/configs/experiments/quickstart
out=${1:-$arf_source/runs/quickstart}
mkdir -p "$out"
out=$(cd "$out" && pwd)
started=$SECONDS

train_method() {  # train_method NAME SENTENCE
  step "$1" "$2" train_on_two_ranks --config "$configs/$1.ini" --config "$configs/policy.ini" \
    --model.path "$out/base/model" --corpus.path "$out/augmented" --scorer.path "$out/reward"
}

step dialogues "users with a known taste talk to a mediocre assistant" \
  "$arf" simulate --simulate.dialogues 6000 --run.seed 1
step held_out "other dialogues of the same users, for the evaluation" \
  "$arf" simulate --simulate.dialogues 400 --run.seed 2
step tokenizer "a byte-level BPE" \
  "$arf" fit-tokenizer --corpus.path "$out/dialogues" --tokenizer.vocabulary 1500
step base "a small decoder learns to talk, from random weights" \
  "$arf" train --config "$configs/base.ini" --model.path "$arf_source/configs/models/qwen2-tiny" \
  --model.tokenizer "$out/tokenizer" --corpus.path "$out/dialogues"
step scorer "the static scorer learns what users' messages express" \
  "$arf" fit-scorer --config "$configs/scorer.ini" \
  --scorer.encoder "$arf_source/configs/models/roberta-tiny" --scorer.tokenizer "$out/tokenizer" \
  --corpus.path "$out/dialogues"
step labelled "each reply gets the satisfaction that the next message expresses" \
  "$arf" label --corpus.path "$out/dialogues" --scorer.path "$out/scorer"
step reward "the ARF scorer learns from the labels what users like in a reply" \
  "$arf" track --config "$configs/reward.ini" --corpus.path "$out/labelled" --scorer.path "$out/scorer"
step augmented "synonyms, truncated traces, preference pairs" \
  "$arf" augment --config "$configs/augment.ini" --corpus.path "$out/reward/corpus" \
  --scorer.path "$out/reward" --static_scorer.path "$out/scorer"
train_method sft "SFT, the base of the comparison"
train_method dpo "DPO on the pairs"
train_method ppo "PPO on the ARF scorer's rewards"
train_method tracebias "TraceBias on the ARF scorer's rewards"
step evaluation "the same held-out prompts for all, one frozen scorer, the users' true taste" \
  "$arf" evaluate --config "$configs/evaluation.ini" --model.path "$out/base/model" \
  --scorer.path "$out/reward" --corpus.path "$out/held_out" \
  --evaluate.adapters "$out/sft" "$out/dpo" "$out/ppo" "$out/tracebias"

# lower_bound METHOD: of the 95 % interval of its true satisfaction's ratio to SFT.
lower_bound() {
  awk -F, -v method="$1" '
    NR == 1 { for (i = 1; i <= NF; ++i) if ($i == "true_ratio_low") column = i }
    $1 == method { print $column }' "$out/evaluation/evaluation.csv"
}
printf '\n%d s after the build. The report: %s\n' $((SECONDS - started)) "$out/evaluation/report.html" >&2
awk -v low="$(lower_bound tracebias)" 'BEGIN { exit !(low > 1) }' || {
  echo "TraceBias did not raise the true satisfaction over SFT by more than the interval" >&2
  exit 1
}
