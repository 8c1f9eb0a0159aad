// One line of metrics.jsonl out of what an iteration did.
#pragma once

#include <string>
#include <vector>

#include "core/json.h"
#include "exchange/conversation.h"
#include "roles/learner_role.h"

namespace arf {

// reports: of all ranks; a span's seconds are those of the slowest rank. has_kl: the method has a
// reference to measure the divergence from.
Json metrics_line(std::int64_t iteration, const std::string& method, const UpdateResult& update,
                  std::uint64_t policy_version, const std::vector<RankReport>& reports,
                  bool has_kl);

// "reward 0.312 (stored 0.051)  kl 0.0021  loss 0.43  1234 tokens/s"
std::string progress_numbers(const Json& line);

}  // namespace arf
