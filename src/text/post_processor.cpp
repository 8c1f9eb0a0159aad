#include "text/post_processor.h"

#include <algorithm>
#include <limits>

namespace arf {
namespace {

using Kind = FramePiece::Kind;

std::vector<Kind> texts_of(const TextFrame& frame) {
  std::vector<Kind> texts;
  for (const FramePiece& piece : frame) {
    if (piece.kind != Kind::kToken) texts.push_back(piece.kind);
  }
  return texts;
}

}  // namespace

void PostProcessorReader::read(const SortedJson& processor) {
  const std::string type = type_of(processor);
  if (type == "Sequence") {
    for (const SortedJson& step : list(processor, "processors")) read(step);
  } else if (type == "RobertaProcessing" || type == "BertProcessing") {
    read_marks(processor, type == "RobertaProcessing");
  } else if (type == "TemplateProcessing") {
    read_templates(processor);
  } else if (type != "none" && type != "ByteLevel") {
    refuse("post_processor", type,
           "ByteLevel, RobertaProcessing, BertProcessing and TemplateProcessing");
  }
}

// BERT: [CLS] A [SEP] B [SEP] with B of type 1. RoBERTa: <s> A </s></s> B </s>, all of type 0.
void PostProcessorReader::read_marks(const SortedJson& processor, bool roberta) {
  const FramePiece begin{Kind::kToken, 0, read_mark(child(processor, "cls"))};
  const FramePiece end{Kind::kToken, 0, read_mark(child(processor, "sep"))};
  const FramePiece first{Kind::kFirst};
  const std::int32_t type = roberta ? 0 : 1;
  const FramePiece second{Kind::kSecond, type}, last{Kind::kToken, type, end.token};
  TextFrame pair = {begin, first, end, second, last};
  if (roberta) pair.insert(pair.begin() + 3, end);
  set_frames({begin, first, end}, std::move(pair));
}

TokenId PostProcessorReader::read_mark(const SortedJson& pair) const {
  if (!pair.is_array() || pair.size() != 2 || !pair[0].is_string())
    fail("a post-processor's token is {}, not a pair of text and id", pair.dump());
  return read_id(pair[1]);
}

TokenId PostProcessorReader::read_id(const SortedJson& id) const {
  if (!id.is_number_integer() || id < 0 || id > std::numeric_limits<TokenId>::max())
    fail("a post-processor's token has the id {}, which is none", id.dump());
  return id.get<TokenId>();
}

void PostProcessorReader::read_templates(const SortedJson& processor) {
  const SortedJson& specials = child(processor, "special_tokens");
  TextFrame one = read_template(child(processor, "single"), specials);
  TextFrame two = read_template(child(processor, "pair"), specials);
  if (one.empty()) one = TextFrame{FramePiece{Kind::kFirst}};
  if (texts_of(one) != std::vector{Kind::kFirst})
    refuse("TemplateProcessing", child(processor, "single").dump(), "one with a text A once");
  // Decoders never use it, so a pair of another kind is the scorer's to refuse.
  if (texts_of(two) != std::vector{Kind::kFirst, Kind::kSecond}) two.clear();
  set_frames(std::move(one), std::move(two));
}

TextFrame PostProcessorReader::read_template(const SortedJson& pieces,
                                             const SortedJson& specials) const {
  TextFrame frame;
  for (const SortedJson& piece : pieces) {
    if (piece.contains("Sequence")) {
      frame.push_back(read_text_place(child(piece, "Sequence")));
    } else {
      append_tokens(child(piece, "SpecialToken"), specials, &frame);
    }
  }
  return frame;
}

FramePiece PostProcessorReader::read_text_place(const SortedJson& sequence) const {
  const std::string id = text(sequence, "id");
  if (id != "A" && id != "B") fail("the post-processor's text `{}` is neither `A` nor `B`", id);
  return {id == "A" ? Kind::kFirst : Kind::kSecond, read_type(sequence)};
}

void PostProcessorReader::append_tokens(const SortedJson& special, const SortedJson& specials,
                                        TextFrame* frame) const {
  const std::string name = text(special, "id");
  const SortedJson& ids = child(child(specials, name.c_str()), "ids");
  if (!ids.is_array()) fail("the post-processor's token `{}` has no list `ids`", name);
  for (const SortedJson& id : ids) {
    frame->push_back({Kind::kToken, read_type(special), read_id(id)});
  }
}

std::int32_t PostProcessorReader::read_type(const SortedJson& piece) const {
  const SortedJson& type = child(piece, "type_id");
  if (type.is_null()) return 0;
  constexpr std::int32_t kMost = 1 << 16;
  if (!type.is_number_unsigned() || type > kMost)
    fail("a `type_id` of the post-processor is {}, not a whole number up to {}", type.dump(),
         kMost);
  return type.get<std::int32_t>();
}

void PostProcessorReader::set_frames(TextFrame one, TextFrame two) {
  if (framed_) refuse("post_processor", "Sequence", "a Sequence of which one part adds tokens");
  framed_ = true;
  parts_.frame = std::move(one);
  parts_.pair_frame = std::move(two);
}

}  // namespace arf
