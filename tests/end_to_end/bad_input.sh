#!/bin/bash
# Bad input, end to end: what was tried, the one sentence that arf says, the exit code. Fails where
# a code or sentence is another, or where anything half-written is left. Needs no other data.
# usage: bad_input.sh [path of arf]
set -u
arf=${1:-$(dirname "$0")/../../build/arf}
arf=$(realpath "$arf") || exit 1
work=$(mktemp -d)
mounted=
trap '[ -z "$mounted" ] || umount "$mounted"; rm -rf "$work"' EXIT
cd "$work" || exit 1
tried=0 failed=0

row() { printf '%-34s | %-4s | %s\n' "$1" "$2" "$3"; }

# try WHAT EXIT WORDS COMMAND...: the command's output folder, if it makes one, is `out`.
try() {
  local what=$1 wanted=$2 words=$3 code sentence
  shift 3
  rm -rf out out.*
  "$@" >stdout.txt 2>stderr.txt </dev/null
  code=$?
  # A progress bar may stand before it; ours is the last line.
  sentence=$(tail -n 1 stderr.txt)
  row "$what" "$code" "${sentence#arf: error: }"
  tried=$((tried + 1))
  if [ "$code" != "$wanted" ]; then
    failed=$((failed + 1)); echo "  WRONG: exit $code, not $wanted"; cat stderr.txt
  elif ! grep -qF -- "$words" <<<"$sentence"; then
    failed=$((failed + 1)); echo "  WRONG: the sentence lacks: $words"
  elif compgen -G 'out*' >/dev/null; then
    failed=$((failed + 1)); echo "  WRONG: left behind:" out*
  fi
}

import() { "$arf" import --import.format "$1" --import.input "$2" --output out "${@:3}"; }

# A bit of byte $2 of file $1, turned over.
flip() {
  local byte
  byte=$(od -An -tu1 -j "$2" -N 1 "$1")
  printf "$(printf '\\x%02x' $((byte ^ 1)))" | dd of="$1" bs=1 seek="$2" conv=notrunc 2>/dev/null
}

# u64, little-endian
u64() { local i v=$1; for i in 1 2 3 4 5 6 7 8; do printf "$(printf '\\x%02x' $((v & 255)))"; v=$((v >> 8)); done; }

