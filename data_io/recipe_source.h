// A source of a recipe: its texts read and cleaned, and what became of each.
#pragma once

#include <array>
#include <map>
#include <string>
#include <vector>

#include "data_io/duplicates.h"
#include "data_io/recipe.h"

namespace arf {

inline constexpr std::size_t kNumLabels = 4;  // of a row; the fourth: no turn has a satisfaction
inline constexpr const char* kLabelNames[kNumLabels] = {"bad", "neutral", "good", "none"};

// The class of the mean of a row's satisfactions; 3 where it has none.
std::size_t label_of(const Dialogue& row);

// What became of one source. Every row is accounted for: read = rows of all parts and classes +
// left out.
struct SourceCensus {
  std::string name;
  std::uint64_t read = 0;     // rows that the importer made of the files
  std::uint64_t skipped = 0;  // records that could not be read (on_error=skip)
  std::array<std::array<std::uint64_t, kNumLabels>, kNumParts> rows{};
  std::map<std::string, std::uint64_t> left_out;  // rows, by reason
  std::map<std::string, std::uint64_t> not_read;  // what the format's rules leave out, by reason
  std::map<std::string, std::uint64_t> cleaned;   // texts, by what was changed in them
  Json inputs = Json::array();                    // {file, sha256}

  std::uint64_t rows_of(SplitPart part) const;
  std::uint64_t kept() const;  // rows of all parts
};

Json to_json(const SourceCensus& census);

// The lines that have one name.
using SourceLines = std::vector<const RecipeLine*>;

struct Candidate {
  Dialogue row;    // cleaned; its id begins with the source's name, and is unique in the recipe
  KeyedRow keyed;  // of all its texts
  const RecipeLine* line = nullptr;
};

// The rows of a source that say something. input_error: what a file holds.
std::vector<Candidate> read_source(const Recipe& recipe, const SourceLines& lines,
                                   const std::function<void(std::uint64_t rows)>& progress,
                                   SourceCensus* census);

}  // namespace arf
