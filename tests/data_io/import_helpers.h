// What the tests of the importers share: one import into a corpus of its own, read back.
#pragma once

#include <map>
#include <string>
#include <vector>

#include "data_io/importers.h"
#include "tests/data_io/temporary_folder.h"

namespace arf {

struct Imported {
  std::vector<Dialogue> rows;
  std::uint64_t records = 0, skipped = 0, other_split = 0;
  std::map<std::string, std::uint64_t> left_out;
  std::string digest;
};

inline Imported import_with(const ImportSettings& settings) {
  const TemporaryFolder folder;
  Imported result;
  {
    CorpusWriter writer(folder / "c");
    const ImportSink sink = import_files(settings, &writer);
    result = {{}, sink.records(), sink.skipped(), sink.other_split(), sink.left_out(), ""};
    writer.finish();
  }
  const CorpusReader reader(folder / "c");
  reader.for_each([&](std::uint64_t, const Dialogue& row) { result.rows.push_back(row); });
  result.digest = reader.digest();
  return result;
}

inline ImportSettings settings_of(const std::string& format, const std::filesystem::path& file) {
  ImportSettings settings;
  settings.format = format;
  settings.input = {file.string()};
  return settings;
}

inline Imported import_text(const std::string& format, const std::string& text,
                            const std::string& name = "in", const std::string& on_error = "stop",
                            const std::string& ratings = "auto") {
  const TemporaryFolder folder;
  ImportSettings settings = settings_of(format, folder.write(name, text));
  settings.on_error = on_error;
  settings.ratings = ratings;
  return import_with(settings);
}

// With exit 3 and a sentence that has these words.
inline void refused(const std::string& format, const std::string& text, const std::string& words,
                    const std::string& ratings = "auto") {
  BOOST_CHECK_EXCEPTION(import_text(format, text, "in", "stop", ratings), Error,
                        has(words, ExitCode::kInput));
}

}  // namespace arf
