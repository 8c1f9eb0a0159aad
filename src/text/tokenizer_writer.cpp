#include "text/tokenizer_writer.h"

#include "core/json.h"
#include "text/byte_alphabet.h"
#include "text/split.h"

namespace arf {
namespace {

constexpr const char* kChatTemplate =
    "{%- for message in messages %}"
    "{{- '<|im_start|>' + message['role'] + '\\n' + message['content'] + '<|im_end|>\\n' }}"
    "{%- endfor %}"
    "{%- if add_generation_prompt %}{{- '<|im_start|>assistant\\n' }}{%- endif %}";

std::string quoted(const std::string& text) { return Json(text).dump(); }

Json added_token(const char* content, std::size_t id) {
  return {{"id", id},        {"content", content},  {"single_word", false}, {"lstrip", false},
          {"rstrip", false}, {"normalized", false}, {"special", true}};
}

Json byte_level(bool splits) {
  return {{"type", "ByteLevel"},
          {"add_prefix_space", false},
          {"trim_offsets", false},
          {"use_regex", splits}};
}

// Everything but the model.
Json pipeline(std::size_t first_special) {
  Json added = Json::array();
  for (const char* content : {kEndOfText, kStartOfTurn, kEndOfTurn})
    added.push_back(added_token(content, first_special + added.size()));
  const Json split = {{"type", "Split"},
                      {"pattern", {{"Regex", kQwen2Pattern}}},
                      {"behavior", "Isolated"},
                      {"invert", false}};
  return {{"version", "1.0"},
          {"truncation", nullptr},
          {"padding", nullptr},
          {"added_tokens", added},
          {"normalizer", {{"type", "NFC"}}},
          {"pre_tokenizer", {{"type", "Sequence"}, {"pretokenizers", {split, byte_level(false)}}}},
          {"post_processor", byte_level(false)},
          {"decoder", byte_level(false)}};
}

// By hand: an ordered JSON object looks every key up in a list.
std::string model_text(const std::vector<std::string>& spellings,
                       const std::vector<Merge>& merges) {
  std::string text =
      "{\n    \"type\": \"BPE\",\n    \"dropout\": null,\n    \"unk_token\": null,\n"
      "    \"continuing_subword_prefix\": null,\n    \"end_of_word_suffix\": null,\n"
      "    \"fuse_unk\": false,\n    \"byte_fallback\": false,\n    \"ignore_merges\": false,\n"
      "    \"vocab\": {";
  for (std::size_t id = 0; id < spellings.size(); ++id) {
    text += id == 0 ? "\n" : ",\n";
    text += "      " + quoted(spellings[id]) + ": " + std::to_string(id);
  }
  text += "\n    },\n    \"merges\": [";
  for (const Merge& merge : merges) {
    text += &merge == merges.data() ? "\n" : ",\n";
    text += "      " + quoted(spellings[static_cast<std::size_t>(merge.left)] + " " +
                              spellings[static_cast<std::size_t>(merge.right)]);
  }
  return text + "\n    ]\n  }";
}

}  // namespace

std::string write_tokenizer_json(const std::vector<Merge>& merges) {
  std::vector<std::string> spellings;
  for (int rank = 0; rank < 256; ++rank)
    spellings.push_back(spell_bytes(std::string(1, static_cast<char>(byte_of_rank(rank)))));
  for (const Merge& merge : merges)
    spellings.push_back(spellings[static_cast<std::size_t>(merge.left)] +
                        spellings[static_cast<std::size_t>(merge.right)]);
  std::string text = pipeline(spellings.size()).dump(2);
  text.resize(text.rfind("\n}"));
  return text + ",\n  \"model\": " + model_text(spellings, merges) + "\n}\n";
}

const std::string& own_chat_template() {
  static const std::string text = kChatTemplate;
  return text;
}

std::string write_tokenizer_config() {
  const Json config = {{"tokenizer_class", "PreTrainedTokenizerFast"},
                       {"eos_token", kEndOfTurn},
                       {"pad_token", kEndOfText},
                       {"bos_token", nullptr},
                       {"unk_token", nullptr},
                       {"additional_special_tokens", {kStartOfTurn, kEndOfTurn}},
                       {"add_bos_token", false},
                       {"add_prefix_space", false},
                       {"clean_up_tokenization_spaces", false},
                       {"errors", "replace"},
                       {"chat_template", kChatTemplate}};
  return config.dump(2) + "\n";
}

}  // namespace arf
