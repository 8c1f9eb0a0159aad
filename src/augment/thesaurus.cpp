#include "augment/thesaurus.h"

#include <algorithm>
#include <utility>

#include "augment/word_class.h"
#include "augment/word_lists.h"

namespace arf {
namespace {

// What WordNet's tagged text must say before one word may stand for another. A word with several
// senses must have been met often enough to know its first one, and nearly always in it.
constexpr double kShare = 0.4;
constexpr std::uint32_t kSourceCount = 5, kTargetCount = 2;
// A synonym that is much rarer than the word itself sounds odd ("city", "metropolis"), and so do
// most that the tagged text hardly has.
constexpr double kRarest = 0.05, kLeastCount = 3;

bool is_plain_word(std::string_view text) {
  return text.size() > 1 &&
         std::all_of(text.begin(), text.end(), [](char c) { return c >= 'a' && c <= 'z'; });
}

// Whether `sense` is the first of the lemma's, and the one that is nearly always meant.
bool is_main_sense(const WordNet& wordnet, WordNet::Lemma lemma, PartOfSpeech part,
                   std::uint32_t synset, std::uint32_t least_count) {
  const auto senses = wordnet.senses(lemma, part);
  if (senses.empty() || senses[0].synset != synset) return false;
  if (senses.size() == 1) return true;
  const std::uint32_t total = wordnet.count(lemma, part);
  return total >= least_count && senses[0].count >= kShare * total;
}

std::uint64_t frames_of(const WordNet& wordnet, WordNet::Lemma lemma, std::uint32_t synset) {
  for (const auto& member : wordnet.members(synset)) {
    if (member.lemma == lemma) return member.frames;
  }
  return 0;
}

// "analyse" for "analyze", "colour" for "color": the same word.
bool is_spelling_of(std::string_view a, std::string_view b) {
  if (a.size() > b.size()) std::swap(a, b);
  if (b.size() - a.size() > 2) return false;
  std::size_t i = 0, j = 0, differences = 0;
  while (i < a.size() && j < b.size()) {
    if (a[i] == b[j]) {
      ++i;
      ++j;
      continue;
    }
    ++differences;
    if (a.size() == b.size()) ++i;
    ++j;
  }
  return differences + (b.size() - j) <= 2 && a.substr(0, 2) == b.substr(0, 2);
}

bool fits(std::string_view word, std::string_view synonym, PartOfSpeech part) {
  if (!is_plain_word(synonym) || word_class(synonym) != WordClass::kOpen) return false;
  if (is_odd_synonym(synonym, part) || is_unfit_pair(word, synonym)) return false;
  if (is_spelling_of(word, synonym)) return false;
  if (part == PartOfSpeech::kNoun) {
    // "woods", "wages": plurals by themselves; "growing" for "growth" is rarely what is said.
    const bool plural = synonym.ends_with('s') && !synonym.ends_with("ss") &&
                        !synonym.ends_with("us") && !synonym.ends_with("is");
    return !plural && !(synonym.ends_with("ing") && !word.ends_with("ing"));
  }
  // "slow" for "slowly".
  if (part == PartOfSpeech::kAdverb) return synonym.ends_with("ly") || !word.ends_with("ly");
  return true;
}

}  // namespace

Thesaurus::Thesaurus(const WordNet& wordnet) : wordnet_(&wordnet) {
  ranges_.resize(wordnet.num_lemmas() * kPartsOfSpeech);
  for (WordNet::Lemma lemma = 0; lemma < wordnet.num_lemmas(); ++lemma) {
    const std::string_view text = wordnet.text(lemma);
    const std::size_t joint = text.find('_');
    if (joint != std::string_view::npos) {
      first_words_.insert(text.substr(0, joint));
    } else if (is_plain_word(text) && !is_kept_lemma(text)) {
      for (std::size_t part = 0; part < kPartsOfSpeech; ++part) {
        add(lemma, static_cast<PartOfSpeech>(part));
      }
    }
  }
  add_confirmed();
}

void Thesaurus::add_confirmed() {
  for (const ConfirmedSynonyms& entry : confirmed_synonyms()) {
    const auto lemma = wordnet_->find(entry.word);
    if (!lemma) continue;
    const auto first = static_cast<std::uint32_t>(synonyms_.size());
    for (std::string_view list : {entry.synonyms, entry.near}) {
      while (!list.empty()) {
        if (const auto synonym = wordnet_->find(take_word(&list))) synonyms_.push_back(*synonym);
      }
    }
    const auto last = static_cast<std::uint32_t>(synonyms_.size());
    ranges_[*lemma * kPartsOfSpeech + static_cast<std::size_t>(entry.part)] = {first, last - first};
  }
}

void Thesaurus::add(WordNet::Lemma lemma, PartOfSpeech part) {
  const auto senses = wordnet_->senses(lemma, part);
  if (senses.empty()) return;
  const std::uint32_t synset = senses[0].synset;
  if (!is_main_sense(*wordnet_, lemma, part, synset, kSourceCount)) return;
  const std::uint64_t frames = frames_of(*wordnet_, lemma, synset);
  const double rarest = std::max(kLeastCount, kRarest * senses[0].count);
  const auto first = static_cast<std::uint32_t>(synonyms_.size());
  for (const auto& member : wordnet_->members(synset)) {
    if (member.lemma == lemma || member.capitalised || member.restricted) continue;
    if ((member.frames & frames) != frames) continue;
    if (wordnet_->count(member.lemma, part) < rarest) continue;
    if (!is_main_sense(*wordnet_, member.lemma, part, synset, kTargetCount)) continue;
    const std::string_view text = wordnet_->text(member.lemma);
    const bool is_new = std::none_of(
        synonyms_.begin() + first, synonyms_.end(),
        [&](WordNet::Lemma known) { return is_spelling_of(wordnet_->text(known), text); });
    if (is_new && fits(wordnet_->text(lemma), text, part)) synonyms_.push_back(member.lemma);
  }
  const auto last = static_cast<std::uint32_t>(synonyms_.size());
  ranges_[lemma * kPartsOfSpeech + static_cast<std::size_t>(part)] = {first, last - first};
}

std::span<const WordNet::Lemma> Thesaurus::synonyms(WordNet::Lemma lemma, PartOfSpeech part) const {
  const Range range = ranges_[lemma * kPartsOfSpeech + static_cast<std::size_t>(part)];
  return std::span(synonyms_).subspan(range.first, range.count);
}

}  // namespace arf
