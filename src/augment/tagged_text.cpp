#include "augment/tagged_text.h"

#include "augment/word_lists.h"

namespace arf {

TaggedText::TaggedText(std::string_view text, const WordNet& wordnet, const WordBook& word_book)
    : text_(text),
      wordnet_(wordnet),
      tokens_(tokenize_text(text)),
      tagged_(tag_tokens(word_book, text, tokens_)) {}

bool TaggedText::may_change(std::size_t i) const {
  const TaggedToken& tagged = tagged_[i];
  if (tagged.word_class != WordClass::kOpen || !tagged.reading || tagged.in_doubt) return false;
  if (is_kept_lemma(spelling(i)) || stands_alone(i)) return false;  // "remaining"; "Exactly!"
  // "someones", "wills"
  if (word_class(wordnet_.text(tagged.reading->lemma)) != WordClass::kOpen) return false;
  switch (tagged.reading->part) {
    case PartOfSpeech::kNoun:
      return noun_may_change(i);
    case PartOfSpeech::kVerb:
      return verb_may_change(i);
    case PartOfSpeech::kAdjective:
      return adjective_may_change(i);
    case PartOfSpeech::kAdverb:
      return class_behind(i) != WordClass::kTo;  // "likely to"
  }
  return false;
}

// Compounds are more than their parts; a bare singular at the beginning may be a name.
bool TaggedText::noun_may_change(std::size_t i) const {
  if (touches_behind(i) && is_part(i + 1, PartOfSpeech::kNoun)) return false;
  if (touches_before(i) && is_part(i - 1, PartOfSpeech::kNoun)) return false;
  return tokens_[i].capitals != Capitals::kTitle ||
         tagged_[i].reading->inflection == Inflection::kPlural;
}

// A verb's prepositions and complements are its own: look at, rely on, help to do.
bool TaggedText::verb_may_change(std::size_t i) const {
  switch (class_behind(i)) {
    case WordClass::kParticle:
    case WordClass::kPreposition:
      return false;
    case WordClass::kTo:
      if (!takes_to(i)) return false;
      break;
    default:
      break;
  }
  if (tagged_[i].reading->inflection == Inflection::kThirdPerson && may_be_plural(i)) return false;
  if (needs_object(wordnet_.text(tagged_[i].reading->lemma)) && !has_object(i)) return false;
  return !is_modifier(i) && !(touches_behind(i) && is_part(i + 1, PartOfSpeech::kVerb));
}

// "positive uses", "the user's needs", "customers' needs", whatever the verb's frequency.
bool TaggedText::may_be_plural(std::size_t i) const {
  if (i == 0 || tokens_[i].starts_sentence) return false;
  if (is_part(i - 1, PartOfSpeech::kNoun) &&
      tagged_[i - 1].reading->inflection == Inflection::kPlural) {
    return true;
  }
  return touches_before(i) &&
         (is_part(i - 1, PartOfSpeech::kAdjective) || tagged_[i - 1].in_doubt ||
          class_before(i) == WordClass::kDeterminer);
}

// "various other", "wrong with", "sick of", "something wrong", "went wrong", "what's wrong": they
// belong together.
bool TaggedText::adjective_may_change(std::size_t i) const {
  // "the biggest of them" is another "of".
  if (touches_behind(i) && tagged_[i].reading->inflection == Inflection::kBase) {
    const std::string next = spelling(i + 1);
    if (next == "with" || next == "of" || next == "at" || next == "about") return false;
  }
  const std::string before = touches_before(i) ? spelling(i - 1) : "";
  if (class_behind(i) == WordClass::kObject) return false;
  return class_before(i) != WordClass::kObject && before != "what's" && before != "whats" &&
         !(touches_before(i) && is_part(i - 1, PartOfSpeech::kVerb));
}

bool TaggedText::stands_alone(std::size_t i) const {
  const bool ends = i + 1 == tokens_.size() || tokens_[i + 1].starts_sentence;
  return tokens_[i].starts_sentence && tokens_[i].gap_before && ends && tokens_[i].gap_after;
}

// Behind the verb, or before it in the passive: "change it", "was changed".
bool TaggedText::has_object(std::size_t i) const {
  switch (class_behind(i)) {
    case WordClass::kArticle:
    case WordClass::kDeterminer:
    case WordClass::kObject:
    case WordClass::kQuantity:
      return true;
    default:
      break;
  }
  if (touches_behind(i) && class_behind(i) == WordClass::kOpen &&
      (is_part(i + 1, PartOfSpeech::kNoun) || is_part(i + 1, PartOfSpeech::kAdjective))) {
    return true;
  }
  const Inflection form = tagged_[i].reading->inflection;
  return (form == Inflection::kPast || form == Inflection::kParticiple) &&
         class_before(i) == WordClass::kBe;
}

// A participle or -ing form that describes a noun: "the leading team", "work related topics".
bool TaggedText::is_modifier(std::size_t i) const {
  const Inflection form = tagged_[i].reading->inflection;
  if (form != Inflection::kPast && form != Inflection::kParticiple && form != Inflection::kGerund) {
    return false;
  }
  const WordClass before = class_before(i);
  if (before == WordClass::kArticle || before == WordClass::kDeterminer) return true;
  const bool after_noun = before == WordClass::kQuantity ||
                          (touches_before(i) && (is_part(i - 1, PartOfSpeech::kNoun) ||
                                                 is_part(i - 1, PartOfSpeech::kAdjective)));
  return after_noun && touches_behind(i) && is_part(i + 1, PartOfSpeech::kNoun);
}

// Verbs whose synonyms take an infinitive as they do: began to run, tried to run.
bool TaggedText::takes_to(std::size_t i) const {
  const std::string_view verb = wordnet_.text(tagged_[i].reading->lemma);
  return verb == "begin" || verb == "start" || verb == "commence" || verb == "try" ||
         verb == "attempt";
}

}  // namespace arf
