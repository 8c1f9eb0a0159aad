#include "scoring/input_frame.h"

#include <algorithm>

#include "core/error.h"

namespace arf {
namespace {

using Kind = FramePiece::Kind;

// begin text end, and begin prompt between response end.
InputFrame make_frame(TokenId begin, const std::vector<TokenId>& between, TokenId end,
                      std::int32_t second_type) {
  const FramePiece first{Kind::kFirst}, opening{Kind::kToken, 0, begin};
  InputFrame frame{{opening, first, {Kind::kToken, 0, end}}, {opening, first}};
  for (const TokenId token : between) frame.pair.push_back({Kind::kToken, 0, token});
  frame.pair.push_back({Kind::kSecond, second_type});
  frame.pair.push_back({Kind::kToken, second_type, end});
  return frame;
}

InputFrame frame_by_names(const Tokenizer& tokenizer) {
  const auto begin = tokenizer.id_of("<s>"), end = tokenizer.id_of("</s>");
  if (begin && end) return make_frame(*begin, {*end, *end}, *end, 0);
  const auto classify = tokenizer.id_of("[CLS]"), separate = tokenizer.id_of("[SEP]");
  if (classify && separate) return make_frame(*classify, {*separate}, *separate, 1);
  const auto start = tokenizer.id_of("<|endoftext|>"), stop = tokenizer.id_of("<|im_end|>");
  if (start && stop) return make_frame(*start, {*stop}, *stop, 0);
  input_error(
      "the scorer's tokenizer has no post-processor that puts tokens around a text, and neither "
      "<s> and </s> nor [CLS] and [SEP] nor <|endoftext|> and <|im_end|> to mark where texts begin "
      "and end; use RoBERTa's, BERT's, Qwen2's or one of `arf fit-tokenizer`");
}

void fit_types(TextFrame* frame, std::int64_t num_token_types) {
  for (FramePiece& piece : *frame) {
    if (num_token_types == 1) piece.type = 0;
    if (piece.type >= num_token_types) {
      input_error(
          "the tokenizer's post-processor has tokens of type {}, and the encoder has {} types "
          "(type_vocab_size), from 0; they do not belong together",
          piece.type, num_token_types);
    }
  }
}

}  // namespace

InputFrame find_input_frame(const Tokenizer& tokenizer, std::int64_t num_token_types) {
  InputFrame frame{tokenizer.frame(), tokenizer.pair_frame()};
  if (frame.text.size() == 1) frame = frame_by_names(tokenizer);
  if (frame.pair.empty()) {
    input_error(
        "the scorer's tokenizer does not say how a pair of texts stands: `pair` of its "
        "post-processor is no text A followed by a text B; use RoBERTa's, BERT's, Qwen2's or one "
        "of `arf fit-tokenizer`");
  }
  fit_types(&frame.text, num_token_types);
  fit_types(&frame.pair, num_token_types);
  return frame;
}

FramedText frame_text(const InputFrame& frame, std::span<const TokenId> text, std::size_t most) {
  return fill_frame(frame.text, text.first(std::min(text.size(), most - (frame.text.size() - 1))));
}

FramedText frame_pair(const InputFrame& frame, std::span<const TokenId> prompt,
                      std::span<const TokenId> response, std::size_t most) {
  const std::size_t room = most - (frame.pair.size() - 2);
  const std::size_t left = room - std::min(room, response.size());
  const std::size_t of_prompt = std::min(prompt.size(), std::max(room / 2, left));
  const std::size_t of_response = std::min(response.size(), room - of_prompt);
  return fill_frame(frame.pair, prompt.last(of_prompt), response.last(of_response));
}

}  // namespace arf
