#include "generation/generator.h"

#include <algorithm>
#include <mutex>

#include "core/log.h"
#include "generation/decoding.h"
#include "generation/trace_plan.h"

namespace arf {
namespace {

// One dialogue on its way through its turns.
struct Trace {
  const DialogueToSample* source = nullptr;
  std::vector<PlannedTurn> plan;
  std::vector<TokenId> context;  // what the next reply is asked to continue
  Rollout rollout;
};

void append(std::vector<TokenId>* tokens, const std::vector<TokenId>& more) {
  tokens->insert(tokens->end(), more.begin(), more.end());
}

std::int64_t length(const std::vector<TokenId>& tokens) {
  return static_cast<std::int64_t>(tokens.size());
}

// The longest context with its reply that the traces can come to.
std::int64_t needed_capacity(const std::vector<Trace>& traces, std::int64_t max_new_tokens,
                             std::int64_t max_context) {
  std::int64_t most = 1;
  for (const Trace& trace : traces) {
    std::int64_t tokens = 0;
    for (const PlannedTurn& turn : trace.plan) {
      const auto stored = static_cast<std::int64_t>(turn.stored.size());
      tokens +=
          static_cast<std::int64_t>(turn.before.size()) + std::max(stored, max_new_tokens + 1);
    }
    most = std::max(most, tokens);
  }
  return std::min(most, max_context);
}

// Algorithm 1's "if length(context) > L_max: break", where the stored reply must fit as well, so
// that all variants of a method see the same turns.
bool fits(const Trace& trace, const PlannedTurn& turn, std::int64_t max_context) {
  const std::size_t reply = std::max<std::size_t>(turn.stored.size(), 1);
  return static_cast<std::int64_t>(trace.context.size() + reply) <= max_context;
}

std::vector<TokenId> end_tokens(const ChatTemplate& chat, const SamplingSettings& settings) {
  std::vector<TokenId> tokens = settings.end_tokens;
  tokens.push_back(chat.end_of_turn());
  return tokens;
}

void warn_once(const Dialogue& dialogue, std::int64_t max_context) {
  static std::once_flag once;
  std::call_once(once, [&] {
    log_warning(
        "dialogue {} has no turn that fits a context of {} tokens: it is left out (said once)",
        dialogue.id, max_context);
  });
}

SampledTurn sampled_turn(const Trace& trace, const PlannedTurn& turn, ReplyInProgress&& reply,
                         const ReplyEnd& end) {
  SampledTurn sampled;
  sampled.turn = turn.turn;
  sampled.context = trace.context;
  sampled.text = end.text(reply.response);
  sampled.response = std::move(reply.response);
  sampled.logprobs = std::move(reply.logprobs);
  sampled.drawn_logprobs = std::move(reply.drawn_logprobs);
  sampled.stored = turn.stored;
  sampled.prompt = turn.prompt;
  sampled.stored_score = turn.stored_score;
  return sampled;
}

}  // namespace

RandomStream reply_stream(std::uint64_t seed, Purpose purpose, std::uint64_t iteration,
                          std::uint64_t row, std::uint32_t sample, std::uint32_t turn) {
  ARF_CHECK(sample < 65536 && turn <= kMostTurns, "sample {}, turn {}", sample, turn);
  return RandomStream(seed, purpose, mix64(mix64(iteration) ^ row), sample * 65536 + turn);
}

Generator::Generator(const Decoder& decoder, const Tokenizer& tokenizer, const ChatTemplate& chat,
                     const SamplingSettings& settings)
    : decoder_(decoder),
      tokenizer_(tokenizer),
      chat_(chat),
      settings_(settings),
      end_(tokenizer, end_tokens(chat, settings), settings.stop) {
  const std::int64_t most = decoder.config().max_positions;
  max_context_ =
      settings.max_context > 0 ? std::min<std::int64_t>(settings.max_context, most) : most;
  Sampler{settings.rule};  // refuses what is out of range
  if (settings.max_new_tokens < 1) {
    usage_error("a reply of at most {} tokens: give it at least 1", settings.max_new_tokens);
  }
}

std::vector<Rollout> Generator::sample(const std::vector<DialogueToSample>& dialogues,
                                       const Lora* adapter, TraceContext context,
                                       std::uint64_t seed, Purpose purpose,
                                       std::uint64_t iteration) const {
  std::vector<Trace> traces;
  for (const DialogueToSample& source : dialogues) {
    traces.push_back(
        {&source, plan_trace(*source.dialogue, chat_, settings_.answer_follow_ups), {}, {}});
    traces.back().rollout.dialogue_id = source.dialogue->id;
    traces.back().rollout.dialogue_row = source.row;
    traces.back().rollout.sample = source.sample;
  }
  KvCache cache =
      decoder_.make_cache(static_cast<std::int64_t>(traces.size()),
                          needed_capacity(traces, settings_.max_new_tokens, max_context_));
  Sampler sampler(settings_.rule);
  const Decoding decoding{decoder_, adapter, [this](const std::vector<TokenId>& reply) {
                            return settings_.ignore_end || !end_.ends(reply);
                          }};

  std::vector<std::size_t> live(traces.size());
  for (std::size_t i = 0; i < live.size(); ++i) live[i] = i;
  for (std::size_t step = 0; !live.empty(); ++step) {
    std::vector<ReplyInProgress> replies;
    std::erase_if(live, [&](std::size_t i) {
      Trace& trace = traces[i];
      if (step >= trace.plan.size()) return true;
      append(&trace.context, trace.plan[step].before);
      if (!fits(trace, trace.plan[step], max_context_)) return true;
      const auto room = max_context_ - static_cast<std::int64_t>(trace.context.size());
      replies.push_back({static_cast<std::int32_t>(i),
                         &trace.context,
                         std::min<std::int64_t>(room, settings_.max_new_tokens),
                         reply_stream(seed, purpose, iteration, trace.source->row,
                                      trace.source->sample, trace.plan[step].turn),
                         {},
                         {},
                         {}});
      return false;
    });
    decoding.run(&replies, &sampler, &cache);
    for (std::size_t r = 0; r < live.size(); ++r) {
      Trace& trace = traces[live[r]];
      const PlannedTurn& turn = trace.plan[step];
      const std::size_t before = trace.context.size();
      trace.rollout.turns.push_back(sampled_turn(trace, turn, std::move(replies[r]), end_));
      const bool stored = context == TraceContext::kStored;
      append(&trace.context, stored ? turn.stored : trace.rollout.turns.back().response);
      close_turn(&trace.context);
      // What the cache holds of the sampled reply is not what stands in the stored context.
      if (stored) cache.lengths[live[r]] = static_cast<std::int32_t>(before);
    }
  }
  std::vector<Rollout> rollouts;
  for (Trace& trace : traces) {
    if (trace.rollout.turns.empty()) warn_once(*trace.source->dialogue, max_context_);
    rollouts.push_back(std::move(trace.rollout));
  }
  return rollouts;
}

bool Generator::can_have_sampled(const DialogueToSample& source, TraceContext context,
                                 const Rollout& rollout) const {
  const std::vector<SampledTurn>& turns = rollout.turns;
  if (rollout.dialogue_id != source.dialogue->id || rollout.dialogue_row != source.row ||
      rollout.sample != source.sample) {
    return false;
  }
  Trace trace{&source, plan_trace(*source.dialogue, chat_, settings_.answer_follow_ups), {}, {}};
  std::size_t step = 0;
  for (const PlannedTurn& turn : trace.plan) {
    append(&trace.context, turn.before);
    if (!fits(trace, turn, max_context_)) break;
    if (step == turns.size()) return false;
    const SampledTurn& sampled = turns[step++];
    if (sampled.turn != turn.turn || sampled.context != trace.context ||
        sampled.stored != turn.stored || sampled.prompt != turn.prompt ||
        sampled.stored_score != turn.stored_score || !can_have_sampled(sampled)) {
      return false;
    }
    append(&trace.context, context == TraceContext::kStored ? turn.stored : sampled.response);
    close_turn(&trace.context);
  }
  return step == turns.size();
}

bool Generator::can_have_sampled(const SampledTurn& sampled) const {
  const std::int64_t size = length(sampled.response);
  const std::int64_t most =
      std::min<std::int64_t>(settings_.max_new_tokens, max_context_ - length(sampled.context));
  const auto is_token = [&](TokenId token) {
    return token >= 0 && token < decoder_.config().vocabulary_size;
  };
  return size >= 1 && size <= most && sampled.logprobs.size() == sampled.response.size() &&
         sampled.drawn_logprobs.size() == sampled.response.size() &&
         std::all_of(sampled.response.begin(), sampled.response.end(), is_token) &&
         sampled.text == end_.text(sampled.response);
}

void Generator::close_turn(std::vector<TokenId>* context) const {
  if (context->back() == chat_.end_of_turn()) return;
  if (end_.is_end_token(context->back())) context->pop_back();
  context->push_back(chat_.end_of_turn());
}

std::vector<TokenId> Generator::reply(const std::vector<TokenId>& context, const Lora* adapter,
                                      const RandomStream& stream, const OnToken& on_token,
                                      KvCache* held) const {
  const std::int64_t room = max_context_ - length(context);
  if (room < 1) {
    input_error(
        "a context of {} tokens leaves no room for a reply in the model's {}: shorten the prompt",
        context.size(), max_context_);
  }
  const std::int64_t tokens = std::min<std::int64_t>(room, settings_.max_new_tokens);
  KvCache own;
  KvCache* const cache = held ? held : &own;
  // Room for what comes is made as it comes: most replies end long before `tokens`.
  constexpr std::int64_t kFirstRoom = 256;
  decoder_.enlarge(cache, length(context) + std::min(tokens, kFirstRoom));
  Sampler sampler(settings_.rule);
  std::vector<ReplyInProgress> replies{{0, &context, tokens, stream, {}, {}, {}}};
  const auto goes_on = [&](const std::vector<TokenId>& so_far) {
    const bool wanted = !on_token || on_token(so_far);
    if (!wanted || (!settings_.ignore_end && end_.ends(so_far))) return false;
    decoder_.enlarge(cache, length(context) + std::min(tokens, length(so_far) + 1));
    return true;
  };
  Decoding{decoder_, adapter, goes_on}.run(&replies, &sampler, cache);
  return std::move(replies[0].response);
}

}  // namespace arf
