// Samples replies, turn by turn over a dialogue, for a unit of dialogues at once.
#pragma once

#include <cstdint>
#include <functional>
#include <string>
#include <vector>

#include "core/philox.h"
#include "generation/reply_end.h"
#include "generation/sampler.h"
#include "model/decoder.h"
#include "records/dialogue.h"
#include "records/rollout.h"
#include "text/chat_template.h"

namespace arf {

struct SamplingSettings {
  SamplingRule rule;
  int max_new_tokens = 64;  // per reply
  int max_context = 0;      // tokens of a whole trace (L_max of algorithm 1); 0: the model's
  std::vector<TokenId> end_tokens;  // that end a reply besides the template's end of turn
  std::vector<std::string> stop;    // texts that end a reply
  bool ignore_end = false;          // nothing but its length ends a reply (benchmarks)
  bool answer_follow_ups =
      false;  // reply to a last user turn after stored replies, too: by default
              // that turn is the feedback on the last reply, not a question
};

// Which context the next turn sees: the sampled reply (algorithm 1), or the stored one.
enum class TraceContext { kSampled, kStored };

struct DialogueToSample {
  std::uint64_t row = 0;     // corpus row; with `sample` the key of its random numbers
  std::uint32_t sample = 0;  // below 65,536
  const Dialogue* dialogue = nullptr;
};

// The random numbers of one reply: number t picks its token t. `turn` (below 65,536) counts
// Dialogue::turns; the unit of the stream is mix64(mix64(iteration) ^ row), one-to-one in the row.
RandomStream reply_stream(std::uint64_t seed, Purpose purpose, std::uint64_t iteration,
                          std::uint64_t row, std::uint32_t sample, std::uint32_t turn);

class Generator {
 public:
  // Keeps references. usage_error: settings out of range.
  Generator(const Decoder& decoder, const Tokenizer& tokenizer, const ChatTemplate& chat,
            const SamplingSettings& settings);

  // Replies to every user turn that a stored assistant turn follows, and to the last turn of a
  // dialogue without stored replies. A reply is cut at max_new_tokens and where the context is
  // full; the next turn's context then gets the end token, the response does not. A trace ends
  // before the first turn whose context, with its stored reply or one token, would pass
  // max_context: the rollout may have no turns (logged once). The result depends on the adapter's
  // and the model's bits and on (seed, purpose, iteration, row, sample) only, not on the other
  // dialogues. Rollout::unit and ::version are left to the caller. Safe from several threads at
  // once.
  std::vector<Rollout> sample(const std::vector<DialogueToSample>& dialogues, const Lora* adapter,
                              TraceContext context, std::uint64_t seed, Purpose purpose,
                              std::uint64_t iteration) const;

  // Whether sample() can have made `rollout` of it: the turns, contexts and texts are what the
  // dialogue and the reply's tokens give, and these are tokens of the model.
  bool can_have_sampled(const DialogueToSample& source, TraceContext context,
                        const Rollout& rollout) const;

  // One reply to context [c] (at least one token), token by token: `on_token` (may be empty) is
  // called with the reply after each and stops it by returning false. The end token is the last of
  // the result where the reply ended by itself. held (may be null): the cache of a conversation,
  // at first an empty one: it holds a prefix of the context, so that only the rest is read, and
  // then the reply, too; the bits are the same. input_error where the context is full.
  using OnToken = std::function<bool(const std::vector<TokenId>&)>;
  std::vector<TokenId> reply(const std::vector<TokenId>& context, const Lora* adapter,
                             const RandomStream& stream, const OnToken& on_token = {},
                             KvCache* held = nullptr) const;
  // In a context a reply ends with the template's end of turn, whatever token ended it or none:
  // `context` ends with the reply.
  void close_turn(std::vector<TokenId>* context) const;
  const ReplyEnd& end() const { return end_; }  // what ends a reply and what text it has
  std::int64_t max_context() const { return max_context_; }

 private:
  bool can_have_sampled(const SampledTurn& sampled) const;
  const Decoder& decoder_;
  const Tokenizer& tokenizer_;
  const ChatTemplate& chat_;
  SamplingSettings settings_;
  ReplyEnd end_;
  std::int64_t max_context_;  // tokens
};

}  // namespace arf
