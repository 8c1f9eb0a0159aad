#include "programs/label_report.h"

#include <cstdio>

#include "core/clock.h"
#include "core/printable_json.h"
#include "core/utf8.h"
#include "scoring/labels.h"

namespace arf {
namespace {

std::uint64_t num_rows(const LabelPieces& pieces) {
  std::uint64_t rows = 0;
  for (std::uint64_t piece = 0; piece < pieces.count(); ++piece) rows += pieces.rows(piece).count;
  return rows;
}

void warn_of_nothing(const std::string& corpus, const std::string& from) {
  if (from == "response") {
    log_warning("{}: has no responses, so nothing was labelled", corpus);
  } else {
    log_warning(
        "{}: no response is followed by a user's turn, so nothing was labelled; --label.from "
        "response asks an ARF scorer about the responses themselves",
        corpus);
  }
}

}  // namespace

PieceProgress::PieceProgress(const LabelPieces& pieces, const ScorePieces& scores)
    : pieces_(pieces), scores_(scores), rows_(num_rows(pieces)), progress_("label", rows_, "rows") {
  if (log_rank() == 0 && rows_ > 0) progress_.advance(rows_done());
}

std::uint64_t PieceProgress::rows_done() const {
  const std::vector<bool> present = scores_.present(pieces_.count());
  std::uint64_t rows = 0;
  for (std::size_t piece = 0; piece < present.size(); ++piece) {
    if (present[piece]) rows += pieces_.rows(piece).count;
  }
  return rows;
}

void PieceProgress::look() {
  const double now = steady_seconds();
  if (now - looked_ < 1) return;
  looked_ = now;
  progress_.advance(rows_done());
}

void PieceProgress::finish() {
  if (rows_ > 0) progress_.advance(rows_);
}

void print_labels(const RunSettings& run, const std::string& corpus, const std::string& from,
                  const Json& index) {
  const LabelCounts counts = label_counts_of(index.at("about").at("labelled_by").at("counts"));
  const auto digest = index.at("digest").get<std::string>();
  if (counts.labelled == 0) warn_of_nothing(corpus, from);
  if (run.json) {
    const Json result = {
        {"output", run.output},
        {"rows", counts.rows},
        {"responses", counts.responses},
        {"labelled", counts.labelled},
        {"taken", counts.taken},
        {"replaced", counts.replaced},
        {"rows_without", counts.rows_without},
        {"classes",
         {{"bad", counts.classes[0]}, {"neutral", counts.classes[1]}, {"good", counts.classes[2]}}},
        {"mean_reward", counts.mean_reward()},
        {"digest", digest}};
    std::printf("%s\n", printable_json(result).c_str());
    return;
  }
  const std::string taken =
      counts.taken == 0 ? "" : fmt::format(", {} of them by the previous corpus", counts.taken);
  const std::string text = fmt::format(
      "corpus    {}\nrows      {} ({} with nothing to label, kept as they were)\n"
      "labelled  {} of {} responses{}; {} had a satisfaction before, kept as history\n"
      "          bad {}  neutral {}  good {}  mean reward {:.3f}\ndigest    {}\n",
      printable(run.output, kUncut), counts.rows, counts.rows_without, counts.labelled,
      counts.responses, taken, counts.replaced, counts.classes[0], counts.classes[1],
      counts.classes[2], counts.mean_reward(), digest);
  std::fputs(text.c_str(), stdout);
}

}  // namespace arf
