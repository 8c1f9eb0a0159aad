#include "text/token_decoder.h"

#include <optional>
#include <string_view>
#include <utility>

#include "core/utf8.h"

namespace arf {
namespace {

using Tokens = std::vector<std::string>;

std::string replaced(const std::string& text, std::string_view from, std::string_view to) {
  std::string made;
  std::size_t begin = 0;
  for (std::size_t at = text.find(from); at != std::string::npos; at = text.find(from, begin)) {
    made.append(text, begin, at - begin).append(to);
    begin = at + from.size();
  }
  return begin == 0 ? text : made.append(text, begin);
}

void run(const ReplaceInToken& step, Tokens* tokens) {
  for (std::string& token : *tokens) token = replaced(token, step.from, step.to);
}

// The byte that a token names as <0xAB>.
std::optional<char> named_byte(const std::string& token) {
  if (token.size() != 6 || !token.starts_with("<0x") || token[5] != '>') return {};
  int value = 0;
  for (const char digit : token.substr(3, 2)) {
    const bool number = digit >= '0' && digit <= '9', upper = digit >= 'A' && digit <= 'F',
               lower = digit >= 'a' && digit <= 'f';
    if (!number && !upper && !lower) return {};
    value = value * 16 + (number ? digit - '0' : (digit | 0x20) - 'a' + 10);
  }
  return static_cast<char>(value);
}

void run(const ByteFallback&, Tokens* tokens) {
  Tokens made;
  std::string bytes;
  const auto end_run = [&] {
    if (bytes.empty()) return;
    if (first_invalid_utf8(bytes) == bytes.size()) {
      made.push_back(bytes);
    } else {
      made.insert(made.end(), bytes.size(), "\xef\xbf\xbd");
    }
    bytes.clear();
  };
  for (std::string& token : *tokens) {
    if (const auto byte = named_byte(token)) {
      bytes += *byte;
      continue;
    }
    end_run();
    made.push_back(std::move(token));
  }
  end_run();
  *tokens = std::move(made);
}

void run(const Fuse&, Tokens* tokens) {
  std::string all;
  for (const std::string& token : *tokens) all += token;
  *tokens = {std::move(all)};
}

void run(const StripToken& step, Tokens* tokens) {
  for (std::string& token : *tokens) {
    std::string_view left = token;
    for (std::size_t i = 0; i < step.start && left.starts_with(step.content); ++i) {
      left.remove_prefix(step.content.size());
    }
    for (std::size_t i = 0; i < step.stop && left.ends_with(step.content); ++i) {
      left.remove_suffix(step.content.size());
    }
    token = std::string(left);
  }
}

void run(const MetaspaceToken& step, Tokens* tokens) {
  for (std::size_t i = 0; i < tokens->size(); ++i) {
    (*tokens)[i] = replaced((*tokens)[i], step.mark, i == 0 && step.strips_first ? "" : " ");
  }
}

std::string cleaned_up(std::string text) {
  constexpr std::pair<const char*, const char*> kRules[] = {
      {" .", "."},   {" ?", "?"},     {" !", "!"},    {" ,", ","},
      {" ' ", "'"},  {" n't", "n't"}, {" 'm", "'m"},  {" do not", " don't"},
      {" 's", "'s"}, {" 've", "'ve"}, {" 're", "'re"}};
  for (const auto& [from, to] : kRules) text = replaced(text, from, to);
  return text;
}

void run(const WordPieceToken& step, Tokens* tokens) {
  for (std::size_t i = 0; i < tokens->size(); ++i) {
    std::string& token = (*tokens)[i];
    if (i > 0) {
      token = token.starts_with(step.prefix) ? token.substr(step.prefix.size()) : " " + token;
    }
    if (step.clean_up) token = cleaned_up(std::move(token));
  }
}

}  // namespace

std::string decode_tokens(const std::vector<DecoderStep>& steps, Tokens tokens) {
  for (const DecoderStep& step : steps) {
    std::visit([&](const auto& one) { run(one, &tokens); }, step);
  }
  std::string text;
  for (const std::string& token : tokens) text += token;
  return text;
}

}  // namespace arf
