// What happens to a text before it is split: the normaliser of tokenizer.json.
#pragma once

#include <string>
#include <string_view>
#include <variant>
#include <vector>

namespace arf {

struct ComposeStep {};  // NFC
struct PrependStep {    // before a text that is not empty
  std::string prefix;
};
struct ReplaceStep {
  std::string from, to;
};
// Devlin et al. 2019's: control characters out, every white space a space, spaces around CJK
// ideographs, accents off, lower case; in this order.
struct BertStep {
  bool clean_text = true, chinese_characters = true, strip_accents = true, lowercase = true;
};
using NormalizerStep = std::variant<ComposeStep, PrependStep, ReplaceStep, BertStep>;

class Normalizer {
 public:
  void add(NormalizerStep step);
  bool empty() const { return steps_.empty(); }
  std::size_t num_steps() const { return steps_.size(); }
  // The normalised text: `text` itself where nothing changes, or the new one in `buffer`.
  // input_error where it is far longer.
  std::string_view apply(std::string_view text, std::string* buffer) const;

 private:
  std::vector<NormalizerStep> steps_;
};

}  // namespace arf
