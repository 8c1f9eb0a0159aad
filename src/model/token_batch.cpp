#include "model/token_batch.h"

namespace arf {

void TokenBatch::append(const std::vector<std::int32_t>& sequence, std::size_t score_begin,
                        std::size_t score_end) {
  append(sequence, {{score_begin, score_end}});
}

void TokenBatch::append(const std::vector<std::int32_t>& sequence,
                        const std::vector<std::pair<std::size_t, std::size_t>>& ranges) {
  ARF_CHECK(!sequence.empty(), "an empty sequence");
  const std::size_t start = tokens.size();
  std::size_t scored = 1;  // nothing stands before token 0, so it has no log-prob
  for (const auto& [begin, end] : ranges) {
    ARF_CHECK(begin >= scored && begin <= end && end <= sequence.size(),
              "scored range [{}, {}) of a sequence of {} tokens", begin, end, sequence.size());
    for (std::size_t i = begin; i < end; ++i) {
      targets.push_back(static_cast<std::int32_t>(start + i));
    }
    scored = end;
  }
  tokens.insert(tokens.end(), sequence.begin(), sequence.end());
  segments.offsets.push_back(static_cast<std::int32_t>(tokens.size()));
}

}  // namespace arf
