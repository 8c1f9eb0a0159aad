// Samples replies, turn by turn over a dialogue, for a unit of dialogues at once.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "core/philox.h"
#include "model/decoder.h"
#include "records/dialogue.h"
#include "records/rollout.h"
#include "text/chat_template.h"

namespace arf {

struct SamplingSettings {
  double temperature = 1.0;   // 0: greedy
  int max_new_tokens = 64;    // per reply
  int max_context = 0;        // tokens of a whole trace (L_max of algorithm 1); 0: the model's
  bool ignore_end = false;    // go on after the end token (benchmarks)
};

// Which context the next turn sees: the sampled reply (algorithm 1), or the stored one.
enum class TraceContext { kSampled, kStored };

struct DialogueToSample {
  std::uint64_t row = 0;       // corpus row; with `sample` the key of its random numbers
  std::uint32_t sample = 0;
  const Dialogue* dialogue = nullptr;
};

class Generator {
 public:
  Generator(const Decoder& decoder, const Tokenizer& tokenizer, const ChatTemplate& chat,
            const SamplingSettings& settings);
  // Replies to every user turn that a stored assistant turn follows, or that is the last turn. A
  // trace ends where the context would pass max_context. Token t of reply k of dialogue (row,
  // sample) is drawn from RandomStream(seed, purpose, row * 4096 + iteration..., ...): the result
  // depends on (seed, purpose, iteration, row, sample) and the adapter only.
  std::vector<Rollout> sample(const std::vector<DialogueToSample>& dialogues, const Lora* adapter,
                              TraceContext context, std::uint64_t seed, Purpose purpose,
                              std::uint64_t iteration) const;

 private:
  const Decoder& decoder_;
  const Tokenizer& tokenizer_;
  const ChatTemplate& chat_;
  SamplingSettings settings_;
};

// Streams one reply, for `generate`: calls on_text with each piece of whole characters.
}  // namespace arf
