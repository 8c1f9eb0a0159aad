#include "data_io/wordnet.h"

#include <cstring>

#include "core/error.h"
#include "data_io/wordnet_tables.h"

namespace arf {
namespace {

constexpr std::size_t kLongestForm = 64;

// A regular ending and what stands for it in the base form: morphy(7).
struct Ending {
  PartOfSpeech part;
  std::string_view inflected, base;
};
constexpr Ending kEndings[] = {
    {PartOfSpeech::kNoun, "s", ""},        {PartOfSpeech::kNoun, "ses", "s"},
    {PartOfSpeech::kNoun, "xes", "x"},     {PartOfSpeech::kNoun, "zes", "z"},
    {PartOfSpeech::kNoun, "ches", "ch"},   {PartOfSpeech::kNoun, "shes", "sh"},
    {PartOfSpeech::kNoun, "men", "man"},   {PartOfSpeech::kNoun, "ies", "y"},
    {PartOfSpeech::kVerb, "s", ""},        {PartOfSpeech::kVerb, "ies", "y"},
    {PartOfSpeech::kVerb, "es", "e"},      {PartOfSpeech::kVerb, "es", ""},
    {PartOfSpeech::kVerb, "ed", "e"},      {PartOfSpeech::kVerb, "ed", ""},
    {PartOfSpeech::kVerb, "ing", "e"},     {PartOfSpeech::kVerb, "ing", ""},
    {PartOfSpeech::kAdjective, "er", ""},  {PartOfSpeech::kAdjective, "est", ""},
    {PartOfSpeech::kAdjective, "er", "e"}, {PartOfSpeech::kAdjective, "est", "e"},
};

std::size_t index_of(PartOfSpeech part) { return static_cast<std::size_t>(part); }

void add_base(WordNet::Lemma lemma, WordNet::Bases* bases) {
  for (const WordNet::Lemma known : *bases) {
    if (known == lemma) return;
  }
  if (bases->count < bases->lemmas.size()) bases->lemmas[bases->count++] = lemma;
}

}  // namespace

WordNet::WordNet(const std::filesystem::path& directory) : tables_(read_wordnet(directory)) {}
WordNet::~WordNet() = default;
WordNet::WordNet(WordNet&&) noexcept = default;
WordNet& WordNet::operator=(WordNet&&) noexcept = default;

std::size_t WordNet::num_lemmas() const { return tables_->lemmas.size(); }

std::optional<WordNet::Lemma> WordNet::find(std::string_view text) const {
  const auto found = tables_->numbers.find(text);
  if (found == tables_->numbers.end()) return std::nullopt;
  return found->second;
}

std::string_view WordNet::text(Lemma lemma) const { return tables_->lemmas[lemma].text; }

std::span<const WordNet::Sense> WordNet::senses(Lemma lemma, PartOfSpeech part) const {
  const Tables::Range range = tables_->lemmas[lemma].senses[index_of(part)];
  return std::span(tables_->senses).subspan(range.first, range.count);
}

std::uint32_t WordNet::count(Lemma lemma, PartOfSpeech part) const {
  return tables_->lemmas[lemma].counts[index_of(part)];
}

std::span<const WordNet::Member> WordNet::members(std::uint32_t synset) const {
  const Tables::Synset& found = tables_->synsets[synset];
  return std::span(tables_->members).subspan(found.first_member, found.num_members);
}

std::uint8_t WordNet::category(std::uint32_t synset) const {
  return tables_->synsets[synset].category;
}

WordNet::Bases WordNet::bases(std::string_view form, PartOfSpeech part) const {
  Bases found;
  const auto add = [&](std::string_view text) {
    const auto lemma = find(text);
    if (lemma && !senses(*lemma, part).empty()) add_base(*lemma, &found);
  };
  const auto& irregular = tables_->irregular[index_of(part)];
  if (const auto at = irregular.find(form); at != irregular.end()) {
    for (const Lemma lemma : at->second) add(text(lemma));
  }
  const bool is_irregular = found.count > 0;
  add(form);
  if (is_irregular || form.size() > kLongestForm) return found;
  for (const Ending& ending : kEndings) {
    if (ending.part != part || form.size() <= ending.inflected.size() ||
        !form.ends_with(ending.inflected)) {
      continue;
    }
    char base[kLongestForm + 8];
    const std::size_t stem = form.size() - ending.inflected.size();
    std::memcpy(base, form.data(), stem);
    std::memcpy(base + stem, ending.base.data(), ending.base.size());
    add({base, stem + ending.base.size()});
  }
  return found;
}

std::span<const WordNet::Exception> WordNet::exceptions(PartOfSpeech part) const {
  return tables_->exceptions[index_of(part)];
}

}  // namespace arf
