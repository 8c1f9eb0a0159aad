// What WordNet holds in memory, and how it is read.
#pragma once

#include <memory>
#include <string>
#include <unordered_map>

#include "core/text_hash.h"
#include "data_io/wordnet.h"

namespace arf {

struct WordNet::Tables {
  struct Range {
    std::uint32_t first = 0, count = 0;
  };
  struct Entry {
    std::string_view text;
    std::array<Range, kPartsOfSpeech> senses;
    std::array<std::uint32_t, kPartsOfSpeech> counts{};
  };
  struct Synset {
    std::uint32_t first_member = 0;
    std::uint16_t num_members = 0;
    std::uint8_t category = 0;
  };
  using Index = std::unordered_map<std::string_view, Lemma, TextHash>;

  std::vector<std::unique_ptr<const std::string>> files;  // what the views below point into
  std::vector<Entry> lemmas;
  Index numbers;  // text -> lemma
  std::vector<Sense> senses;
  std::vector<Synset> synsets;
  std::vector<Member> members;
  std::array<std::vector<Exception>, kPartsOfSpeech> exceptions;
  std::array<std::unordered_map<std::string_view, Bases, TextHash>, kPartsOfSpeech> irregular;
};

std::unique_ptr<const WordNet::Tables> read_wordnet(const std::filesystem::path& directory);

}  // namespace arf
