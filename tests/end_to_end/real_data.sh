#!/bin/bash
# The method end to end on public data (../shared/data beside the project): a static scorer from
# Emotion3's four sources, a decoder pretrained from random weights on four tasks, the ARF scorer,
# and every method trained on two ranks and compared on held-out prompts. Some 60 minutes on two
# cores; called again, it goes on where it was stopped.
#
#   tests/end_to_end/real_data.sh [DIR]             leaves everything in DIR (default runs/real_data)
#   tests/end_to_end/real_data.sh --brief [DIR]     the same steps on little data, a few iterations
#                         each: shows that they work, not what they reach; begins afresh every time
#
# Environment: ARF  the program (default build/arf, which has to be built)
set -eu
source "$(dirname "${BASH_SOURCE[0]}")/../../launch/setup.sh"
source "$arf_source/launch/steps.sh"
brief=
[ "${1:-}" != --brief ] || { brief=yes; shift; }
case ${1:-} in -*) echo "real_data.sh: $1 is no option; there is --brief" >&2; exit 2 ;; esac
out=${1:-$arf_source/runs/real_data${brief:+_brief}}
data=$arf_source/../shared/data
if [ ! -d "$data" ]; then
  echo "real_data.sh: $data is not there; nothing was checked" >&2
  exit 0
fi
arf=${ARF:-$arf_source/build/arf}
configs=$arf_source/configs/experiments/real_data
if [ ! -x "$arf" ]; then echo "real_data.sh: $arf is not there; build it first (launch/setup.sh)" >&2; exit 2; fi
# Only what an earlier brief run made is removed.
if [ -n "$brief" ] && [ -e "$out/brief" ]; then rm -rf "$out"; fi
mkdir -p "$out"
[ -z "$brief" ] || touch "$out/brief"
out=$(cd "$out" && pwd)
started=$SECONDS

# Keys of --brief, which win over the files' since the command line does.
few() { [ -z "$brief" ] || echo "--train.iterations $1"; }
limit=$([ -z "$brief" ] || echo "--import.limit 30")

import() {  # import NAME FORMAT FILES... -- KEYS...
  local name=$1 format=$2 files=()
  shift 2
  while [ $# -gt 0 ] && [ "$1" != -- ]; do files+=("$data/$1"); shift; done
  shift || true
  step "$name" "import $format" "$arf" import --import.format "$format" \
    --import.input "${files[@]}" ${limit:-} "$@"
}

# Emotion3: four sources, three classes of satisfaction.
import emotion/goemotions goemotions goemotions/original/train.tsv.gz
import emotion/isear isear isear/isear.csv.gz
# Six dialogues of the second file do not fit their labels: they are counted and left out.
import emotion/dailydialog dailydialog dailydialog/validation/dialogues.txt.gz \
  dailydialog/xdailydialog_1k/dialogues_text_En.txt.gz -- --import.utterances true \
  --import.on_error skip
limit=${limit:---import.limit 15000}
import emotion/sentiment140 sentiment140 sentiment140/sentiment140_sample_20k.csv.gz
limit=$([ -z "$brief" ] || echo "--import.limit 30")
emotion3=("$out"/emotion/{goemotions,isear,dailydialog,sentiment140})

# The tasks, each with held-out rows that nothing is trained on.
for side in train test; do
  import $side/gsm8k gsm8k gsm8k/train.jsonl.gz -- --import.split $side
  import $side/strategyqa strategyqa strategyqa/train.json.gz -- --import.split $side
  import $side/topical_chat topical_chat topical_chat/valid_freq.json.gz \
    topical_chat/valid_rare.json.gz -- --import.split $side
  import $side/alpaca alpaca alpaca/alpagasus_random_9k.json.gz -- --import.split $side
done
tasks=(gsm8k strategyqa topical_chat alpaca)
# Part of the training rows, for what scores every reply several times.
limit=${limit:---import.limit 800}
import part/gsm8k gsm8k gsm8k/train.jsonl.gz -- --import.split train
import part/strategyqa strategyqa strategyqa/train.json.gz -- --import.split train
import part/alpaca alpaca alpaca/alpagasus_random_9k.json.gz -- --import.split train

step tokenizer "a byte-level BPE of the tasks' text" "$arf" fit-tokenizer \
  --corpus.path "${tasks[@]/#/$out/train/}" --tokenizer.vocabulary 4096
step base "a decoder of 5.8 million parameters, from random weights" "$arf" train \
  --config "$configs/base.ini" --model.path "$arf_source/configs/models/qwen2-small" \
  --model.tokenizer "$out/tokenizer" --corpus.path "${tasks[@]/#/$out/train/}" $(few 3)
step scorer "the static scorer, RoBERTa-mini, on Emotion3" "$arf" fit-scorer \
  --config "$configs/scorer.ini" --scorer.encoder roberta-mini --scorer.tokenizer "$out/tokenizer" \
  --corpus.path "${emotion3[@]}" $(few 5)

# Only Topical-Chat has follow-ups: they are the feedback. What the ARF scorer learnt from them
# scores the stored replies of the other tasks.
step labelled/topical_chat "each reply gets what the next message expresses" "$arf" label \
  --corpus.path "$out/train/topical_chat" --scorer.path "$out/scorer"
step reward "the ARF scorer follows the feedback" "$arf" track --config "$configs/reward.ini" \
  --corpus.path "$out/labelled/topical_chat" --scorer.path "$out/scorer" \
  --track.replay_corpus "${emotion3[@]}"
for task in gsm8k strategyqa alpaca; do
  step labelled/$task "the ARF scorer's opinion of the stored replies" "$arf" label \
    --label.from response --corpus.path "$out/part/$task" --scorer.path "$out/reward"
done
for task in "${tasks[@]}"; do
  scored=$out/labelled/$task
  [ $task != topical_chat ] || scored=$out/reward/corpus  # met again by the ARF scorer (eq. 13, 14)
  step augmented/$task "synonyms, truncated traces, preference pairs" "$arf" augment \
    --config "$configs/augment.ini" --corpus.path "$scored" \
    --scorer.path "$out/reward" --static_scorer.path "$out/scorer"
done

train_method() {  # train_method NAME METHOD KEYS...
  local name=$1 method=$2
  shift 2
  step "$name" "$method $*" train_on_two_ranks --roles.learners 1 --roles.generators 1 \
    --roles.scorers 1 --config "$configs/$method.ini" \
    --config "$configs/policy.ini" --model.path "$out/base/model" \
    --corpus.path "${tasks[@]/#/$out/augmented/}" --scorer.path "$out/reward" $(few 2) \
    $([ -z "$brief" ] || echo "--generate.max_tokens 12") "$@"
}
train_method sft sft
train_method dpo dpo
train_method ppo ppo
for variant in generated teacher_forced literal; do
  train_method tracebias_$variant tracebias --method.variant $variant
done
step evaluation "held-out prompts of all tasks, one frozen scorer" "$arf" evaluate \
  --config "$configs/evaluation.ini" --model.path "$out/base/model" --scorer.path "$out/reward" \
  --corpus.path "${tasks[@]/#/$out/test/}" \
  --evaluate.adapters "$out"/{sft,dpo,ppo,tracebias_generated,tracebias_teacher_forced,tracebias_literal} \
  $([ -z "$brief" ] || echo "--evaluate.prompts 8")
printf '\n%d s. The report: %s\n' $((SECONDS - started)) "$out/evaluation/report.html" >&2
