// The post-processor of tokenizer.json: how a text and a pair of texts stand between special
// tokens.
#pragma once

#include <string>

#include "text/json_fields.h"
#include "text/tokenizer_json.h"

namespace arf {

class PostProcessorReader : private JsonFields {
 public:
  PostProcessorReader(const std::string& place, TokenizerParts* parts)
      : JsonFields(place), parts_(*parts) {}
  // input_error: a component that is not known here, a token without ids, a text that stands twice.
  void read(const SortedJson& processor);

 private:
  void read_marks(const SortedJson& processor, bool roberta);
  void read_templates(const SortedJson& processor);
  TextFrame read_template(const SortedJson& pieces, const SortedJson& specials) const;
  void append_tokens(const SortedJson& special, const SortedJson& specials, TextFrame* frame) const;
  FramePiece read_text_place(const SortedJson& sequence) const;
  std::int32_t read_type(const SortedJson& piece) const;
  TokenId read_mark(const SortedJson& pair) const;
  TokenId read_id(const SortedJson& id) const;
  void set_frames(TextFrame one, TextFrame two);

  TokenizerParts& parts_;
  bool framed_ = false;
};

}  // namespace arf
