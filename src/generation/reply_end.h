// What ends a reply besides its length: end tokens and stop strings.
#pragma once

#include <string>
#include <vector>

#include "text/tokenizer.h"

namespace arf {

class ReplyEnd {
 public:
  // tokens: each ends a reply and belongs to it. strings: one that a reply's text comes to hold
  // ends it, too; usage_error for an empty one. Keeps a reference.
  ReplyEnd(const Tokenizer& tokenizer, std::vector<TokenId> tokens,
           std::vector<std::string> strings);

  // Whether the last token of a reply that had not ended before it [n] ends it.
  bool ends(const std::vector<TokenId>& reply) const;
  bool is_end_token(TokenId token) const;
  // Bytes at the beginning of a reply's text that belong to it, where `from` of them are known to:
  // up to the first stop string. With more text to come, up to where one may have begun.
  std::size_t settled(const std::string& text, std::size_t from, bool more) const;
  // A reply's text without the first stop string in it and what follows that.
  std::string text(const std::vector<TokenId>& reply) const;

 private:
  // Where the first stop string not before `from` begins; npos: none.
  std::size_t find_string(const std::string& text, std::size_t from = 0) const;

  const Tokenizer& tokenizer_;
  std::vector<TokenId> tokens_;
  std::vector<std::string> strings_;
  std::size_t longest_ = 0;  // bytes
};

}  // namespace arf
