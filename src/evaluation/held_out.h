// The prompts that every contestant answers.
#pragma once

#include <cstdint>
#include <vector>

#include "data_io/corpus_list.h"
#include "records/dialogue.h"
#include "text/chat_template.h"

namespace arf {

struct HeldOut {
  std::vector<std::uint64_t> rows;  // of the corpora, ascending
  std::vector<Dialogue> dialogues;  // [rows], the last chosen one cut after its last wanted reply
  std::size_t num_prompts = 0;
};

// Dialogues in an order drawn from (seed, kEvaluate) until they hold `prompts` prompts (or all that
// there are), of the first kMostTurns of each. A prompt is a user's turn that plan_trace would have
// answered.
HeldOut choose_held_out(const CorpusList& corpus, const ChatTemplate& chat, std::size_t prompts,
                        std::uint64_t seed);

}  // namespace arf
