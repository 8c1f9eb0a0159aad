#include "augment/synonym_substitution.h"

#include <algorithm>
#include <cmath>
#include <numeric>
#include <unordered_set>

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
  SiteFinder(std::string_view text, const WordNet& wordnet, const Inflector& inflector,
             const Lexicon& lexicon, const Thesaurus& thesaurus)
      : text_(text),
        wordnet_(wordnet),
        inflector_(inflector),
        thesaurus_(thesaurus),
        tokens_(tokenize_text(text)),
        tagged_(tag_tokens(lexicon, text, tokens_)),
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
    std::unordered_set<std::string_view> names;
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
    std::erase_if(begun, [&](const std::string& word) { return !thesaurus_.begins_phrase(word); });
    for (std::size_t i = first + 1; i <= last && !begun.empty(); ++i) {
      std::vector<std::string> longer;
      for (const std::string& words : begun) {
        for (const std::string& next : spellings(i)) longer.push_back(words + '_' + next);
      }
      begun = std::move(longer);
    }
    return std::any_of(begun.begin(), begun.end(),
                       [&](const std::string& words) { return wordnet_.find(words).has_value(); });
  }
  // As it stands and as a base form.
  std::vector<std::string> spellings(std::size_t i) const {
    std::vector<std::string> found = {lower_case(tokens_[i].of(text_))};
    if (tagged_[i].reading) {
      const std::string base(wordnet_.text(tagged_[i].reading->lemma));
      if (base != found[0]) found.push_back(base);
    }
    return found;
  }

  bool may_change(std::size_t i) const {
    const TaggedToken& tagged = tagged_[i];
    if (tagged.word_class != WordClass::kOpen || !tagged.reading || tagged.in_doubt) return false;
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
      case WordClass::kTo:
        return false;
      default:
        break;
    }
    const Inflection form = tagged_[i].reading->inflection;
    const bool participle_as_adjective =
        (form == Inflection::kPast || form == Inflection::kParticiple ||
         form == Inflection::kGerund) &&
        (class_before(i) == WordClass::kArticle || class_before(i) == WordClass::kDeterminer);
    return !participle_as_adjective && !(touches_behind(i) && is_part(i + 1, PartOfSpeech::kVerb));
  }

  std::vector<std::string> replacements(std::size_t i) const {
    const Reading& reading = *tagged_[i].reading;
    std::vector<std::string> found;
    for (const WordNet::Lemma synonym : thesaurus_.synonyms(reading.lemma, reading.part)) {
      const auto form = form_of(i, synonym);
      if (form) found.push_back(with_capitals(*form, tokens_[i].capitals));
    }
    return found;
  }

  std::optional<std::string> form_of(std::size_t i, WordNet::Lemma synonym) const {
    const Reading& reading = *tagged_[i].reading;
    Inflection wanted = reading.inflection;
    if (wanted == Inflection::kPast && !inflector_.past_is_participle(synonym)) {
      const WordClass before = class_before(i);
      if (before == WordClass::kBe || before == WordClass::kHave) {
        wanted = Inflection::kParticiple;
      } else if (before != WordClass::kPronoun) {
        return std::nullopt;  // "the books bought": either form
      }
    }
    return inflector_.form(synonym, reading.part, wanted);
  }

  std::string_view text_;
  const WordNet& wordnet_;
  const Inflector& inflector_;
  const Thesaurus& thesaurus_;
  std::vector<Token> tokens_;
  std::vector<TaggedToken> tagged_;
  std::vector<bool> kept_;
};

// `count` of the numbers below `size`, in order.
std::vector<std::size_t> choose(std::size_t size, std::size_t count, const RandomStream& stream,
                                std::uint32_t* number) {
  std::vector<std::size_t> order(size);
  std::iota(order.begin(), order.end(), 0);
  for (std::size_t i = 0; i < count; ++i) {
    const auto left = static_cast<std::uint32_t>(size - i);
    std::swap(order[i], order[i + stream.below((*number)++, left)]);
  }
  order.resize(count);
  std::sort(order.begin(), order.end());
  return order;
}

std::string article_for(std::string_view article, std::string_view word) {
  const bool upper = article.size() > 1 && article[1] == 'N';
  const std::string a(1, article[0]);
  return takes_an(lower_case(word)) ? a + (upper ? "N" : "n") : a;
}

}  // namespace

SynonymSubstitution::SynonymSubstitution(const WordNet& wordnet)
    : wordnet_(&wordnet), inflector_(wordnet), lexicon_(wordnet, inflector_), thesaurus_(wordnet) {}

std::vector<Site> SynonymSubstitution::sites(std::string_view text) const {
  return SiteFinder(text, *wordnet_, inflector_, lexicon_, thesaurus_).find();
}

std::string substitute(std::string_view text, const std::vector<Site>& sites,
                       const SubstitutionSettings& settings, const RandomStream& stream,
                       std::uint32_t* number) {
  if (sites.empty()) return std::string(text);
  const auto wanted =
      static_cast<std::size_t>(std::lround(settings.share * static_cast<double>(sites.size())));
  const std::size_t count =
      std::min({std::max<std::size_t>(wanted, 1), settings.most, sites.size()});
  std::string result;
  std::size_t copied = 0;
  const auto copy_until = [&](std::size_t end) {
    result += text.substr(copied, end - copied);
    copied = end;
  };
  for (const std::size_t which : choose(sites.size(), count, stream, number)) {
    const Site& site = sites[which];
    const auto options = static_cast<std::uint32_t>(site.replacements.size());
    const std::string& word = site.replacements[stream.below((*number)++, options)];
    if (site.article_end > 0) {
      copy_until(site.article_begin);
      result +=
          article_for(text.substr(site.article_begin, site.article_end - site.article_begin), word);
      copied = site.article_end;
    }
    copy_until(site.begin);
    result += word;
    copied = site.end;
  }
  copy_until(text.size());
  return result;
}

}  // namespace arf
