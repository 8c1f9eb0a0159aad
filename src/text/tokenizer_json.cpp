#include "text/tokenizer_json.h"

#include <initializer_list>
#include <nlohmann/json.hpp>
#include <string_view>

#include "core/error.h"
#include "text/byte_alphabet.h"

namespace arf {
namespace {

// Sorted keys: an ordered object looks each key up in a list, and a vocabulary has 150,000.
using SortedJson = nlohmann::json;

constexpr std::int64_t kLargestId = (1 << 24) - 1;  // tables by id stay below a gigabyte

class Reader {
 public:
  Reader(const SortedJson& root, const std::string& place) : root_(root), place_(place) {}

  TokenizerParts read() {
    read_normalizer(child(root_, "normalizer"));
    read_pre_tokenizer(child(root_, "pre_tokenizer"));
    read_post_processor(child(root_, "post_processor"));
    read_decoder(child(root_, "decoder"));
    const SortedJson& model = child(root_, "model");
    read_model_options(model);
    read_vocabulary(child(model, "vocab"));
    read_added_tokens(child(root_, "added_tokens"));
    read_byte_tokens();
    read_merges(child(model, "merges"));
    return std::move(parts_);
  }

 private:
  template <typename... Args>
  [[noreturn]] void fail(fmt::format_string<Args...> format, Args&&... args) const {
    input_error("{}: {}", place_, fmt::format(format, std::forward<Args>(args)...));
  }
  [[noreturn]] void unknown(const char* part, const std::string& name, const char* known) const {
    fail("the {} `{}` is not known here (only {}); use a byte-level BPE tokenizer of GPT-2's, "
         "RoBERTa's, Qwen2's or Llama 3's kind",
         part, name, known);
  }
  static const SortedJson& child(const SortedJson& object, const char* key) {
    static const SortedJson null;
    if (!object.is_object()) return null;
    const auto found = object.find(key);
    return found == object.end() ? null : *found;
  }
  std::string type_of(const SortedJson& component) const {
    if (component.is_null()) return "none";
    const SortedJson& type = child(component, "type");
    return type.is_string() ? type.get<std::string>() : "without a type";
  }
  bool flag(const SortedJson& object, const char* key, bool missing) const {
    const SortedJson& value = child(object, key);
    if (value.is_null()) return missing;
    if (!value.is_boolean()) fail("`{}` is {}, not true or false", key, value.dump());
    return value.get<bool>();
  }
  const SortedJson& list(const SortedJson& object, const char* key) const {
    const SortedJson& value = child(object, key);
    if (!value.is_array()) fail("a Sequence has no list `{}`", key);
    return value;
  }

  void read_normalizer(const SortedJson& normalizer);
  void read_pre_tokenizer(const SortedJson& pre_tokenizer);
  void read_split(const SortedJson& split);
  void read_byte_level(const SortedJson& byte_level);
  void read_post_processor(const SortedJson& processor) const;
  void read_decoder(const SortedJson& decoder) const;
  void read_model_options(const SortedJson& model);
  void read_vocabulary(const SortedJson& vocabulary);
  TokenId read_id(const std::string& token, const SortedJson& id) const;
  void read_added_tokens(const SortedJson& tokens);
  AddedToken read_added_token(const SortedJson& token) const;
  void read_byte_tokens();
  void read_merges(const SortedJson& merges);
  std::pair<std::string, std::string> merge_parts(const SortedJson& merge, std::size_t row) const;

