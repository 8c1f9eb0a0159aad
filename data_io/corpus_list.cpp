#include "data_io/corpus_list.h"

#include "core/error.h"

namespace arf {

CorpusList::CorpusList(const std::vector<std::string>& paths) : paths_(paths) {
  for (const std::string& path : paths) corpora_.emplace_back(path);
}

std::uint64_t CorpusList::rows() const {
  std::uint64_t rows = 0;
  for (const CorpusReader& corpus : corpora_) rows += corpus.rows();
  return rows;
}

Dialogue CorpusList::row(std::uint64_t number) const {
  std::uint64_t first = 0;
  for (const CorpusReader& corpus : corpora_) {
    if (number - first < corpus.rows()) return corpus.row(number - first);
    first += corpus.rows();
  }
  ARF_CHECK(false, "row {} of {}", number, first);
}

void CorpusList::for_each(const std::function<void(std::uint64_t, const Dialogue&)>& body) const {
  std::uint64_t first = 0;
  for (const CorpusReader& corpus : corpora_) {
    corpus.for_each(
        [&](std::uint64_t row, const Dialogue& dialogue) { body(first + row, dialogue); });
    first += corpus.rows();
  }
}

Json CorpusList::description() const {
  Json all = Json::array();
  for (std::size_t i = 0; i < corpora_.size(); ++i) {
    all.push_back(
        {{"path", paths_[i]}, {"rows", corpora_[i].rows()}, {"digest", corpora_[i].digest()}});
  }
  return all;
}

std::string CorpusList::names() const { return fmt::format("{}", fmt::join(paths_, ", ")); }

}  // namespace arf
