#include "data_io/csv_reader.h"

#include <algorithm>

#include "core/error.h"

namespace arf {
namespace {

// The next quote, or comma outside of quotes, or the end.
std::size_t next_mark(std::string_view line, std::size_t at, bool quoted) {
  if (quoted) return std::min(line.find('"', at), line.size());
  while (at < line.size() && line[at] != ',' && line[at] != '"') ++at;
  return at;
}

}  // namespace

std::string CsvReader::place() const {
  return fmt::format("{}:{}", lines_.file().name(), first_line_);
}

bool CsvReader::next(std::vector<std::string>* fields) {
  fields->assign(1, "");
  std::string_view line;
  bool quoted = false;
  std::size_t record_bytes = 0;
  do {
    if (!lines_.next(&line)) {
      if (!quoted) return false;
      input_error("{}: a quote is opened in this record and never closed; mend the file", place());
    }
    if (quoted)
      fields->back() += '\n';
    else
      first_line_ = lines_.number();
    record_bytes += line.size();
    if (record_bytes > kLargestRecordBytes) {
      input_error("{}: the record has more than {} bytes; is a quote not closed?", place(),
                  kLargestRecordBytes);
    }
    for (std::size_t i = 0; i < line.size(); ++i) {
      // What stands between marks is taken at once.
      const std::size_t mark = next_mark(line, i, quoted);
      fields->back().append(line, i, mark - i);
      if ((i = mark) == line.size()) break;
      if (quoted) {
        if (i + 1 < line.size() && line[i + 1] == '"') {
          fields->back() += line[++i];
          continue;
        }
        quoted = false;
        if (i + 1 < line.size() && line[i + 1] != ',') {
          input_error("{}: text after a closing quote in field {}; mend the line", place(),
                      fields->size());
        }
      } else if (line[i] == ',') {
        fields->emplace_back();
      } else if (fields->back().empty()) {
        quoted = true;
      } else {
        fields->back() += '"';
      }
    }
  } while (quoted);
  return true;
}

}  // namespace arf
