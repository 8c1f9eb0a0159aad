// CNN/DailyMail: CSV with a header that has `article` and `highlights`; both may span lines.
#include <algorithm>

#include "core/error.h"
#include "data_io/csv_reader.h"
#include "data_io/importers.h"

namespace arf {
namespace {

std::size_t column(const std::vector<std::string>& header, const char* name,
                   const std::string& place) {
  const auto at = std::find(header.begin(), header.end(), name);
  if (at == header.end()) input_error("{}: column `{}` is missing in the header", place, name);
  return static_cast<std::size_t>(at - header.begin());
}

}  // namespace

void import_cnn_dailymail(const std::filesystem::path& file, ImportSink& sink) {
  CsvReader csv(file);
  if (!csv.next()) return;
  const std::size_t article = column(csv.fields(), "article", csv.place());
  const std::size_t highlights = column(csv.fields(), "highlights", csv.place());
  const std::size_t width = csv.fields().size();
  while (!sink.full() && csv.next()) {
    sink.record(csv.line(), [&] {
      const std::vector<std::string>& fields = csv.fields();
      if (fields.size() != width) {
        input_error("{}: has {} fields where the header has {}", csv.place(), fields.size(), width);
      }
      sink.add(prompt_and_reply("Summarize: " + fields[article], fields[highlights]));
    });
  }
}

}  // namespace arf
