#include "generation/reply_end.h"

#include <algorithm>

#include "core/error.h"

namespace arf {

ReplyEnd::ReplyEnd(const Tokenizer& tokenizer, std::vector<TokenId> tokens,
                   std::vector<std::string> strings)
    : tokenizer_(tokenizer), tokens_(std::move(tokens)), strings_(std::move(strings)) {
  for (const std::string& string : strings_) {
    if (string.empty()) usage_error("generate.stop holds an empty string, which ends every reply");
    longest_ = std::max(longest_, string.size());
  }
}

bool ReplyEnd::is_end_token(TokenId token) const {
  return std::find(tokens_.begin(), tokens_.end(), token) != tokens_.end();
}

std::size_t ReplyEnd::find_string(const std::string& text, std::size_t from) const {
  std::size_t first = std::string::npos;
  for (const std::string& string : strings_) first = std::min(first, text.find(string, from));
  return first;
}

bool ReplyEnd::ends(const std::vector<TokenId>& reply) const {
  if (is_end_token(reply.back())) return true;
  if (strings_.empty()) return false;
  // The string ends within the last token, so it begins at most longest_ - 1 bytes before it, and a
  // token that is not special has a byte or more. Not from within a run of byte tokens, which are
  // text only together.
  std::size_t begin = reply.size(), with_bytes = 0;
  while (begin > 0 && (with_bytes < longest_ + 1 || tokenizer_.is_byte(reply[begin]))) {
    --begin;
    const TokenId token = reply[begin];
    with_bytes += tokenizer_.is_token(token) && !tokenizer_.is_special(token) ? 1 : 0;
  }
  return find_string(tokenizer_.decode(std::span(reply).subspan(begin))) != std::string::npos;
}

std::size_t ReplyEnd::settled(const std::string& text, std::size_t from, bool more) const {
  if (const std::size_t end = find_string(text, from); end != std::string::npos) return end;
  if (!more) return text.size();
  for (std::size_t at = text.size() - std::min(text.size(), longest_); at < text.size(); ++at) {
    for (const std::string& string : strings_) {
      if (string.starts_with(std::string_view(text).substr(at))) return at;
    }
  }
  return text.size();
}

std::string ReplyEnd::text(const std::vector<TokenId>& reply) const {
  std::string text = tokenizer_.decode(reply);
  if (!strings_.empty()) text.resize(std::min(text.size(), find_string(text)));
  return text;
}

}  // namespace arf
