#include "text/streamed_text.h"

#include <span>

namespace arf {

void StreamedText::append(TokenId token) {
  if (!tokenizer_.is_token(token) || tokenizer_.is_special(token)) return;
  window_.push_back(token);
  constexpr std::string_view kReplacement = "\xEF\xBF\xBD";  // what half a character decodes to
  const std::string decoded = tokenizer_.decode(window_);
  if (decoded.ends_with(kReplacement)) return;
  text_ += text_behind(decoded);
  window_.erase(window_.begin(), window_.begin() + static_cast<std::ptrdiff_t>(num_told_));
  num_told_ = window_.size();
}

void StreamedText::finish() {
  text_ += text_behind(tokenizer_.decode(window_));
  window_.clear();
  num_told_ = 0;
}

// What the window's text has more than that of its tokens in text_.
std::string StreamedText::text_behind(const std::string& decoded) const {
  const std::span<const TokenId> window(window_);
  const std::string told = tokenizer_.decode(window.first(num_told_));
  if (decoded.starts_with(told)) return decoded.substr(told.size());
  return tokenizer_.decode(window.subspan(num_told_));  // a run of byte tokens that is no UTF-8
}

}  // namespace arf
