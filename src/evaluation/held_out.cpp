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

// All rows, in the order of their random keys.
std::vector<std::uint64_t> drawn_rows(std::uint64_t rows, std::uint64_t seed) {
  std::vector<std::pair<std::uint64_t, std::uint64_t>> keyed;  // key, row
  for (std::uint64_t row = 0; row < rows; ++row) {
    const RandomStream stream(seed, Purpose::kEvaluate, row, kOrderSample);
    keyed.emplace_back((std::uint64_t{stream.bits(0)} << 32) | stream.bits(1), row);
  }
  std::sort(keyed.begin(), keyed.end());
  std::vector<std::uint64_t> drawn;
  for (const auto& [key, row] : keyed) drawn.push_back(row);
  return drawn;
}

// By row: the dialogues of drawn[begin, end), read in the order of the shards, so that each shard
// is decoded once.
std::map<std::uint64_t, Dialogue> read_rows(const CorpusList& corpus,
                                            const std::vector<std::uint64_t>& drawn,
                                            std::size_t begin, std::size_t end) {
  std::vector<std::uint64_t> rows(drawn.begin() + static_cast<std::ptrdiff_t>(begin),
                                  drawn.begin() + static_cast<std::ptrdiff_t>(end));
  std::sort(rows.begin(), rows.end());
  std::map<std::uint64_t, Dialogue> read;
  for (const std::uint64_t row : rows) read.emplace(row, corpus.row(row));
  return read;
}

}  // namespace

HeldOut choose_held_out(const CorpusList& corpus, const ChatTemplate& chat, std::size_t prompts,
                        std::uint64_t seed) {
  const std::vector<std::uint64_t> drawn = drawn_rows(corpus.rows(), seed);
  HeldOut chosen;
  std::map<std::uint64_t, Dialogue> kept, read;
  for (std::size_t i = 0; i < drawn.size() && chosen.num_prompts < prompts; ++i) {
    // A row holds a prompt as a rule, so that the first block is enough.
    if (i % prompts == 0) read = read_rows(corpus, drawn, i, std::min(i + prompts, drawn.size()));
    const std::uint64_t row = drawn[i];
    Dialogue dialogue = std::move(read.at(row));
    cut_to_most_turns(&dialogue);
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
