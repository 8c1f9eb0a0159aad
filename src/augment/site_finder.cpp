#include "augment/site_finder.h"

#include <algorithm>
#include <optional>

#include "augment/tagger.h"
#include "augment/token.h"
#include "augment/word_lists.h"
#include "core/text_hash.h"

namespace arf {
namespace {

std::string with_capitals(std::string word, Capitals capitals) {
  const auto raise = [](char& c) {
    if (c >= 'a' && c <= 'z') c = static_cast<char>(c - ('a' - 'A'));
  };
  if (capitals == Capitals::kTitle) raise(word[0]);
  if (capitals == Capitals::kUpper) std::for_each(word.begin(), word.end(), raise);
  return word;
}

// One text on its way to its sites.
class SiteFinder {
 public:
  SiteFinder(std::string_view text, const SynonymTools& tools)
      : text_(text),
        tools_(tools),
        tokens_(tokenize_text(text)),
        tagged_(tag_tokens(tools.word_book, text, tokens_)),
        kept_(tokens_.size()) {}

  std::vector<Site> find() {
    keep_names();
    std::vector<Site> sites;
    for (std::size_t i = 0; i < tokens_.size(); ++i) {
      if (kept_[i] || !may_change(i)) continue;
      Site site;
      site.replacements = replacements(i);
      if (site.replacements.empty() || in_phrase(i)) continue;
      site.begin = tokens_[i].begin;
      site.end = tokens_[i].end;
      if (touches_before(i) && tagged_[i - 1].word_class == WordClass::kArticle) {
        site.article_begin = tokens_[i - 1].begin;
        site.article_end = tokens_[i - 1].end;
      }
      sites.push_back(std::move(site));
    }
    return sites;
  }

 private:
  bool touches_before(std::size_t i) const { return i > 0 && !tokens_[i].gap_before; }
  bool touches_behind(std::size_t i) const {
    return i + 1 < tokens_.size() && !tokens_[i].gap_after;
  }
  WordClass class_before(std::size_t i) const {
    return touches_before(i) ? tagged_[i - 1].word_class : WordClass::kOther;
  }
  WordClass class_behind(std::size_t i) const {
    return touches_behind(i) ? tagged_[i + 1].word_class : WordClass::kOther;
  }
  bool is_part(std::size_t i, PartOfSpeech part) const {
    return tagged_[i].reading && tagged_[i].reading->part == part;
  }

  // Capitals inside a sentence are a name's; a word that is a name once is one at a sentence's
  // beginning, too. Words in capitals are kept where they stand alone (NASA), not in a shout.
  void keep_names() {
    TextViewSet names;
    for (const Token& token : tokens_) {
      if (token.capitals == Capitals::kTitle && !token.starts_sentence)
        names.insert(token.of(text_));
    }
    for (std::size_t i = 0; i < tokens_.size(); ++i) {
      const Token& token = tokens_[i];
      if (token.kind != TokenKind::kWord || token.capitals == Capitals::kMixed) kept_[i] = true;
      if (token.capitals == Capitals::kTitle) {
        kept_[i] = !token.starts_sentence || names.contains(token.of(text_)) ||
                   is_given_name(lower_case(token.of(text_)));
      }
      if (token.capitals == Capitals::kUpper) kept_[i] = !in_shout(i);
      if (token.of(text_).find_first_of("'-") != std::string_view::npos) kept_[i] = true;
    }
  }
  bool in_shout(std::size_t i) const {
    const auto shouted = [&](std::size_t other) {
      return tokens_[other].capitals == Capitals::kUpper &&
             tokens_[other].end - tokens_[other].begin > 3;
    };
    return (i > 0 && shouted(i - 1)) || (i + 1 < tokens_.size() && shouted(i + 1));
  }

  // One of WordNet's phrases: "ice cream", "carried out", "high schools".
  bool in_phrase(std::size_t i) const {
    for (std::size_t first = i < 2 ? 0 : i - 2; first <= i; ++first) {
      for (std::size_t last = std::max(i, first + 1); last <= first + 2; ++last) {
        if (is_phrase(first, last)) return true;
      }
    }
    return false;
  }
  bool is_phrase(std::size_t first, std::size_t last) const {
    if (last >= tokens_.size()) return false;
    for (std::size_t i = first; i < last; ++i) {
      if (!touches_behind(i)) return false;
    }
    std::vector<std::string> begun = spellings(first);
    std::erase_if(begun,
                  [&](const std::string& word) { return !tools_.thesaurus.begins_phrase(word); });
    for (std::size_t i = first + 1; i <= last && !begun.empty(); ++i) {
      std::vector<std::string> longer;
      for (const std::string& words : begun) {
        for (const std::string& next : spellings(i)) longer.push_back(words + '_' + next);
      }
      begun = std::move(longer);
    }
    const bool spaced = std::any_of(begun.begin(), begun.end(), [&](const std::string& words) {
      return tools_.wordnet.find(words).has_value();
    });
    return spaced || (last == first + 1 && is_hyphenated(first));
  }
  // "wide awake": WordNet has "wide-awake".
  bool is_hyphenated(std::size_t first) const {
    const std::string joint = lower_case(tokens_[first].of(text_)) + '-';
    return tools_.wordnet.find(joint + lower_case(tokens_[first + 1].of(text_))).has_value();
  }
  // As it stands and as a base form.
  std::vector<std::string> spellings(std::size_t i) const {
    std::vector<std::string> found = {lower_case(tokens_[i].of(text_))};
    if (tagged_[i].reading) {
      const std::string base(tools_.wordnet.text(tagged_[i].reading->lemma));
      if (base != found[0]) found.push_back(base);
    }
    return found;
  }

