#include "augment/word_book.h"

#include <algorithm>
#include <cmath>

namespace arf {
namespace {

// One base form must be so much more frequent than the next to be the one that is meant.
constexpr std::uint32_t kClearRatio = 5;
constexpr Inflection kForms[] = {
    Inflection::kPlural, Inflection::kThirdPerson, Inflection::kPast,       Inflection::kParticiple,
    Inflection::kGerund, Inflection::kComparative, Inflection::kSuperlative};

bool has(PartOfSpeech part, Inflection form) {
  switch (part) {
    case PartOfSpeech::kNoun:
      return form == Inflection::kPlural;
    case PartOfSpeech::kVerb:
      return form == Inflection::kThirdPerson || form == Inflection::kPast ||
             form == Inflection::kParticiple || form == Inflection::kGerund;
    case PartOfSpeech::kAdjective:
      return form == Inflection::kComparative || form == Inflection::kSuperlative;
    case PartOfSpeech::kAdverb:
      return false;
  }
  return false;
}

}  // namespace

WordBook::WordBook(const WordNet& wordnet, const Inflector& inflector)
    : wordnet_(&wordnet), inflector_(&inflector) {
  prepared_.reserve(1 << 17);
  for (const std::string_view word : function_words()) prepare(word);
  for (WordNet::Lemma lemma = 0; lemma < wordnet.num_lemmas(); ++lemma) {
    if (wordnet.text(lemma).find('_') != std::string_view::npos) continue;
    for (std::size_t part = 0; part < kPartsOfSpeech; ++part) {
      prepare_forms(lemma, static_cast<PartOfSpeech>(part));
    }
  }
}

void WordBook::prepare(std::string_view word) {
  const auto [at, is_new] = prepared_.try_emplace(std::string(word));
  if (is_new) at->second = work_out(word);
}

void WordBook::prepare_forms(WordNet::Lemma lemma, PartOfSpeech part) {
  if (wordnet_->count(lemma, part) == 0) return;
  prepare(wordnet_->text(lemma));
  for (const Inflection wanted : kForms) {
    if (!has(part, wanted)) continue;
    if (const auto form = inflector_->form(lemma, part, wanted)) prepare(*form);
  }
}

WordInfo WordBook::look_up(std::string_view word) const {
  const auto found = prepared_.find(word);
  return found == prepared_.end() ? work_out(word) : found->second;
}

WordInfo WordBook::work_out(std::string_view word) const {
  WordInfo info;
  info.word_class = word_class(word);
  if (info.word_class != WordClass::kOpen) return info;
  float total = 0;
  for (std::size_t p = 0; p < kPartsOfSpeech; ++p) {
    const auto part = static_cast<PartOfSpeech>(p);
    std::uint32_t best = 0, second = 0;
    WordInfo::Option option;
    for (const WordNet::Lemma lemma : wordnet_->bases(word, part)) {
      const std::uint32_t count = wordnet_->count(lemma, part) + 1;
      if (count > best) option.reading.lemma = lemma;
      second = std::max(second, std::min(best, count));
      best = std::max(best, count);
    }
    if (best == 0) continue;
    option.ambiguous = second * kClearRatio > best;
    option.reading.part = part;
    option.reading.inflection = inflector_->inflection_of(word, option.reading.lemma, part);
    option.weight = static_cast<float>(best) - 0.5f;
    total += option.weight;
    info.options[info.count++] = option;
  }
  for (std::size_t i = 0; i < info.count; ++i) {
    info.options[i].weight = std::log(info.options[i].weight / total);
  }
  return info;
}

}  // namespace arf
