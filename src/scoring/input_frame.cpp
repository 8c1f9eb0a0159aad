#include "scoring/input_frame.h"

#include <algorithm>

#include "core/error.h"

namespace arf {

InputFrame find_input_frame(const Tokenizer& tokenizer) {
  const auto begin = tokenizer.id_of("<s>"), end = tokenizer.id_of("</s>");
  if (begin && end) return {*begin, {*end, *end}, *end};
  const auto classify = tokenizer.id_of("[CLS]"), separate = tokenizer.id_of("[SEP]");
  if (classify && separate) return {*classify, {*separate}, *separate};
  const auto start = tokenizer.id_of("<|endoftext|>"), stop = tokenizer.id_of("<|im_end|>");
  if (start && stop) return {*start, {*stop}, *stop};
  input_error(
      "the scorer's tokenizer has neither <s> and </s> nor [CLS] and [SEP] nor <|endoftext|> and "
      "<|im_end|> to mark where texts begin and end; use RoBERTa's, BERT's, Qwen2's or one of `arf "
      "fit-tokenizer`");
}

std::vector<TokenId> frame_text(const InputFrame& frame, const std::vector<TokenId>& text,
                                std::size_t most) {
  const auto kept = static_cast<std::ptrdiff_t>(std::min(text.size(), most - 2));
  std::vector<TokenId> framed = {frame.begin};
  framed.insert(framed.end(), text.begin(), text.begin() + kept);
  framed.push_back(frame.end);
  return framed;
}

std::vector<TokenId> frame_pair(const InputFrame& frame, const std::vector<TokenId>& prompt,
                                const std::vector<TokenId>& response, std::size_t most) {
  const std::size_t room = most - 2 - frame.between.size();
  const std::size_t left = room - std::min(room, response.size());
  const std::size_t of_prompt = std::min(prompt.size(), std::max(room / 2, left));
  const std::size_t of_response = std::min(response.size(), room - of_prompt);
  std::vector<TokenId> framed = {frame.begin};
  framed.insert(framed.end(), prompt.end() - static_cast<std::ptrdiff_t>(of_prompt), prompt.end());
  framed.insert(framed.end(), frame.between.begin(), frame.between.end());
  framed.insert(framed.end(), response.end() - static_cast<std::ptrdiff_t>(of_response),
                response.end());
  framed.push_back(frame.end);
  return framed;
}

}  // namespace arf
