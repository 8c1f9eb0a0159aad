#include "text/tokenizer.h"

#include <algorithm>

#include "core/error.h"
#include "core/file.h"
#include "core/utf8.h"
#include "data_io/input_file.h"
#include "text/tokenizer_state.h"
#include "text/unicode.h"

namespace arf {
namespace {

namespace fs = std::filesystem;

constexpr std::size_t kLongestText = std::size_t{1} << 30;  // bytes; ICU counts in 31 bits

// A gzip file of JSON is some five times smaller than its text; gzip can be a thousand times.
constexpr std::uint64_t kMostInflation = 64, kSmallText = std::uint64_t{16} << 20;

std::string read_whole(const fs::path& path) {
  const std::uint64_t size = size_of_file(path);
  if (size > kMostFileBytes) {
    input_error("{}: has {} bytes, and no tokenizer has more than {}", path.string(), size,
                kMostFileBytes);
  }
  const std::uint64_t most = std::min(kSmallText + kMostInflation * size, kMostFileBytes);
  InputFile file(path);
  std::string text;
  while (file.append_block(&text)) {
    if (text.size() > most) {
      input_error("{}: its {} bytes hold more than {} of text; no tokenizer packs so well",
                  path.string(), size, most);
    }
  }
  return text;
}

// As transformers reads it. Here, where the file is known: what looks into it gets a text.
std::string read_template(const fs::path& path) {
  std::string text = read_file(path);
  const std::size_t bad = first_invalid_utf8(text);
  if (bad < text.size()) {
    input_error("{}: byte {} of {} is not UTF-8 (0x{:02x}); convert it", path.string(), bad,
                text.size(), static_cast<unsigned char>(text[bad]));
  }
  return text;
}

fs::path tokenizer_file(const fs::path& path) {
  if (!fs::is_directory(path)) return path;
  for (const char* name : {"tokenizer.json", "tokenizer.json.gz"})
    if (fs::exists(path / name)) return path / name;
  input_error("{}: has no tokenizer.json; name the folder of a tokenizer or a model",
              path.string());
}

}  // namespace

Tokenizer::Tokenizer(std::unique_ptr<State> state) : state_(std::move(state)) {}
Tokenizer::~Tokenizer() = default;
Tokenizer::Tokenizer(Tokenizer&&) noexcept = default;
Tokenizer& Tokenizer::operator=(Tokenizer&&) noexcept = default;

Tokenizer Tokenizer::load(const fs::path& path) {
  const fs::path file = tokenizer_file(path);
  const auto beside = [&](const char* name) {
    const fs::path path = file.parent_path() / name;
    return fs::exists(path) ? read_file(path) : "";
  };
  const fs::path jinja = file.parent_path() / "chat_template.jinja";
  auto state = State::read(read_whole(file), file.string());
  state->read_config({beside("tokenizer_config.json"), beside("special_tokens_map.json"),
                      beside("added_tokens.json"), file.parent_path().string()},
                     fs::exists(jinja) ? read_template(jinja) : "");
  return Tokenizer(std::move(state));
}

std::vector<TokenId> Tokenizer::encode(std::string_view text, bool parse_special) const {
  require_utf8(text);
  if (text.size() > kLongestText) {
    input_error("a text of {} bytes is longer than {}; cut it", text.size(), kLongestText);
  }
  std::vector<TokenId> tokens;
  tokens.reserve(text.size() / 3 + 1);
  state_->encode(text, parse_special, &tokens);
  return tokens;
}

std::string Tokenizer::decode(std::span<const TokenId> ids, bool with_special) const {
  std::vector<TokenId> kept;
  for (const TokenId id : ids) {
    if (id < 0 || id >= vocabulary_size()) continue;
    if (with_special || !is_special(id)) kept.push_back(id);
  }
  return state_->decode(kept);
}

std::string Tokenizer::token_text(TokenId id) const {
  if (!is_token(id))
    input_error("id {} is no token of the tokenizer; its ids end at {}", id, vocabulary_size() - 1);
  return state_->spellings[static_cast<std::size_t>(id)];
}

std::int64_t Tokenizer::vocabulary_size() const {
  return static_cast<std::int64_t>(state_->spellings.size());
}

std::optional<TokenId> Tokenizer::id_of(std::string_view token) const {
  const auto found = state_->vocabulary.find(std::string(token));
  if (found == state_->vocabulary.end()) return {};
  return found->second;
}

bool Tokenizer::is_token(TokenId id) const {
  return id >= 0 && id < vocabulary_size() &&
         !state_->spellings[static_cast<std::size_t>(id)].empty();
}

bool Tokenizer::is_byte(TokenId id) const {
  if (!is_token(id) || !state_->falls_back_on_bytes()) return false;
  const std::string& spelling = state_->spellings[static_cast<std::size_t>(id)];
  return spelling.size() == 6 && spelling.starts_with("<0x") && spelling.back() == '>';
}

bool Tokenizer::is_special(TokenId id) const {
  return id >= 0 && id < vocabulary_size() && state_->is_special[static_cast<std::size_t>(id)];
}

const TextFrame& Tokenizer::frame() const { return state_->frame; }
const TextFrame& Tokenizer::pair_frame() const { return state_->pair_frame; }
const std::string& Tokenizer::json() const { return state_->json; }
const std::string& Tokenizer::config_json() const { return state_->config_json; }
const std::string& Tokenizer::chat_template() const { return state_->chat_template; }

void Tokenizer::save(const fs::path& directory) const {
  make_directories(directory);
  write_file_atomically(directory / "tokenizer.json", state_->json);
  if (!state_->config_json.empty())
    write_file_atomically(directory / "tokenizer_config.json", state_->config_json);
  if (!state_->template_file.empty())
    write_file_atomically(directory / "chat_template.jinja", state_->template_file);
}

}  // namespace arf
