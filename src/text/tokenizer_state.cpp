#include "text/tokenizer_state.h"

#include <algorithm>

#include "core/error.h"
#include "core/json.h"
#include "text/byte_alphabet.h"
#include "text/unicode.h"

namespace arf {
namespace {

// A character outside of the alphabet makes the whole spelling stand for itself (as in Hugging
// Face's decoder): added tokens hold plain spaces.
std::string bytes_of(const std::string& spelling) {
  return read_spelling(spelling).value_or(spelling);
}

// Those that are looked for before normalising, or those that are behind it.
std::vector<AddedToken> added_tokens(const TokenizerParts& parts, bool normalized) {
  std::vector<AddedToken> kept;
  std::string buffer;
  for (AddedToken token : parts.added) {
    if (token.normalized != normalized) continue;
    if (normalized) token.content = std::string(parts.normalizer.apply(token.content, &buffer));
    if (!token.content.empty()) kept.push_back(std::move(token));
  }
  return kept;
}

// The default one where there are several, by name; "" where there is none.
std::string template_in(const SortedJson& config, const std::string& place) {
  const SortedJson given = config.value("chat_template", SortedJson());
  if (given.is_null()) return "";
  if (given.is_string()) return given.get<std::string>();
  std::string found;
  bool wrong = !given.is_array();
  for (const SortedJson& named : given) {
    const auto text_of = [&](const char* key) {
      const SortedJson text = named.is_object() ? named.value(key, SortedJson()) : SortedJson();
      wrong = wrong || !text.is_string();
      return wrong ? "" : text.get<std::string>();
    };
    const std::string name = text_of("name"), text = text_of("template");
    if (name == "default") found = text;
  }
  if (wrong) {
    input_error("{}: `chat_template` takes a text, a list of {{\"name\", \"template\"}} or null",
                place);
  }
  return found;
}

}  // namespace

std::unique_ptr<Tokenizer::State> Tokenizer::State::read(std::string json,
                                                         const std::string& place) {
  std::unique_ptr<State> state(new State(read_tokenizer_json(json, place)));
  state->json = std::move(json);
  return state;
}

Tokenizer::State::State(TokenizerParts parts)
    : frame(std::move(parts.frame)),
      pair_frame(std::move(parts.pair_frame)),
      raw_(added_tokens(parts, false)),
      normalized_(added_tokens(parts, true)),
      model_(std::move(parts.model)),
      normalizer_(std::move(parts.normalizer)),
      words_(std::move(parts.words)),
      next_word_(parts.next_word),
      prefix_space_(parts.prefix_space),
      decoder_(std::move(parts.decoder)) {
  vocabulary = std::move(parts.vocabulary);
  TokenId largest = 0;
  for (const auto& [spelling, id] : vocabulary) largest = std::max(largest, id);
  spellings.resize(static_cast<std::size_t>(largest) + 1);
  bytes_.resize(is_byte_level() ? spellings.size() : 0);
  is_special.resize(spellings.size());
  for (const auto& [spelling, id] : vocabulary) {
    spellings[static_cast<std::size_t>(id)] = spelling;
    if (is_byte_level()) bytes_[static_cast<std::size_t>(id)] = bytes_of(spelling);
  }
  for (const AddedToken& token : parts.added)
    is_special[static_cast<std::size_t>(token.id)] = token.special;
  added = std::move(parts.added);
}

void Tokenizer::State::read_config(TokenizerFiles files, std::string file) {
  const std::string place = files.folder + "/tokenizer_config.json";
  const SortedJson config = object_in(files.config, place);
  refuse_other_tokens(added, config, files);
  config_json = std::move(files.config);
  template_file = std::move(file);
  chat_template = template_file.empty() ? template_in(config, place) : template_file;
}

void Tokenizer::State::encode(std::string_view text, bool parse_special,
                              std::vector<TokenId>* tokens) {
  WordCachePool::Lease cache(&caches_);
  std::string buffer;
  raw_.cut(text, parse_special, [&](std::string_view piece, std::optional<TokenId> token) {
    if (token) return tokens->push_back(*token);
    const bool first = piece.data() == text.data();
    const std::string_view normal = normalizer_.apply(piece, &buffer);
    normalized_.cut(normal, parse_special,
                    [&](std::string_view part, std::optional<TokenId> of_part) {
                      if (of_part) return tokens->push_back(*of_part);
                      encode_piece(part, first && part.data() == normal.data(), &*cache, tokens);
                    });
  });
}

std::string Tokenizer::State::decode(std::span<const TokenId> ids) const {
  if (is_byte_level()) {
    std::string bytes;
    for (const TokenId id : ids) bytes += bytes_[static_cast<std::size_t>(id)];
    return replace_invalid_utf8(bytes);
  }
  std::vector<std::string> tokens;
  for (const TokenId id : ids) {
    const std::string& spelling = spellings[static_cast<std::size_t>(id)];
    if (!spelling.empty()) tokens.push_back(spelling);
  }
  return decode_tokens(decoder_, std::move(tokens));
}

bool Tokenizer::State::falls_back_on_bytes() const {
  return std::any_of(decoder_.begin(), decoder_.end(), [](const DecoderStep& step) {
    return std::holds_alternative<ByteFallback>(step);
  });
}

void Tokenizer::State::encode_piece(std::string_view text, bool begins_text, WordCache* cache,
                                    std::vector<TokenId>* tokens) const {
  if (!is_byte_level()) {
    return cut_words(words_, text, begins_text, [&](std::string_view word) {
      encode_word(word, 0, word.size(), cache, tokens);
    });
  }
  std::string prefixed;
  if (prefix_space_ && text[0] != ' ') {
    prefixed = " ";
    prefixed += text;
    text = prefixed;
  }
  for (std::size_t begin = 0; begin < text.size();) {
    const std::size_t end = next_word_(text, begin);
    encode_word(text, begin, end, cache, tokens);
    begin = end;
  }
}

void Tokenizer::State::encode_word(std::string_view text, std::size_t begin, std::size_t end,
                                   WordCache* cache, std::vector<TokenId>* tokens) const {
  const std::string_view word = text.substr(begin, end - begin);
  if (word.size() > WordCache::kLongestWord) return model_->encode(word, tokens);
  const WordCache::Key key = WordCache::key_of(text, begin, end);
  WordCache::Entry& entry = cache->place_of(key);
  if (entry.key != key) {
    const std::size_t before = tokens->size();
    model_->encode(word, tokens);
    WordCache::store(key, tokens->data() + before, tokens->size() - before, &entry);
  } else if (entry.count == 1) {
    tokens->push_back(entry.tokens[0]);
  } else {
    tokens->insert(tokens->end(), entry.tokens, entry.tokens + entry.count);
  }
}

}  // namespace arf
