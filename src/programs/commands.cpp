#include "programs/commands.h"

namespace arf {

const std::vector<Command>& commands() {
  static const std::vector<Command> table = {
      {"simulate", run_simulate, "make dialogues whose users have a known true preference"},
      {"import", run_import, "read a public data set into a corpus"},
      {"fit-tokenizer", run_fit_tokenizer, "train a byte-level BPE on a corpus"},
      {"fit-scorer", run_fit_scorer, "train the static satisfaction scorer on labelled texts",
       true},
      {"label", run_label, "give every response the satisfaction its follow-up expresses", true},
      {"augment", run_augment, "synonyms, truncation and preference pairs, with biased scores"},
      {"track", run_track, "the ARF scorer follows a stream of feedback", true},
      {"train", run_train, "train a policy: sft, dpo, ppo or tracebias", true},
      {"evaluate", run_evaluate, "compare adapters on held-out prompts under one frozen scorer"},
      {"experiment", run_experiment, "run one of the paper's experiments on the reward"},
      {"generate", run_generate, "reply to a prompt, or chat on a terminal"},
      {"score", run_score, "satisfaction of texts on stdin"},
      {"tokenize", run_tokenize, "token ids of texts on stdin"},
      {"logprobs", run_logprobs, "token log-probabilities of texts on stdin"},
      {"export", run_export, "merge an adapter into its base: a whole model folder"},
      {"inspect", run_inspect, "say what a file or folder of ours is, with its digest"},
      {"compare", run_compare, "where two training runs first differ"},
      {"doctor", run_doctor, "check this machine and build", true},
  };
  return table;
}

}  // namespace arf
