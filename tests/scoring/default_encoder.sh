#!/bin/bash
# Which encoder fit-scorer takes where none is given, MiniLM installed or not, and what it says of it.
# What stands in MiniLM's place is a BERT of a few thousand weights.
#   default_encoder.sh ARF
set -uo pipefail
arf=$1
. "$(dirname "$0")/../commands.sh"
cd "$work" || exit 1
export ARF_DEPENDENCIES=dependencies
minilm=$PWD/dependencies/all-MiniLM-L6-v2
fit=("$arf" fit-scorer --corpus.path corpus --train.iterations 2 --train.batch 2 --run.threads 1)
mkdir shape
cat >shape/config.json <<'JSON'
{"architectures": ["BertModel"], "vocab_size": 50, "hidden_size": 16, "intermediate_size": 32,
 "num_hidden_layers": 1, "num_attention_heads": 2, "max_position_embeddings": 64}
JSON
expect 0 '' "$arf" simulate --simulate.dialogues 60 --output corpus
expect 0 '' "$arf" fit-tokenizer --corpus.path corpus --tokenizer.vocabulary 300 --output tokenizer

# ---- not installed
expect 2 'MiniLM is not installed: install it by `launch/setup.sh --with-minilm`' "${fit[@]}" --output x
grep -qF 'needs --scorer.tokenizer' err || fail "no other way: $(cat err)"
expect 4 'holds no MiniLM; `launch/setup.sh --with-minilm` installs it' env -u ARF_DEPENDENCIES HOME="$work/nobody" "${fit[@]}" \
  --scorer.encoder minilm --output x
grep -qF "$work/nobody/.cache/arf/all-MiniLM-L6-v2" err || fail "another place: $(cat err)"

# ---- installed
# A scorer without its part of config.json is a trained encoder.
expect 0 '' "${fit[@]}" --scorer.encoder shape --scorer.random_weights true \
  --scorer.tokenizer tokenizer --output scorer
mkdir -p "$minilm"
cp scorer/scorer/{model.safetensors,tokenizer.json} "$minilm"
rows=$(sed -n 's/.*"vocab_size": \([0-9]*\).*/\1/p' scorer/scorer/config.json)
sed "s/50/$rows/" shape/config.json >"$minilm/config.json"
expect 0 "the encoder is $minilm: MiniLM is installed" "${fit[@]}" --output default
grep -qxF "encoder = $minilm" default/config.ini || fail "$(grep encoder default/config.ini)"
grep -qF "\"encoder\": \"$minilm\"" default/manifest.json || fail 'the manifest names no encoder'
expect 0 '' "${fit[@]}" --scorer.encoder minilm --output named
cmp -s default/scorer/model.safetensors named/scorer/model.safetensors || fail 'minilm is another one'
cmp -s default/config.ini named/config.ini || fail 'the two configurations differ'

# ---- a run that goes on takes no other encoder
sed -i 's/"finished": true/"finished": false/' default/manifest.json
# Who gives a tokenizer wants drawn weights, installed or not.
expect 2 "scorer.encoder was \`$minilm\` and is now \`roberta-mini\`" "${fit[@]}" \
  --scorer.tokenizer tokenizer --output default
grep -qF 'roberta-mini with drawn weights, since --scorer.tokenizer is given' err || fail "$(cat err)"
mv dependencies away
expect 2 'MiniLM is not installed' "${fit[@]}" --output default
mv away dependencies
echo >>"$minilm/tokenizer.json"
expect 3 'was made from other inputs' "${fit[@]}" --output default
cp scorer/scorer/tokenizer.json "$minilm"
expect 0 'going on after iteration 2' "${fit[@]}" --output default
[ -e x ] && fail "something was left behind by a command that failed: $(ls x)"

finish
