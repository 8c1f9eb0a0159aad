
#include "core/error.h"
#include "core/text_hash.h"
#include "core/utf8.h"
#include "text/byte_alphabet.h"
#include "text/merge_learner.h"
#include "text/split.h"
#include "text/tokenizer.h"
#include "text/tokenizer_state.h"
#include "text/tokenizer_writer.h"
#include "text/unicode.h"

namespace arf {
namespace {

constexpr std::int64_t kNumBytes = 256;
constexpr std::int64_t kLargestVocabulary = 1 << 20;
constexpr std::size_t kLongestWord = 512;  // bytes; what is longer is no word but data

}  // namespace

struct TokenizerTrainer::State {
  std::int64_t vocabulary_size = 0;
  TextMap<std::int64_t> counts;  // of words, in bytes
  NextWord next_word = find_split(kQwen2Pattern);
  bool has_text = false;
};

TokenizerTrainer::TokenizerTrainer(std::int64_t vocabulary_size)
    : state_(std::make_unique<State>()) {
  const std::int64_t least = kNumBytes + kNumSpecialTokens;
  if (vocabulary_size < least || vocabulary_size > kLargestVocabulary) {
    usage_error(
        "a vocabulary of {} tokens cannot be trained: it holds {} bytes and {} special tokens "
        "beside the merges; choose {} to {}",
        vocabulary_size, kNumBytes, kNumSpecialTokens, least, kLargestVocabulary);
  }
  state_->vocabulary_size = vocabulary_size;
}

TokenizerTrainer::~TokenizerTrainer() = default;

void TokenizerTrainer::add(std::string_view text) {
  if (const std::size_t bad = first_invalid_utf8(text); bad < text.size()) {
    input_error("byte {} of a text of {} bytes is not UTF-8 (0x{:02x}); convert it", bad,
                text.size(), static_cast<unsigned char>(text[bad]));
  }
  std::string composed;
  if (compose(text, &composed)) text = composed;
  for (std::size_t begin = 0; begin < text.size();) {
    const std::size_t end = state_->next_word(text, begin);
    if (end - begin <= kLongestWord) ++state_->counts[std::string(text.substr(begin, end - begin))];
    begin = end;
  }
  state_->has_text |= !text.empty();
}

Tokenizer TokenizerTrainer::train() {
  if (!state_->has_text) input_error("no text was given to train a tokenizer on");
  std::array<TokenId, kNumBytes> byte_tokens{};
  for (int rank = 0; rank < kNumBytes; ++rank) byte_tokens[byte_of_rank(rank)] = rank;
  MergeLearner learner(kNumBytes);
  for (const auto& [word, count] : state_->counts) {
    std::vector<TokenId> tokens;
    for (const char byte : word) tokens.push_back(byte_tokens[static_cast<unsigned char>(byte)]);
    learner.add(std::move(tokens), count);
  }
  const std::vector<Merge> merges = learner.learn(
      static_cast<std::size_t>(state_->vocabulary_size - kNumBytes - kNumSpecialTokens));
  auto state = Tokenizer::State::read(write_tokenizer_json(merges), "the trained tokenizer");
  state->read_config({write_tokenizer_config(), "", "", "the trained tokenizer"}, "");
  return Tokenizer(std::move(state));
}

}  // namespace arf
