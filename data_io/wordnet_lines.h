// The lines of a file of WordNet, taken apart word by word.
#pragma once

#include <algorithm>
#include <charconv>
#include <cstdint>
#include <filesystem>
#include <string_view>
#include <utility>

#include "core/error.h"

namespace arf {

// Without the licence at the top. Every error is an input_error with file and line.
class WordNetLines {
 public:
  WordNetLines(std::filesystem::path path, std::string_view bytes)
      : path_(std::move(path)), left_(bytes), first_(bytes.data()) {}

  bool next() {
    while (!left_.empty()) {
      const std::size_t end = std::min(left_.find('\n'), left_.size());
      line_ = left_.substr(0, end);
      offset_ = static_cast<std::uint64_t>(left_.data() - first_);
      left_.remove_prefix(std::min(end + 1, left_.size()));
      ++number_;
      if (!line_.empty() && !line_.starts_with("  ")) return true;
    }
    return false;
  }
  std::string_view word() {
    const std::size_t begin = std::min(line_.find_first_not_of(' '), line_.size());
    const std::size_t end = std::min(line_.find(' ', begin), line_.size());
    const std::string_view word = line_.substr(begin, end - begin);
    if (word.empty()) bad("the line ends early");
    line_.remove_prefix(end);
    return word;
  }
  std::uint32_t number(int base = 10) {
    const std::string_view text = word();
    std::uint32_t value = 0;
    const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value, base);
    if (error != std::errc() || end != text.data() + text.size()) bad("a number is not a number");
    return value;
  }
  void skip(std::uint32_t words) {
    for (std::uint32_t i = 0; i < words; ++i) word();
  }
  bool at_end() const { return line_.find_first_not_of(' ') == std::string_view::npos; }
  bool at_gloss() const { return line_.starts_with(" |"); }
  std::uint64_t offset() const { return offset_; }  // of the line in the file, bytes
  [[noreturn]] void bad(const char* what) const {
    input_error(
        "{}:{}: is not a line of WordNet 3.0: {}; install Debian's package wordnet-base again",
        path_.string(), number_, what);
  }

 private:
  std::filesystem::path path_;
  std::string_view left_, line_;
  const char* first_;
  std::uint64_t number_ = 0, offset_ = 0;
};

}  // namespace arf
