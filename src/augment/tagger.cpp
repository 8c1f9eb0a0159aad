#include "augment/tagger.h"

#include <algorithm>

#include "augment/tagger_weights.h"

namespace arf {
namespace {

// A reading whose lead over the next one is smaller is in doubt: odds of e to 1.
constexpr double kClearLead = 1.0;
// A word is usually what three of four of its tagged occurrences are: log(0.75).
constexpr float kUsual = -0.29f;

Use use_of(const Reading& reading) {
  switch (reading.part) {
    case PartOfSpeech::kNoun:
      return reading.inflection == Inflection::kPlural ? Use::kPlural : Use::kSingular;
    case PartOfSpeech::kAdjective:
      return Use::kAdjective;
    case PartOfSpeech::kAdverb:
      return Use::kAdverb;
    case PartOfSpeech::kVerb:
      break;
  }
  switch (reading.inflection) {
    case Inflection::kThirdPerson:
      return Use::kThird;
    case Inflection::kPast:
    case Inflection::kParticiple:
      return Use::kPast;
    case Inflection::kGerund:
      return Use::kGerund;
    default:
      return Use::kBase;
  }
}

std::size_t index_of(WordClass word_class) { return static_cast<std::size_t>(word_class); }

class Sentence {
 public:
  Sentence(const WordBook& word_book, std::string_view text, const std::vector<Token>& tokens)
      : tokens_(tokens),
        tagged_(tokens.size()),
        words_(tokens.size()),
        uses_(tokens.size()),
        left_(tokens.size()) {
    for (std::size_t i = 0; i < tokens.size(); ++i) {
      if (tokens[i].kind == TokenKind::kNumber) tagged_[i].word_class = WordClass::kQuantity;
      if (tokens[i].kind == TokenKind::kOther) tagged_[i].word_class = WordClass::kOpen;
      if (tokens[i].kind != TokenKind::kWord) continue;
      words_[i] = word_book.look_up(dictionary_form(tokens[i].of(text)));
      tagged_[i].word_class = words_[i].word_class;
    }
  }

  std::vector<TaggedToken> tag() {
    for (std::size_t i = 0; i < tokens_.size(); ++i) {
      if (words_[i].count > 0) choose(i);
    }
    return std::move(tagged_);
  }

 private:
  void choose(std::size_t i) {
    const UseWeights &left = from_left(i), &right = from_right(i);
    const WordInfo::Option* best = nullptr;
    double best_score = 0, second_score = -1e9;
    for (const WordInfo::Option& option : words_[i]) {
      const Use use = use_of(option.reading);
      const double score = option.weight + left[use] + right[use];
      if (best != nullptr) second_score = std::max(second_score, std::min(score, best_score));
      if (best != nullptr && score <= best_score) continue;
      best = &option;
      best_score = score;
    }
    uses_[i] = use_of(best->reading);
    tagged_[i].reading = best->reading;
    tagged_[i].in_doubt = best->ambiguous || best_score - second_score < kClearLead;
  }

  // Adverbs are looked past. What was found is kept, so that a text of adverbs takes no time that
  // is quadratic in them.
  const UseWeights& from_left(std::size_t i) {
    std::size_t at = i;
    while (left_[at] == nullptr && (left_[at] = next_to(at)) == nullptr) --at;
    return *(left_[i] = left_[at]);
  }

  // nullptr behind an adverb.
  const UseWeights* next_to(std::size_t at) const {
    if (tokens_[at].starts_sentence || at == 0) return &kAtStart;
    if (tokens_[at].gap_before) return &kAfterGap;
    const WordClass before = tagged_[at - 1].word_class;
    if (before == WordClass::kAdverb || uses_[at - 1] == Use::kAdverb) return nullptr;
    return uses_[at - 1] ? &kAfterUse[*uses_[at - 1]] : &kAfterClass[index_of(before)];
  }

  const UseWeights& from_right(std::size_t i) const {
    if (i + 1 == tokens_.size() || tokens_[i].gap_after) return kBeforeGap;
    for (const WordInfo::Option& option : words_[i + 1]) {
      if (option.weight > kUsual) return kBeforeUse[use_of(option.reading)];
    }
    return kBeforeClass[index_of(tagged_[i + 1].word_class)];
  }

  const std::vector<Token>& tokens_;
  std::vector<TaggedToken> tagged_;
  std::vector<WordInfo> words_;
  std::vector<std::optional<Use>> uses_;
  std::vector<const UseWeights*> left_;  // of each token, once it was asked for
};

}  // namespace

void make_lower_case(std::string* word) {
  for (char& c : *word) {
    if (c >= 'A' && c <= 'Z') c = static_cast<char>(c + ('a' - 'A'));
  }
}

std::string lower_case(std::string_view word) {
  std::string lower(word);
  make_lower_case(&lower);
  return lower;
}

std::string dictionary_form(std::string_view word) {
  std::string form = lower_case(word);
  for (std::size_t at; (at = form.find(kCurlyApostrophe)) != std::string::npos;) {
    form.replace(at, kCurlyApostrophe.size(), "'");
  }
  return form;
}

std::vector<TaggedToken> tag_tokens(const WordBook& word_book, std::string_view text,
                                    const std::vector<Token>& tokens) {
  return Sentence(word_book, text, tokens).tag();
}

}  // namespace arf
