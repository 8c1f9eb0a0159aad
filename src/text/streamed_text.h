// The text of a reply while its tokens come: each token costs the decoding of a few, not of all.
#pragma once

#include <string>
#include <vector>

#include "text/tokenizer.h"

namespace arf {

class StreamedText {
 public:
  explicit StreamedText(const Tokenizer& tokenizer) : tokenizer_(tokenizer) {}  // keeps a reference
  void append(TokenId token);  // special tokens and ids without a token have no text
  // What the last tokens leave of a character counts from here on, too: no token follows.
  void finish();
  // Of all tokens, up to the last whole character. As Tokenizer::decode gives it, but that bytes
  // which are no UTF-8 may be replaced otherwise, since what was given out stands.
  const std::string& text() const { return text_; }

 private:
  std::string text_behind(const std::string& decoded) const;
  const Tokenizer& tokenizer_;
  // The last num_told_ tokens of text_, since a token's text may depend on the one before, then
  // those that are not in it yet.
  std::vector<TokenId> window_;
  std::size_t num_told_ = 0;
  std::string text_;
};

}  // namespace arf
