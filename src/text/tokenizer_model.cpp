#include "text/tokenizer_model.h"

#include "text/byte_alphabet.h"

namespace arf {
namespace {

constexpr std::int64_t kLargestId = (1 << 22) - 1;  // bounds the tables by id

}  // namespace

void ModelReader::read(const SortedJson& root) {
  const SortedJson& model = child(root, "model");
  read_options(model);
  read_vocabulary(child(model, "vocab"));
  read_added_tokens(child(root, "added_tokens"));
  read_byte_tokens();
  read_merges(child(model, "merges"));
}

void ModelReader::read_options(const SortedJson& model) {
  // Older files leave the type out; then only BPE has merges.
  const std::string type =
      child(model, "type").is_null() && model.contains("merges") ? "BPE" : type_of(model);
  if (type != "BPE") refuse("model", type, "BPE");
  for (const char* key : {"continuing_subword_prefix", "end_of_word_suffix"}) {
    const SortedJson& value = child(model, key);
    if (!value.is_null() && value != "") refuse("model option", key, "the empty one");
  }
  if (flag(model, "byte_fallback", false)) refuse("model option", "byte_fallback", "false");
  const SortedJson& dropout = child(model, "dropout");
  if (!dropout.is_null() && dropout != 0.0) refuse("model option", "dropout", "none");
  parts_.ignore_merges = flag(model, "ignore_merges", false);
}

TokenId ModelReader::read_id(const std::string& token, const SortedJson& id) const {
  if (!id.is_number_integer() || id < 0 || id > kLargestId)
    fail("token `{}` has the id {}, which is not in 0 to {}", token, id.dump(), kLargestId);
  return id.get<TokenId>();
}

void ModelReader::read_vocabulary(const SortedJson& vocabulary) {
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

AddedToken ModelReader::read_added_token(const SortedJson& token) const {
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
  if (flag(token, "single_word", false)) refuse("added token option", "single_word", "false");
  return added;
}

void ModelReader::read_added_tokens(const SortedJson& tokens) {
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

void ModelReader::read_byte_tokens() {
  for (int byte = 0; byte < 256; ++byte) {
    const auto letter = spell_bytes(std::string(1, static_cast<char>(byte)));
    const auto found = parts_.vocabulary.find(letter);
    if (found == parts_.vocabulary.end())
      fail("byte 0x{:02x} has no token `{}`; this is no whole byte-level vocabulary", byte, letter);
    parts_.byte_tokens[static_cast<std::size_t>(byte)] = found->second;
  }
}

std::pair<std::string, std::string> ModelReader::merge_parts(const SortedJson& merge,
                                                             std::size_t row) const {
  if (merge.is_array() && merge.size() == 2 && merge[0].is_string() && merge[1].is_string())
    return {merge[0].get<std::string>(), merge[1].get<std::string>()};
  const std::string text = merge.is_string() ? merge.get<std::string>() : "";
  const std::size_t space = text.find(' ');
  if (space == std::string::npos || text.find(' ', space + 1) != std::string::npos)
    fail("merge {} is {}, not two tokens", row, merge.dump());
  return {text.substr(0, space), text.substr(space + 1)};
}

TokenId ModelReader::token_of_merge(const std::string& token, std::size_t row) const {
  const auto found = parts_.vocabulary.find(token);
  if (found == parts_.vocabulary.end())
    fail("merge {} needs the token `{}`, which is not in `model.vocab`", row, token);
  return found->second;
}

void ModelReader::read_merges(const SortedJson& merges) {
  if (!merges.is_array()) fail("it has no list `model.merges`");
  std::unordered_map<TokenId, bool> special;
  for (const AddedToken& token : parts_.added) special[token.id] = token.special;
  parts_.merges.reserve(merges.size());
  for (std::size_t row = 1; row <= merges.size(); ++row) {
    const auto [left, right] = merge_parts(merges[row - 1], row);
    const Merge merge = {token_of_merge(left, row), token_of_merge(right, row),
                         token_of_merge(left + right, row)};
    const auto found = special.find(merge.made);
    if (found != special.end() && found->second)
      fail("merge {} makes the special token `{}`: any text could become it", row, left + right);
    parts_.merges.push_back(merge);
  }
}

}  // namespace arf
