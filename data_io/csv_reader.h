// CSV of RFC 4180 as a stream: quoted fields may hold commas, doubled quotes and line breaks. Blank
// lines between records are passed over.
#pragma once

#include <string>
#include <vector>

#include "data_io/input_file.h"

namespace arf {

class CsvReader {
 public:
  explicit CsvReader(const std::filesystem::path& path) : lines_(path) {}
  static constexpr std::size_t kMostFields = 1024;  // of a record: one comma is one more string

  // Reads a record; false at the end. input_error: a quote that is never closed, too many fields.
  bool next();
  // Of the last record. input_error: text after a closing quote; the next record can be read.
  std::vector<std::string>& fields();
  std::uint64_t line() const { return first_line_; }  // where the last record begins
  std::string place() const;                          // "FILE:LINE" of it

 private:
  void split(std::string_view line, bool* quoted);

  LineReader lines_;
  std::vector<std::string> fields_;
  std::size_t misquoted_ = 0;  // number of the field that has text after its closing quote
  std::uint64_t first_line_ = 0;
};

}  // namespace arf
