#include "text/normalizer.h"

#include "core/error.h"
#include "text/unicode.h"

namespace arf {
namespace {

// NFC and BERT make a text three times longer at most, and so does a mark of three bytes for a
// space: what is made more of is no text that a tokenizer is for.
constexpr std::size_t kMostGrowth = 4, kSmallText = 1024;

// Each returns whether it changed the text; the new one is then in `made`.

bool run(const ComposeStep&, std::string_view text, std::string* made) {
  return compose(text, made);
}

bool run(const PrependStep& step, std::string_view text, std::string* made) {
  if (text.empty()) return false;
  *made = step.prefix;
  *made += text;
  return true;
}

bool run(const ReplaceStep& step, std::string_view text, std::string* made) {
  std::size_t found = text.find(step.from), begin = 0;
  if (found == std::string_view::npos) return false;
  made->clear();
  for (; found != std::string_view::npos; found = text.find(step.from, begin)) {
    *made += text.substr(begin, found - begin);
    *made += step.to;
    begin = found + step.from.size();
  }
  *made += text.substr(begin);
  return true;
}

bool is_chinese(char32_t c) {  // the CJK blocks of BERT's own tokenizer
  return (c >= 0x4e00 && c <= 0x9fff) || (c >= 0x3400 && c <= 0x4dbf) ||
         (c >= 0x20000 && c <= 0x2a6df) || (c >= 0x2a700 && c <= 0x2b73f) ||
         (c >= 0x2b740 && c <= 0x2b81f) || (c >= 0x2b920 && c <= 0x2ceaf) ||
         (c >= 0xf900 && c <= 0xfaff) || (c >= 0x2f800 && c <= 0x2fa1f);
}

std::string cleaned(const BertStep& step, std::string_view text) {
  std::string made;
  made.reserve(text.size());
  for (std::size_t at = 0; at < text.size();) {
    const Character next = character_at(text, at);
    const char32_t c = next.code;
    if (step.clean_text && (c == 0 || c == 0xfffd || is_control(c))) {
      // left out
    } else if (step.clean_text && is_white_space(c)) {
      made += ' ';
    } else if (step.chinese_characters && is_chinese(c)) {
      made += ' ';
      made += text.substr(at, next.length);
      made += ' ';
    } else {
      made += text.substr(at, next.length);
    }
    at += next.length;
  }
  return made;
}

bool run(const BertStep& step, std::string_view text, std::string* made) {
  *made = cleaned(step, text);
  if (step.strip_accents) *made = without_accents(*made);
  if (step.lowercase) *made = lower_cased(*made);
  return true;
}

}  // namespace

void Normalizer::add(NormalizerStep step) { steps_.push_back(std::move(step)); }

std::string_view Normalizer::apply(std::string_view text, std::string* buffer) const {
  const std::size_t size = text.size(), most = kMostGrowth * size + kSmallText;
  std::string made;
  for (const NormalizerStep& step : steps_) {
    if (!std::visit([&](const auto& one) { return run(one, text, &made); }, step)) continue;
    if (made.size() > most) {
      input_error("the tokenizer's normalizer makes more than {} bytes of a text of {}", most,
                  size);
    }
    buffer->swap(made);
    text = *buffer;
  }
  return text;
}

}  // namespace arf
