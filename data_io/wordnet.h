// Princeton WordNet 3.0 as Debian's package wordnet-base has it (the formats are wndb(5) and
// cntlist(5)): which words mean the same, how often each sense was met in text that people tagged,
// and which irregular forms belong to a word. Read once; constant and thread-safe afterwards.
#pragma once

#include <array>
#include <cstdint>
#include <filesystem>
#include <memory>
#include <optional>
#include <span>
#include <string_view>
#include <utility>
#include <vector>

namespace arf {

enum class PartOfSpeech : std::uint8_t { kNoun = 0, kVerb = 1, kAdjective = 2, kAdverb = 3 };
inline constexpr std::size_t kPartsOfSpeech = 4;

class WordNet {
 public:
  using Lemma = std::uint32_t;  // number of a base form, 0 .. num_lemmas() - 1

  // One meaning of a lemma. count: how often it was met in the tagged text.
  struct Sense {
    std::uint32_t synset = 0, count = 0;
  };
  // One word of a synset.
  struct Member {
    Lemma lemma = 0;
    bool capitalised = false;  // a name: "London"
    bool restricted = false;   // an adjective that stands in some places only, e.g. "(p) asleep"
    std::uint64_t frames = 0;  // verbs: bit f is set where sentence frame f (wninput(5)) fits
  };
  // The base forms that an inflected form may have; more than four are left out.
  struct Bases {
    std::array<Lemma, 4> lemmas{};
    std::size_t count = 0;
    const Lemma* begin() const { return lemmas.data(); }
    const Lemma* end() const { return lemmas.data() + count; }
  };
  using Exception = std::pair<std::string_view, Lemma>;  // irregular form, its base

  static constexpr const char* kDirectory = "/usr/share/wordnet";

  // resource_error where a file is absent: names the path and the package. input_error with file
  // and line where one is not as wndb(5) says.
  explicit WordNet(const std::filesystem::path& directory = kDirectory);
  ~WordNet();
  WordNet(WordNet&&) noexcept;
  WordNet& operator=(WordNet&&) noexcept;

  std::size_t num_lemmas() const;
  // `text` in lower case, the words of a phrase joined by '_', e.g. "ice_cream".
  std::optional<Lemma> find(std::string_view text) const;
  std::string_view text(Lemma lemma) const;
  std::span<const Sense> senses(Lemma lemma, PartOfSpeech part) const;  // the most frequent first
  std::uint32_t count(Lemma lemma, PartOfSpeech part) const;            // of all its senses
  std::span<const Member> members(std::uint32_t synset) const;
  std::uint8_t category(std::uint32_t synset) const;  // number of its file, lexnames(5): 18 person
  // Irregular forms by the exception lists, else by the rules of detachment of morphy(7); only
  // bases that WordNet has in this part of speech, the form itself among them.
  Bases bases(std::string_view form, PartOfSpeech part) const;
  std::span<const Exception> exceptions(PartOfSpeech part) const;  // in the order of the file

  struct Tables;

 private:
  std::unique_ptr<const Tables> tables_;
};

}  // namespace arf