  bool may_change(std::size_t i) const {
    const TaggedToken& tagged = tagged_[i];
    if (tagged.word_class != WordClass::kOpen || !tagged.reading || tagged.in_doubt) return false;
    if (is_kept_lemma(lower_case(tokens_[i].of(text_)))) return false;  // "remaining"
    switch (tagged.reading->part) {
      case PartOfSpeech::kNoun:
        return noun_may_change(i);
      case PartOfSpeech::kVerb:
        return verb_may_change(i);
      case PartOfSpeech::kAdjective:
        return true;
      case PartOfSpeech::kAdverb:
        return true;
    }
    return false;
  }
  // Compounds are more than their parts; a bare singular at the beginning may be a name.
  bool noun_may_change(std::size_t i) const {
    if (touches_behind(i) && is_part(i + 1, PartOfSpeech::kNoun)) return false;
    if (touches_before(i) && is_part(i - 1, PartOfSpeech::kNoun)) return false;
    return tokens_[i].capitals != Capitals::kTitle ||
           tagged_[i].reading->inflection == Inflection::kPlural;
  }
  // A verb's prepositions and complements are its own: look at, rely on, help to do.
  bool verb_may_change(std::size_t i) const {
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
    return !is_modifier(i) && !(touches_behind(i) && is_part(i + 1, PartOfSpeech::kVerb));
  }
  // A participle or -ing form that describes a noun: "the leading team", "work related topics".
  bool is_modifier(std::size_t i) const {
    const Inflection form = tagged_[i].reading->inflection;
    if (form != Inflection::kPast && form != Inflection::kParticiple &&
        form != Inflection::kGerund) {
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
  bool takes_to(std::size_t i) const {
    const std::string_view verb = tools_.wordnet.text(tagged_[i].reading->lemma);
    return verb == "begin" || verb == "start" || verb == "commence" || verb == "try" ||
           verb == "attempt";
  }

  std::vector<std::string> replacements(std::size_t i) const {
    const Reading& reading = *tagged_[i].reading;
    std::vector<std::string> found;
    for (const WordNet::Lemma synonym : tools_.thesaurus.synonyms(reading.lemma, reading.part)) {
      const auto form = form_of(i, synonym);
      if (form) found.push_back(with_capitals(*form, tokens_[i].capitals));
    }
    return found;
  }

  bool after_more(std::size_t i) const {
    if (class_before(i) != WordClass::kDegree) return false;
    const std::string word = lower_case(tokens_[i - 1].of(text_));
    return word == "more" || word == "most";
  }
  std::optional<std::string> form_of(std::size_t i, WordNet::Lemma synonym) const {
    const Reading& reading = *tagged_[i].reading;
    if (reading.part == PartOfSpeech::kAdjective && after_more(i) &&
        tools_.inflector.form(synonym, reading.part, Inflection::kComparative)) {
      return std::nullopt;  // "more hard" for "more difficult"
    }
    Inflection wanted = reading.inflection;
    if (wanted == Inflection::kPast && !tools_.inflector.past_is_participle(synonym)) {
      const WordClass before = class_before(i);
      if (before == WordClass::kBe || before == WordClass::kHave) {
        wanted = Inflection::kParticiple;
      } else if (before != WordClass::kPronoun) {
        return std::nullopt;  // "the books bought": either form
      }
    }
    return tools_.inflector.form(synonym, reading.part, wanted);
  }

  std::string_view text_;
  const SynonymTools& tools_;
  std::vector<Token> tokens_;
  std::vector<TaggedToken> tagged_;
  std::vector<bool> kept_;
};

}  // namespace

SynonymTools::SynonymTools(const WordNet& words)
    : wordnet(words), inflector(words), word_book(words, inflector), thesaurus(words) {}

std::vector<Site> find_sites(std::string_view text, const SynonymTools& tools) {
  return SiteFinder(text, tools).find();
}

}  // namespace arf
