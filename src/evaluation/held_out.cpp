#include "evaluation/held_out.h"

#include <algorithm>
#include <map>

#include "core/error.h"
#include "core/philox.h"
#include "generation/trace_plan.h"

namespace arf {
namespace {

// Streams of the replies have units made by mix64; this one stands outside of their range of
// samples.
constexpr std::uint32_t kOrderSample = 0xffffffff;

// At most `count` rows, in the order of their random keys. Each holds a prompt as a rule.
std::vector<std::uint64_t> drawn_rows(std::uint64_t rows, std::size_t count, std::uint64_t seed) {
  std::vector<std::pair<std::uint64_t, std::uint64_t>> keyed;  // key, row
  for (std::uint64_t row = 0; row < rows; ++row) {
    const RandomStream stream(seed, Purpose::kEvaluate, row, kOrderSample);
    keyed.emplace_back((std::uint64_t{stream.bits(0)} << 32) | stream.bits(1), row);
  }
  const std::size_t kept = std::min<std::size_t>(count, keyed.size());
  std::partial_sort(keyed.begin(), keyed.begin() + static_cast<std::ptrdiff_t>(kept), keyed.end());
  std::vector<std::uint64_t> drawn;
  for (std::size_t i = 0; i < kept; ++i) drawn.push_back(keyed[i].second);
  return drawn;
}

}  // namespace

HeldOut choose_held_out(const CorpusList& corpus, const ChatTemplate& chat, std::size_t prompts,
                        std::uint64_t seed) {
  const std::vector<std::uint64_t> drawn = drawn_rows(corpus.rows(), prompts, seed);
  std::vector<std::uint64_t> ascending = drawn;
  std::sort(ascending.begin(), ascending.end());
  std::map<std::uint64_t, Dialogue> read;  // in the order of the shards: each is decoded once
  for (const std::uint64_t row : ascending) read.emplace(row, corpus.row(row));

  HeldOut chosen;
  std::map<std::uint64_t, Dialogue> kept;
  for (const std::uint64_t row : drawn) {
    if (chosen.num_prompts == prompts) break;
    Dialogue dialogue = std::move(read.at(row));
    const auto plan = plan_trace(dialogue, chat, /*answer_follow_ups=*/false);
    if (plan.empty()) continue;
    const std::size_t wanted = std::min(plan.size(), prompts - chosen.num_prompts);
    // The stored reply goes with its prompt; a bare prompt has none.
    const std::size_t end = std::min<std::size_t>(plan[wanted - 1].turn + 1, dialogue.turns.size());
    dialogue.turns.resize(end);
    chosen.num_prompts += wanted;
    kept.emplace(row, std::move(dialogue));
  }
  if (kept.empty()) input_error("{}: no dialogue with a user's turn to reply to", corpus.names());
  for (auto& [row, dialogue] : kept) {
    chosen.rows.push_back(row);
    chosen.dialogues.push_back(std::move(dialogue));
  }
  return chosen;
}

}  // namespace arf
