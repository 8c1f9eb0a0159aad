#include "text/tokenizer_model.h"

#include <algorithm>

#include "text/byte_alphabet.h"

namespace arf {
namespace {

// Tables are by id, so ids must not be far above the number of tokens. Gaps are rare and small.
constexpr std::size_t kMostIds = 1 << 22, kMostGap = 1 << 16;
// Looking for the longest one that fits costs its length at every place of a text: of what is
// looked for, bytes, and of a word that pieces are looked for in, characters (BERT's is 100).
constexpr std::size_t kMostAddedBytes = 512, kMostWordCharacters = 256;

}  // namespace

void ModelReader::read(const SortedJson& root) {
  const SortedJson& model = child(root, "model");
  // Older files leave the type out; then only BPE has merges.
  const std::string type =
      child(model, "type").is_null() && model.contains("merges") ? "BPE" : type_of(model);
  if (type != "BPE" && type != "WordPiece") refuse("model", type, "BPE and WordPiece");
  const std::size_t count = child(model, "vocab").size() + child(root, "added_tokens").size();
  largest_id_ = static_cast<std::int64_t>(std::min(2 * count + kMostGap, kMostIds)) - 1;
  read_vocabulary(child(model, "vocab"));
  model_vocabulary_ = parts_.vocabulary;
  read_added_tokens(child(root, "added_tokens"));
  type == "BPE" ? read_bpe(model) : read_word_piece(model);
}

void ModelReader::read_bpe(const SortedJson& model) {
  for (const char* key : {"continuing_subword_prefix", "end_of_word_suffix"}) {
    const SortedJson& value = child(model, key);
    if (!value.is_null() && value != "") refuse("model option", key, "the empty one");
  }
  const SortedJson& dropout = child(model, "dropout");
  if (!dropout.is_null() && dropout != 0.0) refuse("model option", "dropout", "none");
  const bool byte_level = parts_.words.kind == WordRule::Kind::kByteLevel;
  const bool fallback = flag(model, "byte_fallback", false);
  if (byte_level == fallback) {
    refuse("model option", fallback ? "byte_fallback: true" : "byte_fallback: false",
           byte_level ? "false with ByteLevel" : "true without ByteLevel");
  }
  const auto bytes = read_byte_tokens(fallback);
  const auto merges = read_merges(child(model, "merges"));
  auto whole = flag(model, "ignore_merges", false) ? whole_words(byte_level) : TextMap<TokenId>();
  if (byte_level) {
    parts_.model = std::make_unique<ByteLevelBpe>(bytes, merges, std::move(whole));
  } else {
    parts_.model =
        std::make_unique<CharacterBpe>(model_vocabulary_, bytes, merges, std::move(whole));
  }
}

void ModelReader::read_word_piece(const SortedJson& model) {
  if (parts_.words.kind == WordRule::Kind::kByteLevel) {
    refuse("model", "WordPiece behind ByteLevel", "WordPiece behind BertPreTokenizer");
  }
  WordPiece::Settings settings;
  const std::string unknown = text(model, "unk_token");
  const auto found = model_vocabulary_.find(unknown);
  if (found == model_vocabulary_.end()) fail("`unk_token` `{}` is not in `model.vocab`", unknown);
  settings.unknown = found->second;
  if (model.contains("continuing_subword_prefix")) {
    settings.prefix = text(model, "continuing_subword_prefix");
  }
  const SortedJson& most = child(model, "max_input_chars_per_word");
  if (!most.is_null() && !most.is_number_unsigned())
    fail("`max_input_chars_per_word` is {}, not a count", most.dump());
  if (!most.is_null()) settings.most_characters = most.get<std::size_t>();
  if (settings.most_characters > kMostWordCharacters)
    fail("`max_input_chars_per_word` is {}; it is at most {}", settings.most_characters,
         kMostWordCharacters);
  parts_.model = std::make_unique<WordPiece>(model_vocabulary_, settings);
}

// Words that are one token whatever the merges say; never an added one.
TextMap<TokenId> ModelReader::whole_words(bool byte_level) const {
  // A token that the byte alphabet does not spell is no word of any text.
  const auto word_of = [&](const std::string& spelling) {
    return byte_level ? read_spelling(spelling) : spelling;
  };
  TextMap<TokenId> words;
  words.reserve(parts_.vocabulary.size());
  for (const auto& [spelling, id] : parts_.vocabulary) {
    if (const auto word = word_of(spelling)) words.emplace(*word, id);
  }
  for (const AddedToken& token : parts_.added) {
    if (const auto word = word_of(token.content)) words.erase(*word);
  }
  return words;
}

TokenId ModelReader::read_id(const std::string& token, const SortedJson& id) const {
  if (!id.is_number_integer() || id < 0 || id > largest_id_)
    fail("token `{}` has the id {}, which is not in 0 to {}, where a vocabulary of this size ends",
         token, id.dump(), largest_id_);
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
  if (added.content.size() > kMostAddedBytes)
    fail("an added token has {} bytes; it has at most {}", added.content.size(), kMostAddedBytes);
  added.id = read_id(added.content, child(token, "id"));
  added.special = flag(token, "special", false);
  added.takes_spaces_before = flag(token, "lstrip", false);
  added.takes_spaces_behind = flag(token, "rstrip", false);
  added.normalized = flag(token, "normalized", !added.special);
  added.single_word = flag(token, "single_word", false);
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

std::array<TokenId, 256> ModelReader::read_byte_tokens(bool fallback) const {
  std::array<TokenId, 256> tokens{};
  for (int byte = 0; byte < 256; ++byte) {
    const std::string letter = fallback ? fmt::format("<0x{:02X}>", byte)
                                        : spell_bytes(std::string(1, static_cast<char>(byte)));
    const auto found = parts_.vocabulary.find(letter);
    if (found == parts_.vocabulary.end())
      fail("byte 0x{:02x} has no token `{}`; this is no whole byte-level vocabulary", byte, letter);
    tokens[static_cast<std::size_t>(byte)] = found->second;
  }
  return tokens;
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

std::vector<Merge> ModelReader::read_merges(const SortedJson& list) const {
  if (!list.is_array()) fail("it has no list `model.merges`");
  std::unordered_map<TokenId, bool> special;
  for (const AddedToken& token : parts_.added) special[token.id] = token.special;
  std::vector<Merge> merges;
  merges.reserve(list.size());
  for (std::size_t row = 1; row <= list.size(); ++row) {
    const auto [left, right] = merge_parts(list[row - 1], row);
    const Merge merge = {token_of_merge(left, row), token_of_merge(right, row),
                         token_of_merge(left + right, row)};
    const auto found = special.find(merge.made);
    if (found != special.end() && found->second)
      fail("merge {} makes the special token `{}`: any text could become it", row, left + right);
    merges.push_back(merge);
  }
  return merges;
}

}  // namespace arf
