#!/bin/bash
# `arf logprobs` and `arf generate` as a user runs them: answers, refusals, exit codes.
#   commands.sh ARF SOURCE_FOLDER
set -uo pipefail
arf=$1 source=$2
. "$(dirname "$0")/../commands.sh"
model=(--model.path "$source/configs/models/qwen2-tiny" --model.random_weights true)

echo '{"ids":[1,2,3]}' | expect 0 'weights drawn' "$arf" logprobs "${model[@]}"
grep -q '^{"ids":\[1,2,3\],"logprobs":\[null,-[0-9.]*,-[0-9.]*\]}$' "$work/out" || fail "$(cat "$work/out")"
printf '{"ids":[]}\n{"ids":[5]}\n' | expect 0 '' "$arf" logprobs "${model[@]}"
[ "$(cat "$work/out")" = '{"ids":[],"logprobs":[]}
{"ids":[5],"logprobs":[null]}' ] || fail "short sequences: $(cat "$work/out")"
printf '{"ids":[1]}\n{"ids":[1,1024]}\n' | expect 3 'stdin:2: id 1024' "$arf" logprobs "${model[@]}"
echo '{"ids":[1,-1]}' | expect 3 'id -1' "$arf" logprobs "${model[@]}"
echo 'plain' | expect 3 'stdin:1: not an object' "$arf" logprobs "${model[@]}"
echo '{"text":"hello"}' | expect 3 '--model.tokenizer' "$arf" logprobs "${model[@]}"
expect 3 'stdin cannot be read: Is a directory' "$arf" logprobs "${model[@]}" </
echo "{\"ids\":[$(seq -s, 1 513)]}" | expect 3 '513 tokens' "$arf" logprobs "${model[@]}"
expect 3 '--model.random_weights true' "$arf" logprobs "${model[@]:0:2}" </dev/null
expect 3 '/nowhere' "$arf" logprobs --model.path /nowhere </dev/null
expect 3 '/nowhere' "$arf" logprobs "${model[@]}" --adapter.path /nowhere </dev/null
echo '{"ids":[1,2,3]}' | expect 0 '' "$arf" logprobs "${model[@]}" --model.precision bfloat16
grep -q '^{"ids":\[1,2,3\],"logprobs":\[null,-[0-9.]*,-[0-9.]*\]}$' "$work/out" || fail "$(cat "$work/out")"
expect 2 'cuda' "$arf" logprobs "${model[@]}" --model.device cuda </dev/null
expect 2 'model.path' "$arf" logprobs </dev/null
expect 2 '--prompt' "$arf" generate "${model[@]}" --model.tokenizer "$work" </dev/null
expect 3 'tokenizer' "$arf" generate "${model[@]}" --prompt hello </dev/null

# A tokenizer of our own: 300 dialogues suffice.
expect 0 '' "$arf" simulate --simulate.dialogues 300 --output "$work/corpus"
expect 0 '' "$arf" fit-tokenizer --corpus.path "$work/corpus" --tokenizer.vocabulary 600 \
  --output "$work/tokenizer"
model+=(--model.tokenizer "$work/tokenizer")
echo '{"text":"hello there"}' | expect 0 'vocabulary 640' "$arf" logprobs "${model[@]}"
expect 0 '' "$arf" generate "${model[@]}" --prompt hello --generate.max_tokens 20
cp "$work/out" "$work/first"
expect 0 '' "$arf" generate "${model[@]}" --prompt hello --generate.max_tokens 20
cmp -s "$work/out" "$work/first" || fail 'the same seed gave another reply'
expect 0 '' "$arf" generate "${model[@]}" --prompt hello --generate.max_tokens 20 --run.seed 2
cmp -s "$work/out" "$work/first" && fail 'another seed gave the same reply'
expect 0 '' "$arf" generate "${model[@]}" --prompt hello --generate.max_tokens 9 \
  --generate.ignore_end true --json
grep -q '"tokens":9}' "$work/out" || fail "$(cat "$work/out")"
expect 3 'context' "$arf" generate "${model[@]}" --prompt "$(seq -s' ' 1 600)"
expect 2 'temperature' "$arf" generate "${model[@]}" --prompt hello --generate.temperature -1
expect 2 'top_p' "$arf" generate "${model[@]}" --prompt hello --generate.top_p 0
expect 0 '' "$arf" generate "${model[@]}" --prompt hello --generate.max_tokens 9 \
  --generate.ignore_end true --generate.top_k 1 --json
cp "$work/out" "$work/likeliest"
expect 0 '' "$arf" generate "${model[@]}" --prompt hello --generate.max_tokens 9 \
  --generate.ignore_end true --generate.temperature 0 --json
cmp -s "$work/out" "$work/likeliest" || fail 'the likeliest token alone is not the greedy reply'

# A trained model and its adapter, merged: the same log-probs within rounding, in both precisions.
expect 0 '' "$arf" train --method.name sft --lora.rank 0 "${model[@]}" --corpus.path "$work/corpus" \
  --train.iterations 1 --train.batch 2 --output "$work/base"
expect 0 '' "$arf" train --method.name sft --lora.rank 4 --lora.rslora true --train.learning_rate 0.05 \
  --model.path "$work/base/model" --corpus.path "$work/corpus" --train.iterations 2 --train.batch 2 \
  --output "$work/tuned"
grep -q '"use_rslora": true' "$work/tuned/adapter/adapter_config.json" || fail 'rslora is not kept'
expect 0 '' "$arf" export --model.path "$work/base/model" --adapter.path "$work/tuned/adapter" \
  --output "$work/merged"
expect 2 'holds results' "$arf" export --model.path "$work/base/model" \
  --adapter.path "$work/tuned/adapter" --output "$work/merged"
expect 0 '' "$arf" export --model.path "$work/base/model" --adapter.path "$work/tuned/adapter" \
  --export.precision bfloat16 --output "$work/half"
logprobs() {  # logprobs NAME KEYS...
  echo '{"text":"hello there, how are you?"}' | expect 0 '' "$arf" logprobs "${@:2}"
  tr -d '{}[]"a-z:' <"$work/out" | tr ',' '\n' >"$work/$1.numbers"
}
# far NAME NAME LIMIT: whether two lists of numbers differ by more than LIMIT.
far() { paste "$work/$1.numbers" "$work/$2.numbers" | awk -v limit="$3" \
  '{ d = $1 - $2; if (d < 0) d = -d; if (d > worst) worst = d } END { exit !(worst > limit) }'; }
logprobs base --model.path "$work/base/model"
logprobs tuned --model.path "$work/base/model" --adapter.path "$work/tuned/adapter"
logprobs merged --model.path "$work/merged"
logprobs half --model.path "$work/half"
logprobs named --model.path "$work/half" --model.precision bfloat16
cmp -s "$work/half.numbers" "$work/named.numbers" || fail 'a folder in bfloat16 is not taken as it is'
# All its weights can be trained, in float32; what says which tokens end a reply goes along.
echo '{"eos_token_id": [5, 7]}' >"$work/half/generation_config.json"
expect 0 '' "$arf" train --method.name sft --lora.rank 0 --model.path "$work/half" \
  --corpus.path "$work/corpus" --train.iterations 1 --train.batch 2 --output "$work/more"
cmp -s "$work/half/generation_config.json" "$work/more/model/generation_config.json" ||
  fail 'the end tokens are lost'
expect 2 'float32' "$arf" train --method.name sft --lora.rank 0 --model.path "$work/half" \
  --model.precision bfloat16 --corpus.path "$work/corpus" --train.iterations 1 --train.batch 2 \
  --output "$work/refused"
# What cannot be merged leaves nothing behind.
mkdir "$work/base/model/vocab.json"
expect 3 'vocab.json' "$arf" export --model.path "$work/base/model" \
  --adapter.path "$work/tuned/adapter" --output "$work/unmerged"
rmdir "$work/base/model/vocab.json"
# An export is given away: what it takes from outside of the model is said. A cache's links are its own.
export_linked() {
  expect 0 "$1" "$arf" export --model.path "$2" --adapter.path "$work/tuned/adapter" --output "$3"
}
cp -r "$work/base/model" "$work/linked"
echo '{"secret": 1}' >"$work/secret.json"
ln -s ../secret.json "$work/linked/added_tokens.json"
export_linked "added_tokens.json: leads out of the model's folder" "$work/linked" "$work/of_linked"
mkdir -p "$work/cache/snapshots"
cp -r "$work/base/model" "$work/cache/blobs"
cp -r "$work/base/model" "$work/cache/snapshots/1"
ln -sf ../../blobs/tokenizer.json "$work/cache/snapshots/1/tokenizer.json"
export_linked '' "$work/cache/snapshots/1" "$work/of_cache"
! grep -q 'leads out' "$work/err" || fail "of a cache: $(cat "$work/err")"
cp "$work/tuned/adapter/adapter_config.json" "$work/base/model/"
expect 3 'holds an adapter' "$arf" export --model.path "$work/base/model" \
  --adapter.path "$work/tuned/adapter" --output "$work/unmerged"
rm "$work/base/model/adapter_config.json"
# The index names the shards, whatever they are called and whatever lies beside them.
cp -r "$work/half" "$work/shards"
mv "$work/shards/model.safetensors" "$work/shards/pytorch_model-00001-of-00001.safetensors"
{ printf '{"weight_map": {'
  strings -n 4 "$work/shards/pytorch_model-00001-of-00001.safetensors" | head -n 1 |
    grep -o '"[^"]*":{"dtype"' | sed 's/:{"dtype"/: "pytorch_model-00001-of-00001.safetensors"/' | paste -sd,
  printf '}}'; } >"$work/shards/model.safetensors.index.json"
ln -s nowhere "$work/shards/model-00001-of-00002.safetensors"
expect 0 '' "$arf" train --method.name sft --lora.rank 2 --model.path "$work/shards" \
  --corpus.path "$work/corpus" --train.iterations 1 --train.batch 2 --output "$work/of_shards"
"$arf" inspect "$work/shards" >"$work/out" && grep -q "^digest" "$work/out" || fail 'shards have no digest'
cp -r "$work/tuned/adapter" "$work/infinite"
weights=$work/infinite/adapter_model.safetensors
printf '\000\000\200\177' | dd of="$weights" bs=1 seek=$(($(stat -c %s "$weights") - 4)) conv=notrunc status=none
broken="$weights: tensor \`base_model.model.model.layers."
expect 3 "$broken" "$arf" export --model.path "$work/base/model" --adapter.path "$work/infinite" \
  --output "$work/unmerged"
expect 3 "$broken" "$arf" generate --model.path "$work/base/model" --adapter.path "$work/infinite" --prompt hello
cp -r "$work/tuned/adapter" "$work/huge"
sed -i 's/"lora_alpha": [0-9.]*/"lora_alpha": 1e300/' "$work/huge/adapter_config.json"
expect 3 "is not finite after the merge with $work/huge" "$arf" export --model.path "$work/base/model" \
  --adapter.path "$work/huge" --output "$work/unmerged"
[ ! -e "$work/unmerged" ] || fail "something is left: $(ls "$work/unmerged")"
expect 0 '' "$arf" generate --model.path "$work/base/model" --prompt hello --generate.max_tokens 1000000000
# A chat on a terminal: Ctrl-C leaves a line that was begun and asks again; an empty line ends it.
# What is typed waits for the prompt it answers: before the first one, Ctrl-C ends the program. exec: a
# shell between (dash, where SHELL is not set) would die of the Ctrl-C and end with 130 itself.
prompted() {
  for _ in {1..600}; do
    [ "$(grep -c '^> ' "$work/chat")" -ge "$1" ] && return
    sleep 0.1
  done
}
: >"$work/chat"
{ prompted 1; printf 'never sent'; sleep 0.5; printf '\003'; prompted 2; printf 'hello\n'; prompted 3; printf '\n'; } |
  script -qefc "exec '$arf' generate --model.path '$work/base/model' --generate.max_tokens 8" /dev/null >"$work/chat"
code=$?
[ $code = 0 ] || fail "a chat ends with $code"
[ "$(grep -c '^> ' "$work/chat")" -ge 3 ] || fail "Ctrl-C at the prompt ends the chat: $(cat "$work/chat")"
far base tuned 0.05 || fail 'the adapter changes nothing'
! far tuned merged 2e-5 || fail 'the merged model differs from base and adapter'
! far tuned half 0.3 || fail 'the model merged in bfloat16 differs from base and adapter'

finish
