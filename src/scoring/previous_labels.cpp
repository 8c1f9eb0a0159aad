#include "scoring/previous_labels.h"

#include <utility>

#include "core/error.h"

namespace arf {
namespace {

// What scores depend on beside the rows, and how a sentence says that it was another.
constexpr std::pair<const char*, const char*> kDecisive[] = {
    {"digest", "by another scorer"},
    {"config", "by a scorer of another config.json"},
    {"tokenizer", "by a scorer of another tokenizer"},
    {"from", "from another --label.from"},
    {"s_sig", "with another --label.s_sig"},
};

}  // namespace

PreviousLabels::PreviousLabels(const std::filesystem::path& path, const Json& labelled_by)
    : path_(path), corpus_(path) {
  const Json& about = corpus_.index().value("about", Json());
  if (about.is_object()) noted_ = about.value("labelled_by", Json());
  if (!noted_.is_object() || !noted_.contains("corpus_digest") || !noted_.contains("from")) {
    input_error(
        "--label.previous {}: is no corpus that this `arf label` made (its index.json does not say "
        "by which scorer and of which corpus); leave the key out, and all rows are scored",
        path.string());
  }
  for (const auto& [key, words] : kDecisive) {
    if (noted_.value(key, Json()) == labelled_by.at(key)) continue;
    difference_ = words;
    break;
  }
  is_of_other_arithmetic_ = noted_.value("arithmetic", Json()) != labelled_by.at("arithmetic");
}

void PreviousLabels::require_made_of(const std::string& source, std::uint64_t source_rows,
                                     const std::string& digest) const {
  const std::uint64_t rows = corpus_.rows();
  if (rows > source_rows) {
    input_error(
        "--label.previous {}: has {} rows, and {} has {}; it takes what was labelled of the same "
        "corpus, or of its first rows before it grew",
        path_.string(), rows, source, source_rows);
  }
  if (noted_.at("corpus_digest") == digest) return;
  input_error(
      "--label.previous {}: was labelled from another corpus: its rows are not the first {} of {}; "
      "name the corpus that was labelled from this one, or leave the key out",
      path_.string(), rows, source);
}

}  // namespace arf
