# What the scripts of this folder share: a corpus of dialogues, its tokenizer and an encoder small
# enough to be fitted in seconds. Sourced with `arf` set; leaves what ../commands.sh does, too.
. "$(dirname "${BASH_SOURCE[0]}")/../commands.sh"
# says WORDS: of the last command's stdout.
says() { grep -qF -- "$1" "$work/out" || fail "no \`$1\` in: $(cat "$work/out")"; }
digest_of() {
  local digest
  digest=$("$arf" inspect "$1" --json | sed -n 's/^  "digest": "\([0-9a-f]*\)".*/\1/p')
  [ ${#digest} = 64 ] || fail "no digest of $1" >&2
  echo "$digest"
}

mkdir "$work/encoder"
cat >"$work/encoder/config.json" <<'JSON'
{"model_type": "roberta", "architectures": ["RobertaModel"], "vocab_size": 50, "hidden_size": 32,
 "intermediate_size": 64, "num_hidden_layers": 2, "num_attention_heads": 2,
 "max_position_embeddings": 130, "type_vocab_size": 1, "pad_token_id": 1}
JSON
expect 0 '' "$arf" simulate --simulate.dialogues 400 --output "$work/corpus"
expect 0 '' "$arf" fit-tokenizer --corpus.path "$work/corpus" --tokenizer.vocabulary 700 \
  --output "$work/tokenizer"
fit=(fit-scorer --corpus.path "$work/corpus" --scorer.encoder "$work/encoder"
  --scorer.random_weights true --scorer.tokenizer "$work/tokenizer" --train.learning_rate 3e-3)
