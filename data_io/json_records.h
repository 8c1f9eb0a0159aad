// The records of a JSON file one at a time, whatever the size of the file: JSON lines, the
// elements of one big list, or the members of one big object.
#pragma once

#include <filesystem>
#include <string>
#include <string_view>

#include "data_io/input_file.h"

namespace arf {

struct JsonRecord {
  std::string_view text;   // the record's bytes, valid until the next call
  std::string_view key;    // of a member, as it stands between its quotes; or ""
  std::uint64_t line = 0;  // where it begins, from 1
};

class JsonRecords {
 public:
  enum class Shape {
    kListOrLines,  // a list where the file begins with [, otherwise a value a line
    kMembers,      // one object
  };
  JsonRecords(const std::filesystem::path& path, Shape shape);
  // False at the end. input_error where the nesting does not hold or the file ends early.
  bool next(JsonRecord* record);
  const std::string& name() const { return file_.name(); }

 private:
  enum class Mode { kList, kMembers, kLines };
  char peek(const char* wanted);  // the next character that is no space; 0 at the end
  bool next_line(JsonRecord* record);
  std::size_t value_end(std::size_t start);   // one past the value at buffer_[start]
  std::size_t string_end(std::size_t quote);  // one past its closing quote
  bool available(std::size_t position);       // reads on until buffer_[position] is there
  void drop_consumed();
  void advance_to(std::size_t position);  // counts lines
  void close(char end);
  [[noreturn]] void fail(const std::string& why) const;

  InputFile file_;
  Mode mode_ = Mode::kLines;
  std::string buffer_;
  std::size_t at_ = 0;
  std::uint64_t line_ = 1;
  bool first_ = true, done_ = false;
};

}  // namespace arf
