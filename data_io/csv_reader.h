// CSV of RFC 4180 as a stream: quoted fields may hold commas, doubled quotes and line breaks.
#pragma once

#include <string>
#include <vector>

#include "data_io/input_file.h"

namespace arf {

class CsvReader {
 public:
  explicit CsvReader(const std::filesystem::path& path) : lines_(path) {}
  // False at the end. input_error: a quote that is never closed, or text after a closing quote.
  bool next(std::vector<std::string>* fields);
  std::uint64_t line() const { return first_line_; }  // where the last record begins
  std::string place() const;                          // "FILE:LINE" of it

 private:
  LineReader lines_;
  std::uint64_t first_line_ = 0;
};

}  // namespace arf
