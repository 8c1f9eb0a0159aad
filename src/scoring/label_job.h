// What `arf label` does with a corpus: which rows are scored, the scores of a piece of them, the
// shards of the result. Its bytes depend on the inputs alone, not on who did which part.
#pragma once

#include <cstdint>
#include <filesystem>
#include <optional>
#include <string>
#include <vector>

#include "comm/communicator.h"
#include "data_io/corpus.h"
#include "data_io/score_pieces.h"
#include "scoring/label_pieces.h"
#include "scoring/labels.h"
#include "scoring/previous_labels.h"
#include "scoring/ranked_rows.h"
#include "scoring/scorer.h"

namespace arf {

class LabelJob {
 public:
  // A row is the previous corpus's, where that has it, else the source's. Rows of a previous corpus
  // that has our scores are taken as they are, all others scored. s_sig: see put_labels.
  LabelJob(CorpusReader source, std::optional<PreviousLabels> previous, LabelSource from,
           double s_sig);

  const CorpusReader& source() const { return source_; }
  const std::optional<PreviousLabels>& previous() const { return previous_; }
  std::uint64_t first_scored() const { return first_scored_; }  // all rows from this one on
  const LabelPieces& pieces() const { return pieces_; }

  // Scores of the responses of a piece's rows, in order.
  std::vector<Satisfaction> score(const Scorer& scorer, std::uint64_t piece, int num_threads) const;

  // Collective. Writes the shards of the result to `folder`, by the scores of all pieces, which lie
  // where all ranks read them (input_error where one cannot be read): for each shard of the source
  // one, and more where old scores make it too large. The whole result is rank 0's.
  struct Result {
    std::uint64_t rows = 0;
    std::string digest;
    Json shards = Json::array();  // of index.json
    LabelCounts counts;
  };
  Result write(Communicator* world, const ScorePieces& scores,
               const std::filesystem::path& folder) const;

 private:
  Dialogue row(std::uint64_t number) const;
  std::vector<Satisfaction> scores_of(const ShardRows& rows, const ScorePieces& scores) const;
  RowsOfShard write_shard(std::size_t number, const ScorePieces& scores,
                          const std::filesystem::path& folder) const;

  CorpusReader source_;
  std::optional<PreviousLabels> previous_;
  LabelSource from_;
  double s_sig_;
  std::uint64_t first_scored_;
  LabelPieces pieces_;
};

}  // namespace arf
