// The user's turns of corpora that have a satisfaction, and on which side of a fit each stands.
#pragma once

#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "records/dialogue.h"
#include "scoring/scorer.h"

namespace arf {

// By the hash of the text: whatever corpus it stands in, it is on one side.
enum class Side { kTraining, kValidation, kTest };
Side side_of(const ScorerInput& input);
inline bool is_held_out(const ScorerInput& input) { return side_of(input) != Side::kTraining; }

// A corpus and the side of all its texts, if it has one.
struct CorpusPart {
  std::string path;
  std::optional<Side> side;
};

// What --corpus.path may name: a corpus, or a folder that is none and holds the corpora train,
// validation and test. input_error: such a folder that lacks one of the three; usage_error: both
// kinds at once, where a text might train that tests elsewhere.
std::vector<CorpusPart> corpus_parts(const std::vector<std::string>& paths);

struct LabelledText {
  std::string_view text;  // of the row
  Satisfaction label;
  Side side;
  std::uint32_t source;  // number of the row's Dialogue.source
};

inline constexpr const char* kGetLabels =
    "import a labelled set (goemotions, isear, dailydialog, sentiment140) or `arf simulate`";

// body(row, its texts), in order, for every row; returns the names of the sources. input_error
// where a corpus has no such text; `mend` is what it tells the user to do.
std::vector<std::string> for_each_labelled_row(
    const std::vector<std::string>& corpora, const std::string& mend,
    const std::function<void(std::unique_ptr<const Dialogue>, const std::vector<LabelledText>&)>&
        body);

}  // namespace arf
