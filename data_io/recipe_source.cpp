#include "data_io/recipe_source.h"

#include <algorithm>

#include "core/error.h"
#include "data_io/text_cleaner.h"
#include "data_io/text_marks.h"

namespace arf {
namespace {

constexpr const char *kEmpty = "an empty text", *kOnlyMarks = "nothing but links and user names";

std::string key_of(const Dialogue& row) {
  std::string key;
  for (const Turn& turn : row.turns) (key += text_key(turn.text)) += '\n';
  if (row.rejected) key += text_key(*row.rejected);
  return key;
}

// Why a row with these texts is left out; nullptr: it is not.
const char* emptiness_of(const Dialogue& row) {
  bool says = false, has_text = false;
  for (const Turn& turn : row.turns) {
    says = says || says_something(turn.text);
    has_text = has_text || !turn.text.empty();
  }
  return says ? nullptr : has_text ? kOnlyMarks : kEmpty;
}

class SourceReader {
 public:
  SourceReader(const Recipe& recipe, const SourceLines& lines, SourceCensus* census,
               const std::function<void(std::uint64_t)>& progress)
      : recipe_(recipe), lines_(lines), census_(*census), progress_(progress) {}

  std::vector<Candidate> read() {
    for (const RecipeLine* line : lines_) read_line(*line);
    for (int i = 0; i < TextCleaner::kNumChanges; ++i) {
      const auto change = static_cast<TextCleaner::Change>(i);
      if (cleaner_.texts_with(change) > 0)
        census_.cleaned[TextCleaner::name_of(change)] = cleaner_.texts_with(change);
    }
    return std::move(rows_);
  }

 private:
  void read_line(const RecipeLine& line) {
    ++number_;
    ImportSettings settings = line.import;
    settings.task = recipe_.task;
    const ImportSink sink = read_files(
        settings, [&](Dialogue&& row) { take(std::move(row), line); }, progress_, &census_.inputs);
    census_.skipped += sink.skipped();
    for (const auto& [reason, count] : sink.left_out()) census_.not_read[reason] += count;
  }

  void take(Dialogue&& row, const RecipeLine& line) {
    ++census_.read;
    for (Turn& turn : row.turns) turn.text = cleaner_.clean(turn.text);
    if (row.rejected) row.rejected = cleaner_.clean(*row.rejected);
    if (const char* reason = emptiness_of(row)) {
      ++census_.left_out[reason];
      return;
    }
    // Of several lines of one format the sink's ids are the same.
    row.id.replace(0, line.import.format.size(),
                   lines_.size() == 1 ? line.name : fmt::format("{}.{}", line.name, number_));
    row.source = line.name;
    KeyedRow keyed{key_of(row), static_cast<int>(label_of(row))};
    rows_.push_back({std::move(row), std::move(keyed), &line});
  }

  const Recipe& recipe_;
  const SourceLines& lines_;
  SourceCensus& census_;
  const std::function<void(std::uint64_t)>& progress_;
  TextCleaner cleaner_;
  std::vector<Candidate> rows_;
  std::size_t number_ = 0;  // of the line in its source, from 1
};

}  // namespace

std::size_t label_of(const Dialogue& row) {
  std::array<double, 3> sum{};
  bool any = false;
  for (const Turn& turn : row.turns) {
    if (!turn.satisfaction) continue;
    any = true;
    sum[0] += turn.satisfaction->bad;
    sum[1] += turn.satisfaction->neutral;
    sum[2] += turn.satisfaction->good;
  }
  if (!any) return kNumLabels - 1;
  return static_cast<std::size_t>(std::max_element(sum.begin(), sum.end()) - sum.begin());
}

std::uint64_t SourceCensus::rows_of(SplitPart part) const {
  std::uint64_t sum = 0;
  for (const std::uint64_t count : rows[static_cast<std::size_t>(part)]) sum += count;
  return sum;
}

std::uint64_t SourceCensus::kept() const {
  return rows_of(SplitPart::kTrain) + rows_of(SplitPart::kValidation) + rows_of(SplitPart::kTest);
}

Json to_json(const SourceCensus& census) {
  Json parts = Json::object();
  for (std::size_t part = 0; part < kNumParts; ++part) {
    Json counts = {{"rows", census.rows_of(static_cast<SplitPart>(part))}};
    for (std::size_t label = 0; label < kNumLabels; ++label)
      counts[kLabelNames[label]] = census.rows[part][label];
    parts[kPartNames[part]] = counts;
  }
  return {{"name", census.name},
          {"read", census.read},
          {"kept", census.kept()},
          {"skipped", census.skipped},
          {"parts", parts},
          {"left_out", Json(census.left_out)},
          {"not_read", Json(census.not_read)},
          {"cleaned", Json(census.cleaned)},
          {"inputs", census.inputs}};
}

std::vector<Candidate> read_source(const Recipe& recipe, const SourceLines& lines,
                                   const std::function<void(std::uint64_t)>& progress,
                                   SourceCensus* census) {
  return SourceReader(recipe, lines, census, progress).read();
}

}  // namespace arf