# A Qwen2 folder of one layer, hidden 8, vocabulary 64, all weights 0: $1
zero_model() {
  mkdir -p "$1"
  cat >"$1/config.json" <<'END'
{"architectures": ["Qwen2ForCausalLM"], "model_type": "qwen2", "vocab_size": 64, "hidden_size": 8,
 "intermediate_size": 16, "num_hidden_layers": 1, "num_attention_heads": 2,
 "num_key_value_heads": 1, "max_position_embeddings": 32, "tie_word_embeddings": true}
END
  local at=0 header= name shape count dimension layer=model.layers.0
  while read -r name shape; do
    count=4
    for dimension in ${shape//,/ }; do count=$((count * dimension)); done
    header+="${header:+,}\"$name\":{\"dtype\":\"F32\",\"shape\":[$shape],\"data_offsets\":[$at,$((at + count))]}"
    at=$((at + count))
  done <<END
model.embed_tokens.weight 64,8
$layer.input_layernorm.weight 8
$layer.mlp.down_proj.weight 8,16
$layer.mlp.gate_proj.weight 16,8
$layer.mlp.up_proj.weight 16,8
$layer.post_attention_layernorm.weight 8
$layer.self_attn.k_proj.bias 4
$layer.self_attn.k_proj.weight 4,8
$layer.self_attn.o_proj.weight 8,8
$layer.self_attn.q_proj.bias 8
$layer.self_attn.q_proj.weight 8,8
$layer.self_attn.v_proj.bias 4
$layer.self_attn.v_proj.weight 4,8
model.norm.weight 8
END
  header="{$header}"
  { u64 ${#header}; printf '%s' "$header"; head -c "$at" /dev/zero; } >"$1/model.safetensors"
}

for i in $(seq 3000); do
  echo "{\"question\": \"How much is $i and $((i * 7919 % 1009))?\", \"answer\": \"$((i + i * 7919 % 1009))\"}"
done >good.jsonl
row "what was tried" exit "what arf said"
row "----------------------------------" ---- "------------------------------------"

gzip -c good.jsonl >whole.gz
head -c $(($(stat -c %s whole.gz) / 2)) whole.gz >cut.jsonl.gz
try "a truncated gzip" 3 "cut.jsonl.gz: the gzip stream ends early after" import gsm8k cut.jsonl.gz
{ head -n 9 good.jsonl; printf '{"question": "caf\xe9", "answer": "1"}\n'; } >latin1.jsonl
try "invalid UTF-8" 3 "latin1.jsonl:10: " import gsm8k latin1.jsonl
{ head -n 4 good.jsonl; echo '{"question": "and?"}'; } >missing.jsonl
try "a missing field" 3 'missing.jsonl:5: field `answer` is missing' import gsm8k missing.jsonl
{ head -n 2 good.jsonl; echo '{"question": "and?", '; } >half.jsonl
try "a line of half a JSON object" 3 "half.jsonl:3: is not valid JSON" import gsm8k half.jsonl
: >empty.jsonl
try "an empty input" 3 "no rows were imported" import gsm8k empty.jsonl
try "every record skipped" 3 "no rows were imported (5 records, 5 skipped)" \
  import alpaca missing.jsonl --import.on_error skip
try "an input that is not there" 3 "nowhere.jsonl: there is no such file" import gsm8k nowhere.jsonl
{ printf '{"question": "'; head -c 17000000 /dev/zero | tr '\0' a; echo '", "answer": "1"}'; } >long.jsonl
try "a text of 17 MB" 3 "long.jsonl:1: a turn's text has 17000000 bytes" import gsm8k long.jsonl
printf 'USER\tHi\t\t3,4\nSYSTEM\tHo\t\t\nUSER\tSo\t\t3,7\n' >rated.txt
try "a rating out of range" 3 'rated.txt:3: ratings `3,7` are not numbers from 1 to 5' \
  import user_satisfaction rated.txt
echo '{"conversations": [{"from": "human", "value": "Hi"}, {"from": "alien", "value": "Ho"}]}' >alien.jsonl
try "an unknown speaker" 3 'alien.jsonl:1: role `alien` is none of' import sharegpt alien.jsonl
try "a chat that is no transcript" 3 'alien.jsonl:1: field `chosen` is missing' import hh_rlhf alien.jsonl
try "a chat that is no dialogue with a bot" 3 'alien.jsonl:1: field `dialog` is missing' import convai2 alien.jsonl
try "ratings that a format has not" 2 'which sharegpt has not; it takes none' \
  import sharegpt alien.jsonl --import.ratings turn
try "an unknown import format" 2 "it takes one of messages, alpaca" import csv good.jsonl

if ! "$arf" import --import.format gsm8k --import.input good.jsonl --output corpus >/dev/null 2>stderr.txt; then
  echo "WRONG: the good file is not imported"; cat stderr.txt; exit 1
fi
before=$(cat corpus/* | cksum)
try "an output that holds a corpus" 2 "corpus: holds something already" \
  "$arf" import --import.format gsm8k --import.input good.jsonl --output corpus
if [ "$before" != "$(cat corpus/* | cksum)" ]; then failed=$((failed + 1)); echo "  WRONG: the corpus was changed"; fi
cp -r corpus flipped
flip flipped/shard-00000.h5 20000
try "a shard with a flipped bit" 3 "flipped/shard-00000.h5: is damaged" "$arf" inspect flipped
cp -r corpus short
truncate -s 5000 short/shard-00000.h5
try "a shard cut short" 3 "short/shard-00000.h5: has 5000 bytes where index.json says" "$arf" inspect short
cp -r corpus lying
sed -i 's/"rows": 3000/"rows": 3001/' lying/index.json
try "an index that lies" 3 "lying/shard-00000.h5: has 3000 rows" "$arf" inspect lying
mkdir nothing
try "a folder that is nothing of ours" 3 "nothing: is none of corpus, run" "$arf" inspect nothing

# A disk of 64 kB where one may be mounted; otherwise a limit on the size of files, which fails a
# write in the same place.
mkdir disk
if [ "$(id -u)" = 0 ] && mount -t tmpfs -o size=64k tmpfs disk 2>/dev/null; then
  mounted=$work/disk
  full() { "$arf" import --import.format gsm8k --import.input good.jsonl --output disk/out; }
else
  full() { (ulimit -f 8; exec "$arf" import --import.format gsm8k --import.input good.jsonl --output disk/out); }
fi
[ -z "$mounted" ] || try "an output that is a mounted disk" 2 "where a file system is mounted" \
  "$arf" import --import.format gsm8k --import.input good.jsonl --output disk
try "a full disk" 4 "free some space or name another directory" full
if [ -n "$(ls -A disk)" ]; then failed=$((failed + 1)); echo "  WRONG: left on the full disk: $(ls -A disk)"; fi

zero_model model
cp -r model lies
{ u64 4294967295; printf '{}'; } >lies/model.safetensors
try "a safetensors header that lies" 3 "lies/model.safetensors" "$arf" logprobs --model.path lies
echo '{"ids": [1, 2, 64]}' >ids.txt
try "a token that the model has not" 3 "its vocabulary has 64" bash -c "'$arf' logprobs --model.path model <ids.txt"
echo "{\"ids\": [$(seq -s, 33)]}" >many.txt
try "a text longer than the context" 3 "33 tokens are more than the model's context of 32" \
  bash -c "'$arf' logprobs --model.path model <many.txt"
if ! "$arf" fit-tokenizer --corpus.path corpus --tokenizer.vocabulary 300 --output tokenizer >/dev/null 2>stderr.txt; then
  echo "WRONG: no tokenizer is fitted"; cat stderr.txt; exit 1
fi
try "a tokenizer that does not fit" 3 "a tokenizer that does not fit the model" \
  "$arf" logprobs --model.path model --model.tokenizer tokenizer

# What train, evaluate, generate, score and track refuse. The model: Qwen2 of one layer, hidden 16,
# a context of 64 tokens, drawn weights.
mkdir shape
cat >shape/config.json <<'END'
{"architectures": ["Qwen2ForCausalLM"], "model_type": "qwen2", "vocab_size": 320, "hidden_size": 16,
 "intermediate_size": 16, "num_hidden_layers": 1, "num_attention_heads": 2,
 "num_key_value_heads": 1, "max_position_embeddings": 64, "tie_word_embeddings": true}
END
mkdir wide
sed 's/"hidden_size": 16/"hidden_size": 32/' shape/config.json >wide/config.json
drawn=(--model.random_weights true --model.tokenizer "$work/tokenizer")
make() { "$arf" "$@" >/dev/null 2>stderr.txt || { echo "WRONG: arf $*"; cat stderr.txt; exit 1; }; }
train() {
  "$arf" train --model.path "$work/shape" "${drawn[@]}" --train.iterations 2 --run.threads 1 \
    --output out "$@"
}
words=$(yes 'a word or two' | head -n 40 | tr '\n' ' ')
echo "{\"question\": \"$words\", \"answer\": \"$words\"}" >wordy.jsonl
make import --import.format gsm8k --import.input wordy.jsonl --output wordy
make simulate --simulate.dialogues 40 --output talk
make fit-scorer --corpus.path talk --scorer.encoder roberta-mini --scorer.tokenizer tokenizer \
  --train.iterations 1 --train.batch 2 --output scorer
try "train: a dialogue over the context" 3 "1 are too long for a context of 64 tokens" \
  train --corpus.path wordy --method.name sft
try "train: a corpus that is not there" 3 "nowhere" train --corpus.path nowhere --method.name sft
try "train: a damaged corpus" 3 "flipped/shard-00000.h5: is damaged" \
  train --corpus.path flipped --method.name sft
try "train: rows without labels" 3 "label the corpus with \`arf label\`" \
  train --corpus.path corpus --scorer.path scorer --method.name tracebias
try "train: rows without pairs" 3 "make pairs with \`arf augment\`" \
  train --corpus.path corpus --method.name dpo
try "train: ppo without a scorer" 2 "scorer.path" train --corpus.path corpus --method.name ppo
try "train: stale replies not corrected for" 2 "method.reference" train --corpus.path corpus \
  --scorer.path scorer --method.name tracebias --method.reference base --train.staleness 1
try "train: a tokenizer that does not fit" 3 "a tokenizer that does not fit the model" "$arf" train \
  --model.path model --model.tokenizer tokenizer --corpus.path corpus --method.name sft --output out
try "train: a safetensors header that lies" 3 "lies/model.safetensors" "$arf" train \
  --model.path lies --model.tokenizer tokenizer --corpus.path corpus --method.name sft --output out
try "train: more samples than random numbers" 2 "use 65536 or less" train --corpus.path corpus \
  --method.name tracebias --scorer.path scorer --generate.samples 65537
try "train: a misspelt key" 2 "train.learning_rate" \
  train --corpus.path corpus --train.learning_rat 0.1
try "train: more learners than ranks" 2 "learners" \
  train --corpus.path corpus --method.name sft --roles.learners 2
brief_train() {
  "$arf" train --model.path "$work/shape" "${drawn[@]}" --corpus.path "$work/corpus" --method.name sft \
    --run.threads 1 --train.iterations 2 --output "$1"
}
full_train() { if [ -n "$mounted" ]; then brief_train disk/out; else (ulimit -f 8; brief_train disk/out); fi; }
try "train: a full disk" 4 "free some space or name another directory" full_train
few_files() { (ulimit -n 16; brief_train few); }
try "train: few files may be open" 4 "Too many open files" few_files

make train --model.path shape "${drawn[@]}" --corpus.path corpus --method.name sft --lora.rank 0 \
  --train.iterations 1 --run.threads 1 --output base
make train --model.path wide "${drawn[@]}" --corpus.path corpus --method.name sft \
  --train.iterations 1 --run.threads 1 --output other
try "evaluate: another model's adapter" 3 "adapter" "$arf" evaluate --model.path base/model \
  --evaluate.adapters other --scorer.path scorer --corpus.path talk --output out
try "evaluate: a folder without adapter" 2 "holds no adapter_config.json" "$arf" evaluate \
  --model.path base/model --evaluate.adapters talk --scorer.path scorer --corpus.path talk --output out
try "generate: a prompt over the context" 3 "64" "$arf" generate --model.path base/model \
  --prompt "$words"
printf '\xff\xfe\n' >bytes.txt
try "score: a text that is not UTF-8" 3 "UTF-8" bash -c "'$arf' score --scorer.path scorer <bytes.txt"
try "track: a stream without labels" 3 "label" "$arf" track --corpus.path corpus \
  --scorer.path scorer --output out

echo "$((tried - failed)) of $tried as they should be"
[ "$failed" = 0 ]
