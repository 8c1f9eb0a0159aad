// Corpora to test with, and what they leave in a folder.
#pragma once

#include <filesystem>
#include <iterator>
#include <string>

#include "data_io/corpus.h"

namespace arf {

inline Dialogue full_row(int i) {
  Dialogue row;
  row.id = fmt::format("row-{}", i);
  row.source = i % 2 ? "here" : "there";
  row.task = "everything";
  row.system = i % 3 ? "Be kind. \u00e9\u4e2d\U0001F600" : "";
  row.turns.push_back(
      {TurnRole::kUser, fmt::format("question {}\nwith two lines", i), std::nullopt, {}});
  row.turns.push_back({TurnRole::kAssistant,
                       std::string("a \0 byte", 8),
                       Satisfaction{0.1f, 0.2f, 0.7f},
                       {{1, 0, 0}, {0.25f, 0.5f, 0.25f}}});
  row.turns.push_back({TurnRole::kUser, "", Satisfaction{0, 1, 0}, {}});
  if (i % 2) row.rejected = i % 4 == 1 ? "" : "a worse one";
  if (i % 5 == 0) row.rejected_satisfaction = Satisfaction{0.5f, 0.5f, 0};
  row.provenance = {"file.jsonl", 17u + i, i % 2 ? "row-0" : "", "synonym", 0xfedcba9876543210ull};
  return row;
}

inline void write_corpus(const std::filesystem::path& path, int rows, CorpusWriter::Settings settings = {}) {
  CorpusWriter writer(path, settings);
  for (int i = 0; i < rows; ++i) writer.add(full_row(i));
  writer.note("made_by", "a test");
  writer.finish();
}

inline bool leaves_only(const std::filesystem::path& folder, std::size_t count) {
  return static_cast<std::size_t>(
             std::distance(std::filesystem::directory_iterator(folder), {})) == count;
}

}  // namespace arf
