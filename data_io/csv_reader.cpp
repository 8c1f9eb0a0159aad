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

bool CsvReader::next() {
  fields_.assign(1, "");
  misquoted_ = 0;
  std::string_view line;
  do {
    if (!lines_.next(&line)) return false;
  } while (line.empty());
  first_line_ = lines_.number();
  bool quoted = false;
  split(line, &quoted);
  for (std::size_t record_bytes = line.size(); quoted; record_bytes += line.size()) {
    if (record_bytes > kLargestRecordBytes) {
      input_error("{}: the record has more than {} bytes; is a quote not closed?", place(),
                  kLargestRecordBytes);
    }
    if (!lines_.next(&line)) {
      input_error("{}: a quote is opened in this record and never closed; mend the file", place());
    }
    fields_.back() += '\n';
    split(line, &quoted);
  }
  return true;
}

void CsvReader::split(std::string_view line, bool* quoted) {
  for (std::size_t i = 0; i < line.size(); ++i) {
    // What stands between marks is taken at once.
    const std::size_t mark = next_mark(line, i, *quoted);
    fields_.back().append(line, i, mark - i);
    if ((i = mark) == line.size()) return;
    if (*quoted) {
      if (i + 1 < line.size() && line[i + 1] == '"') {
        fields_.back() += line[++i];
        continue;
      }
      *quoted = false;
      if (i + 1 < line.size() && line[i + 1] != ',') {
        misquoted_ = fields_.size();
        return;
      }
    } else if (line[i] == ',') {
      if (fields_.size() == kMostFields) {
        input_error("{}: the record has more than {} fields; is it another file?", place(),
                    kMostFields);
      }
      fields_.emplace_back();
    } else if (fields_.back().empty()) {
      *quoted = true;
    } else {
      fields_.back() += '"';
    }
  }
}

std::vector<std::string>& CsvReader::fields() {
  if (misquoted_ > 0) {
    input_error("{}: text after a closing quote in field {}; mend the line", place(), misquoted_);
  }
  return fields_;
}

}  // namespace arf