  const SortedJson& root_;
  const std::string& place_;
  TokenizerParts parts_;
  std::unordered_map<TokenId, std::string> tokens_;  // the vocabulary by id
};

void Reader::read_normalizer(const SortedJson& normalizer) {
  const std::string type = type_of(normalizer);
  if (type == "none") return;
  if (type == "NFC") {
    parts_.compose = true;
  } else if (type == "Sequence") {
    for (const SortedJson& part : list(normalizer, "normalizers")) read_normalizer(part);
  } else {
    unknown("normalizer", type, "NFC");
  }
}

void Reader::read_pre_tokenizer(const SortedJson& pre_tokenizer) {
  const std::string type = type_of(pre_tokenizer);
  if (type == "Sequence") {
    const SortedJson& steps = list(pre_tokenizer, "pretokenizers");
    if (steps.size() == 1) return read_pre_tokenizer(steps[0]);
    if (steps.size() != 2 || type_of(steps[0]) != "Split" || type_of(steps[1]) != "ByteLevel")
      unknown("pre_tokenizer", pre_tokenizer.dump(), "Split then ByteLevel, or ByteLevel alone");
    read_split(steps[0]);
    read_byte_level(steps[1]);
  } else if (type == "ByteLevel") {
    read_byte_level(pre_tokenizer);
  } else {
    unknown("pre_tokenizer", type, "Split then ByteLevel, or ByteLevel alone");
  }
}

void Reader::read_split(const SortedJson& split) {
  const SortedJson& regex = child(child(split, "pattern"), "Regex");
  const std::string pattern =
      regex.is_string() ? regex.get<std::string>() : child(split, "pattern").dump();
  parts_.next_word = find_split(pattern);
  if (!parts_.next_word) unknown("split pattern", pattern, "Qwen2's, Llama 3's and GPT-2's");
  if (child(split, "behavior") != "Isolated" || flag(split, "invert", false))
    unknown("Split", split.dump(), "behavior Isolated, not inverted");
}

void Reader::read_byte_level(const SortedJson& byte_level) {
  parts_.prefix_space = flag(byte_level, "add_prefix_space", true);
  const bool splits = flag(byte_level, "use_regex", true);
  if (parts_.next_word && (splits || parts_.prefix_space))
    unknown("ByteLevel behind a Split", byte_level.dump(), "without regex and prefix space");
  if (!parts_.next_word && !splits)
    unknown("ByteLevel", byte_level.dump(), "with use_regex, or behind a Split");
  if (splits) parts_.next_word = find_split(kGpt2Pattern);
}

void Reader::read_post_processor(const SortedJson& processor) const {
  const std::string type = type_of(processor);
  if (type == "Sequence") {
    for (const SortedJson& step : list(processor, "processors")) read_post_processor(step);
  } else if (type != "none" && type != "ByteLevel" && type != "RobertaProcessing" &&
             type != "BertProcessing" && type != "TemplateProcessing") {
    unknown("post_processor", type,
            "ByteLevel, RobertaProcessing, BertProcessing and TemplateProcessing");
  }
}

void Reader::read_decoder(const SortedJson& decoder) const {
  const std::string type = type_of(decoder);
  if (type == "Sequence" && list(decoder, "decoders").size() == 1)
    return read_decoder(list(decoder, "decoders")[0]);
  if (type != "ByteLevel") unknown("decoder", type, "ByteLevel");
}

void Reader::read_model_options(const SortedJson& model) {
  if (!model.is_object()) fail("it has no object `model`; is it a tokenizer.json?");
  // Older files leave the type out; then only BPE has merges.
  const std::string type =
      child(model, "type").is_null() && model.contains("merges") ? "BPE" : type_of(model);
  if (type != "BPE") unknown("model", type, "BPE");
  for (const char* key : {"continuing_subword_prefix", "end_of_word_suffix"}) {
    const SortedJson& value = child(model, key);
    if (!value.is_null() && value != "") unknown("model option", key, "the empty one");
  }
  if (flag(model, "byte_fallback", false)) unknown("model option", "byte_fallback", "false");
  const SortedJson& dropout = child(model, "dropout");
  if (!dropout.is_null() && dropout != 0.0) unknown("model option", "dropout", "none");
  parts_.ignore_merges = flag(model, "ignore_merges", false);
}

TokenId Reader::read_id(const std::string& token, const SortedJson& id) const {
  if (!id.is_number_integer() || id < 0 || id > kLargestId)
    fail("token `{}` has the id {}, which is not in 0 to {}", token, id.dump(), kLargestId);
  return id.get<TokenId>();
}

void Reader::read_vocabulary(const SortedJson& vocabulary) {
  if (!vocabulary.is_object()) fail("it has no object `model.vocab`");
  parts_.vocabulary.reserve(vocabulary.size());
  tokens_.reserve(vocabulary.size());
  for (const auto& [token, value] : vocabulary.items()) {
    if (token.empty()) fail("`model.vocab` has a token without characters");
    const TokenId id = read_id(token, value);
    const auto [before, is_new] = tokens_.emplace(id, token);
    if (!is_new) fail("tokens `{}` and `{}` both have the id {}", before->second, token, id);
    parts_.vocabulary.emplace(token, id);
  }
}

AddedToken Reader::read_added_token(const SortedJson& token) const {
  const SortedJson& content = child(token, "content");
  if (!content.is_string() || content.get_ref<const std::string&>().empty())
    fail("an added token has no text `content`: {}", token.dump());
  AddedToken added;
  added.content = content.get<std::string>();
  added.id = read_id(added.content, child(token, "id"));
  added.special = flag(token, "special", false);
  added.takes_spaces_before = flag(token, "lstrip", false);
  added.takes_spaces_behind = flag(token, "rstrip", false);
  added.normalized = flag(token, "normalized", !added.special);
  if (flag(token, "single_word", false)) unknown("added token option", "single_word", "false");
  return added;
}

void Reader::read_added_tokens(const SortedJson& tokens) {
  if (!tokens.is_null() && !tokens.is_array()) fail("`added_tokens` is not a list");
  for (const SortedJson& token : tokens) {
    AddedToken added = read_added_token(token);
    const auto [known, is_new] = parts_.vocabulary.emplace(added.content, added.id);
    if (known->second != added.id)
      fail("token `{}` has two ids, {} and {}", added.content, known->second, added.id);
    const auto [owner, id_is_new] = tokens_.emplace(added.id, added.content);
    if (owner->second != added.content)
      fail("tokens `{}` and `{}` both have the id {}", owner->second, added.content, added.id);
    parts_.added.push_back(std::move(added));
  }
}

void Reader::read_byte_tokens() {
  for (int byte = 0; byte < 256; ++byte) {
    const auto letter = spell_bytes(std::string(1, static_cast<char>(byte)));
    const auto found = parts_.vocabulary.find(letter);
    if (found == parts_.vocabulary.end())
      fail("byte 0x{:02x} has no token `{}`; this is no whole byte-level vocabulary", byte, letter);
    parts_.byte_tokens[static_cast<std::size_t>(byte)] = found->second;
  }
}

std::pair<std::string, std::string> Reader::merge_parts(const SortedJson& merge,
                                                        std::size_t row) const {
  if (merge.is_array() && merge.size() == 2 && merge[0].is_string() && merge[1].is_string())
    return {merge[0].get<std::string>(), merge[1].get<std::string>()};
  const std::string text = merge.is_string() ? merge.get<std::string>() : "";
  const std::size_t space = text.find(' ');
  if (space == std::string::npos || text.find(' ', space + 1) != std::string::npos)
    fail("merge {} is {}, not two tokens", row, merge.dump());
  return {text.substr(0, space), text.substr(space + 1)};
}

void Reader::read_merges(const SortedJson& merges) {
  if (!merges.is_array()) fail("it has no list `model.merges`");
  std::unordered_map<TokenId, bool> special;
  for (const AddedToken& token : parts_.added) special[token.id] = token.special;
  const auto id_of = [&](const std::string& token, std::size_t row) {
    const auto found = parts_.vocabulary.find(token);
    if (found == parts_.vocabulary.end())
      fail("merge {} needs the token `{}`, which is not in `model.vocab`", row, token);
    return found->second;
  };
  parts_.merges.reserve(merges.size());
  for (std::size_t row = 1; row <= merges.size(); ++row) {
    const auto [left, right] = merge_parts(merges[row - 1], row);
    const Merge merge = {id_of(left, row), id_of(right, row), id_of(left + right, row)};
    const auto found = special.find(merge.made);
    if (found != special.end() && found->second)
      fail("merge {} makes the special token `{}`: any text could become it", row, left + right);
    parts_.merges.push_back(merge);
  }
}

}  // namespace

TokenizerParts read_tokenizer_json(const std::string& json, const std::string& place) {
  SortedJson root;
  try {
    root = SortedJson::parse(json);
  } catch (const SortedJson::exception& error) {
    input_error("{}: is not valid JSON: {}", place, error.what());
  }
  if (!root.is_object()) input_error("{}: is no JSON object; is it a tokenizer.json?", place);
  return Reader(root, place).read();
}

}  // namespace arf
