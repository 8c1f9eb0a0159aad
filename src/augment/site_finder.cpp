#include "augment/site_finder.h"

#include <algorithm>
#include <optional>

#include "augment/tagged_text.h"
#include "augment/word_lists.h"
#include "core/text_hash.h"

namespace arf {
namespace {

// A word said again within so many others is noticed.
constexpr std::size_t kNear = 4;

std::string with_capitals(std::string word, Capitals capitals) {
  const auto raise = [](char& c) {
    if (c >= 'a' && c <= 'z') c = static_cast<char>(c - ('a' - 'A'));
  };
  if (capitals == Capitals::kTitle) raise(word[0]);
  if (capitals == Capitals::kUpper) std::for_each(word.begin(), word.end(), raise);
  return word;
}

// "don't", "well-known".
bool is_joined(std::string_view word) {
  return word.find_first_of("'-") != std::string_view::npos ||
         word.find(kCurlyApostrophe) != std::string_view::npos;
}

// One text on its way to its sites.
class SiteFinder {
 public:
  SiteFinder(std::string_view text, const SynonymTools& tools)
      : tools_(tools), text_(text, tools.wordnet, tools.word_book), kept_(text_.size()) {}

  std::vector<Site> find() {
    keep_names();
    std::vector<Site> sites;
    for (std::size_t i = 0; i < text_.size(); ++i) {
      if (kept_[i] || !text_.may_change(i)) continue;
      Site site;
      site.replacements = replacements(i);
      if (site.replacements.empty() || in_phrase(i)) continue;
      site.begin = text_.token(i).begin;
      site.end = text_.token(i).end;
      if (text_.touches_before(i) && text_.tagged(i - 1).word_class == WordClass::kArticle) {
        site.article_begin = text_.token(i - 1).begin;
        site.article_end = text_.token(i - 1).end;
      }
      sites.push_back(std::move(site));
    }
    return sites;
  }

 private:
  // Capitals inside a sentence are a name's; a word that is a name once is one at a sentence's
  // beginning, too, and so is one that another capital follows ("Large Lake"). Words in capitals
  // are kept where they stand alone (NASA), not in a shout.
  void keep_names() {
    TextViewSet names;
    for (std::size_t i = 0; i < text_.size(); ++i) {
      const Token& token = text_.token(i);
      if (token.capitals == Capitals::kTitle && !token.starts_sentence) names.insert(text_.word(i));
    }
    for (std::size_t i = 0; i < text_.size(); ++i) {
      const Token& token = text_.token(i);
      if (token.kind != TokenKind::kWord || token.capitals == Capitals::kMixed) kept_[i] = true;
      if (token.capitals == Capitals::kTitle) {
        kept_[i] = !token.starts_sentence || names.contains(text_.word(i)) ||
                   is_given_name(text_.spelling(i)) || before_name(i);
      }
      if (token.capitals == Capitals::kUpper) kept_[i] = !in_shout(i);
      if (is_joined(text_.word(i))) kept_[i] = true;
    }
  }
  bool before_name(std::size_t i) const {
    return text_.touches_behind(i) && text_.token(i + 1).capitals == Capitals::kTitle &&
           text_.word(i + 1).size() > 1;
  }
  bool in_shout(std::size_t i) const {
    const auto shouted = [&](std::size_t other) {
      return text_.token(other).capitals == Capitals::kUpper && text_.word(other).size() > 3;
    };
    return shouted(i) && ((i > 0 && shouted(i - 1)) || (i + 1 < text_.size() && shouted(i + 1)));
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
    if (last >= text_.size()) return false;
    for (std::size_t i = first; i < last; ++i) {
      if (!text_.touches_behind(i)) return false;
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
    const std::string joint = text_.spelling(first) + '-';
    return tools_.wordnet.find(joint + text_.spelling(first + 1)).has_value();
  }
  // As it stands and as a base form.
  std::vector<std::string> spellings(std::size_t i) const {
    std::vector<std::string> found = {text_.spelling(i)};
    if (text_.tagged(i).reading) {
      const std::string base(tools_.wordnet.text(text_.tagged(i).reading->lemma));
      if (base != found[0]) found.push_back(base);
    }
    return found;
  }

  std::vector<std::string> replacements(std::size_t i) const {
    const Reading& reading = *text_.tagged(i).reading;
    std::vector<std::string> found;
    for (const WordNet::Lemma synonym : tools_.thesaurus.synonyms(reading.lemma, reading.part)) {
      const auto form = form_of(i, synonym);
      if (form && !stands_near(i, *form)) {
        found.push_back(with_capitals(*form, text_.token(i).capitals));
      }
    }
    return found;
  }
  // "brave and courageous" is not to become "brave and brave".
  bool stands_near(std::size_t i, std::string_view form) const {
    const std::size_t end = std::min(i + kNear + 1, text_.size());
    for (std::size_t other = i < kNear ? 0 : i - kNear; other < end; ++other) {
      if (text_.word(other) == form) return true;
    }
    return false;
  }

  bool after_more(std::size_t i) const {
    if (text_.class_before(i) != WordClass::kDegree) return false;
    const std::string word = text_.spelling(i - 1);
    return word == "more" || word == "most";
  }
  std::optional<std::string> form_of(std::size_t i, WordNet::Lemma synonym) const {
    const Reading& reading = *text_.tagged(i).reading;
    if (reading.part == PartOfSpeech::kAdjective && after_more(i) &&
        tools_.inflector.form(synonym, reading.part, Inflection::kComparative)) {
      return std::nullopt;  // "more hard" for "more difficult"
    }
    Inflection wanted = reading.inflection;
    if (wanted == Inflection::kPast && !tools_.inflector.past_is_participle(synonym)) {
      const WordClass before = text_.class_before(i);
      if (before == WordClass::kBe || before == WordClass::kHave) {
        wanted = Inflection::kParticiple;
      } else if (before != WordClass::kPronoun) {
        return std::nullopt;  // "the books bought": either form
      }
    }
    return tools_.inflector.form(synonym, reading.part, wanted);
  }

  const SynonymTools& tools_;
  TaggedText text_;
  std::vector<bool> kept_;
};

}  // namespace

SynonymTools::SynonymTools(const WordNet& words)
    : wordnet(words), inflector(words), word_book(words, inflector), thesaurus(words) {}

std::vector<Site> find_sites(std::string_view text, const SynonymTools& tools) {
  return SiteFinder(text, tools).find();
}

}  // namespace arf
