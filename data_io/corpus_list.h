// Several corpora as one: their rows follow one another.
#pragma once

#include <cstdint>
#include <functional>
#include <string>
#include <vector>

#include "core/json.h"
#include "data_io/corpus.h"

namespace arf {

class CorpusList {
 public:
  explicit CorpusList(const std::vector<std::string>& paths);  // input_error

  std::uint64_t rows() const;
  Dialogue row(std::uint64_t number) const;  // 0 <= number < rows()
  void for_each(const std::function<void(std::uint64_t, const Dialogue&)>& body) const;
  Json description() const;   // [{path, rows, digest}], the digests checked
  std::string names() const;  // "a, b"

 private:
  std::vector<std::string> paths_;
  std::vector<CorpusReader> corpora_;
};

}  // namespace arf
