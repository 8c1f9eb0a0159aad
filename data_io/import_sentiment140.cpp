// Sentiment140: CSV of target, ids, date, flag, user, text, with or without a header. Target 0 is
// bad, 2 neutral, 4 good (spec, section 8). The user's name is not taken.
#include "core/error.h"
#include "core/utf8.h"
#include "data_io/csv_reader.h"
#include "data_io/importers.h"

namespace arf {
namespace {

Satisfaction class_of(const std::string& target, const CsvReader& csv) {
  if (target == "0") return {1, 0, 0};
  if (target == "2") return {0, 1, 0};
  if (target == "4") return {0, 0, 1};
  input_error("{}: target `{}` is none of 0, 2, 4", csv.place(), printable(target));
}

}  // namespace

void import_sentiment140(const std::filesystem::path& file, ImportSink& sink) {
  CsvReader csv(file);
  for (bool first = true; !sink.full() && csv.next(); first = false) {
    if (first && csv.fields()[0] == "target") continue;
    sink.record(csv.line(), [&] {
      std::vector<std::string>& fields = csv.fields();
      if (fields.size() != 6) {
        input_error("{}: has {} fields where 6 are needed (target, ids, date, flag, user, text)",
                    csv.place(), fields.size());
      }
      const Satisfaction satisfaction = class_of(fields[0], csv);
      sink.add(labelled_text(std::move(fields[5]), satisfaction));
    });
  }
}

}  // namespace arf
