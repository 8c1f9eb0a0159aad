// Lines of stdin for `score`, `tokenize` and `logprobs`, given as soon as they are whole, so that a
// peer that waits for each answer gets it.
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>

namespace arf {

class StdinLines {
 public:
  static constexpr std::size_t kMostLineBytes = 16u << 20;

  // The next line without its \n; nothing at the end. input_error where stdin cannot be read, or
  // the line has more than kMostLineBytes. Memory: the longest line.
  std::optional<std::string> next();
  // Whether one has come already, so that next() does not wait.
  bool has_next() const { return rest_.find('\n', at_) != std::string::npos; }
  std::string place() const;  // of the last line: "stdin:1", "stdin:2", ...

 private:
  bool read_more();
  std::string rest_;    // what was read
  std::size_t at_ = 0;  // up to there it was given
  std::uint64_t number_ = 0;
};

}  // namespace arf
