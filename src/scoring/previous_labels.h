// A corpus that an earlier `arf label` made: what a later one takes over from it.
#pragma once

#include <cstdint>
#include <filesystem>
#include <string>

#include "core/json.h"
#include "data_io/corpus.h"

namespace arf {

class PreviousLabels {
 public:
  // labelled_by: what this run is going to note of itself under that name in index.json.
  // input_error where `path` is no corpus of `arf label`.
  PreviousLabels(const std::filesystem::path& path, const Json& labelled_by);

  const CorpusReader& corpus() const { return corpus_; }
  // input_error where it was not made of the first rows of the corpus `source`, which has so many;
  // digest: of as many of them as this one has.
  void require_made_of(const std::string& source, std::uint64_t source_rows,
                       const std::string& digest) const;
  // Whether its scores are what this run would give; else why not, in words that follow "its rows
  // were scored ...".
  bool has_our_scores() const { return difference_.empty(); }
  const std::string& difference() const { return difference_; }
  // Our scores, but of a processor that may round otherwise.
  bool is_of_other_arithmetic() const { return is_of_other_arithmetic_; }

 private:
  std::filesystem::path path_;
  CorpusReader corpus_;
  Json noted_;  // labelled_by of the corpus
  std::string difference_;
  bool is_of_other_arithmetic_ = false;
};

}  // namespace arf
