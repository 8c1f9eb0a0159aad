# What the scripts of this folder share: a folder $work, entered, with a small world to train in.
# Sourced with `arf` set. Dialogues, tokenizer, a model and a scorer that know a little, labels and
# pairs: base/model, scorer, augmented.
export OMPI_ALLOW_RUN_AS_ROOT=1 OMPI_ALLOW_RUN_AS_ROOT_CONFIRM=1 OMPI_MCA_rmaps_base_oversubscribe=1
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
cd "$work" || exit 1

quietly() { "$@" >log.txt 2>&1 || { echo "FAILED: $*"; cat log.txt; exit 1; }; }

quietly "$arf" simulate --simulate.dialogues 120 --output corpus
quietly "$arf" fit-tokenizer --corpus.path corpus --tokenizer.vocabulary 400 --output tokenizer
cat >model.json <<'END'
{"architectures": ["Qwen2ForCausalLM"], "model_type": "qwen2", "vocab_size": 448, "hidden_size": 32,
 "intermediate_size": 64, "num_hidden_layers": 2, "num_attention_heads": 4, "num_key_value_heads": 2,
 "head_dim": 8, "max_position_embeddings": 384, "hidden_act": "silu", "rms_norm_eps": 1e-6,
 "rope_theta": 10000.0, "tie_word_embeddings": true}
END
mkdir shape encoder && mv model.json shape/config.json
cat >encoder/config.json <<'END'
{"architectures": ["RobertaModel"], "model_type": "roberta", "vocab_size": 448, "hidden_size": 32,
 "intermediate_size": 64, "num_hidden_layers": 1, "num_attention_heads": 4,
 "max_position_embeddings": 258, "type_vocab_size": 1, "pad_token_id": 1, "hidden_act": "gelu",
 "layer_norm_eps": 1e-5, "position_embedding_type": "absolute"}
END
quietly "$arf" train --model.path shape --model.random_weights true --model.tokenizer tokenizer \
  --corpus.path corpus --method.name sft --lora.rank 0 --train.iterations 20 --output base
quietly "$arf" fit-scorer --corpus.path corpus --scorer.encoder encoder --scorer.random_weights true \
  --scorer.tokenizer tokenizer --train.iterations 20 --output scorer
quietly "$arf" label --corpus.path corpus --scorer.path scorer --output labelled
quietly "$arf" augment --corpus.path labelled --scorer.path scorer --static_scorer.path scorer \
  --augment.synonym_rounds 2 --output augmented
