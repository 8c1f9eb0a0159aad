// Scores each response in its prompt once: most turns of a trace's variants are the trace's own.
#pragma once

#include <functional>
#include <vector>

#include "augment/augment_settings.h"
#include "core/text_hash.h"

namespace arf {

class ScoreMemo {
 public:
  using Function = std::function<std::vector<Satisfaction>(const std::vector<PromptedResponse>&)>;

  // `arf`: a text's score must not depend on the others in the call.
  explicit ScoreMemo(Function arf) : arf_(std::move(arf)) {}

  std::vector<Satisfaction> score(const std::vector<PromptedResponse>& inputs);
  void forget() { known_.clear(); }

 private:
  Function arf_;
  TextMap<Satisfaction> known_;  // by the SHA-256 of the prompt and that of the response
};

}  // namespace arf
