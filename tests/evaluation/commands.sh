#!/bin/bash
# `arf simulate` and `arf evaluate` as a user runs them: files, tables, refusals, exit codes.
#   commands.sh ARF SOURCE_FOLDER
set -uo pipefail
arf=$1 source=$2
. "$(dirname "$0")/../commands.sh"
cd "$work" || exit 1
exec </dev/null
digest() { sed -n 's/^digest *//p' out; }

# simulate: a seed is a corpus, whatever the number of rows or of threads.
expect 0 '' "$arf" simulate --simulate.dialogues 200 --output corpus
first=$(digest)
expect 0 '' "$arf" simulate --simulate.dialogues 200 --run.threads 2 --output again
[ "$(digest)" = "$first" ] || fail 'the same seed gave another corpus'
expect 0 '' "$arf" simulate --simulate.dialogues 200 --run.seed 2 --output held_out
[ "$(digest)" != "$first" ] || fail 'another seed gave the same corpus'
expect 0 '' "$arf" simulate --simulate.dialogues 3 --output few --json
grep -q '"rows":3,.*"true_satisfaction":-*0\.' out || fail "$(cat out)"
expect 2 'holds something already' "$arf" simulate --simulate.dialogues 3 --output corpus
expect 2 'simulate.dialogues 0' "$arf" simulate --simulate.dialogues 0 --output none
expect 2 'output' "$arf" simulate --simulate.dialogues 3
[ ! -e none ] || fail 'a refused simulation left a folder'

# A little of everything that an evaluation needs.
mkdir encoder
sed 's/"vocab_size": 4096/"vocab_size": 512/; s/"hidden_size": 256/"hidden_size": 32/
     s/"intermediate_size": 1024/"intermediate_size": 32/; s/"num_hidden_layers": 4/"num_hidden_layers": 1/' \
  "$source/configs/models/roberta-mini/config.json" >encoder/config.json
expect 0 '' "$arf" fit-tokenizer --corpus.path corpus --tokenizer.vocabulary 500 --output tokenizer
expect 0 '' "$arf" fit-scorer --corpus.path corpus --scorer.encoder encoder \
  --scorer.random_weights true --scorer.tokenizer tokenizer --train.iterations 20 --output scorer
expect 0 '' "$arf" train --model.path "$source/configs/models/qwen2-tiny" \
  --model.random_weights true --model.tokenizer tokenizer --corpus.path corpus --method.name sft \
  --lora.rank 0 --train.iterations 3 --train.batch 8 --output base
for name in sft other; do
  expect 0 '' "$arf" train --model.path base/model --corpus.path corpus --method.name sft \
    --train.iterations 2 --train.batch 8 --train.learning_rate 0.02 --run.seed ${#name} --output $name
done

common=(--model.path base/model --scorer.path scorer --corpus.path held_out --evaluate.prompts 9
  --generate.max_tokens 8 --evaluate.resamples 50)
expect 0 'evaluate' "$arf" evaluate "${common[@]}" --evaluate.adapters sft late=other/adapter \
  --output one --run.threads 1
cp out one.txt
for file in config.ini manifest.json evaluation.json evaluation.csv replies.jsonl report.html; do
  [ -s "one/$file" ] || fail "one/$file is missing"
done
grep -q 'learning_rate = 0.001' base/config.ini || fail 'all weights do not learn at 1e-3 by default'
expect 3 'fits its context of 3 tokens' "$arf" evaluate "${common[@]}" --evaluate.adapters sft \
  --generate.max_context 3 --output none
[ ! -e none ] || fail 'an evaluation without a prompt left a folder'
expect 2 'max_context is -1' "$arf" evaluate "${common[@]}" --evaluate.adapters sft \
  --generate.max_context -1 --output none
expect 2 'before = is empty' "$arf" evaluate "${common[@]}" --evaluate.adapters =sft --output none
grep -q '^method .*true ratio to sft' one.txt || fail "no table: $(cat one.txt)"
for method in base sft late; do
  grep -q "^$method  *-*0\." one.txt || fail "no row of $method: $(cat one.txt)"
done
grep -q '^9 prompts of ' one.txt || fail "not 9 prompts: $(cat one.txt)"
[ "$(wc -l <one/replies.jsonl)" = 27 ] || fail "$(wc -l <one/replies.jsonl) replies, not 27"
[ "$(wc -l <one/evaluation.csv)" = 4 ] || fail 'evaluation.csv has not a row per method'
grep -q '"true_satisfaction"' one/replies.jsonl || fail 'the users preference is not known'
for key in '"finished": true' '"digest": "[0-9a-f]{64}"' '"scorer": "[0-9a-f]{64}"' \
  '"model": "[0-9a-f]{64}"' '"late": "[0-9a-f]{64}"'; do
  grep -qE "$key" one/manifest.json || fail "manifest.json lacks $key"
done

# Threads do not matter; the configuration that is left reproduces the run.
expect 0 '' "$arf" evaluate "${common[@]}" --evaluate.adapters sft late=other/adapter --output two \
  --run.threads 2
cmp -s one/replies.jsonl two/replies.jsonl || fail 'two threads gave other replies'
expect 0 '' "$arf" evaluate --config one/config.ini --output three
cmp -s one/replies.jsonl three/replies.jsonl || fail 'config.ini gave other replies'
expect 0 '' "$arf" evaluate "${common[@]}" --evaluate.adapters sft other --evaluate.base false \
  --evaluate.baseline other --output four --json
grep -q '^{"format":"arf-evaluation".*"baseline":"other"' out || fail "no JSON: $(head -c 300 out)"
grep -q '"name":"base"' out && fail 'the base was compared though it was not wanted'

# What is wrong shows before work begins, and leaves nothing behind.
cp -r sft broken && head -c 100 sft/adapter/adapter_model.safetensors >broken/adapter/adapter_model.safetensors
refuse() { expect "$1" "$2" "$arf" evaluate "${common[@]}" --output five "${@:3}"
  [ ! -e five ] || { fail "left behind by: $*"; rm -rf five; }; }
refuse 3 'adapter_model.safetensors' --evaluate.adapters sft broken
refuse 2 'nowhere' --evaluate.adapters nowhere
refuse 2 'NAME=DIR' --evaluate.adapters sft sft/adapter
refuse 2 'evaluate.baseline' --evaluate.adapters sft --evaluate.baseline ppo
refuse 2 'nothing to evaluate' --evaluate.base false
refuse 2 'temperature' --evaluate.adapters sft --generate.temperature -1
refuse 2 'evaluate.adapters' --evaluate.adapter sft
sed 's/--evaluate.prompts 9/--evaluate.prompts 0/' <<<"${common[*]}" >words
read -ra common <words
refuse 2 'evaluate.prompts' --evaluate.adapters sft
expect 2 'finished' "$arf" evaluate --config one/config.ini --output one

finish
