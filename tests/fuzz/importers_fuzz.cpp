// The importers. Parts: the letter of the format (a for the first of import_formats(), and so on),
// and letters for its settings (s: skip what cannot be read, u: utterances, t: the test split, l:
// one row, r: ratings of turns, d: of the dialogue, w: write the corpus and read it again); the
// file; the file that lies beside it.
#include <algorithm>

#include "data_io/importers.h"
#include "data_io/row_check.h"
#include "tests/fuzz/fuzz.h"

using namespace arf;

namespace {

ImportSettings settings_of(std::string_view letters, const fuzz::Folder& folder) {
  const auto has = [&](char letter) {
    return letters.substr(1).find(letter) != std::string_view::npos;
  };
  const auto formats = import_formats();
  const auto number = static_cast<std::uint8_t>(letters[0] - 'a');
  ImportSettings settings;
  settings.format = formats[number % formats.size()].name;
  settings.input = {(folder.path() / "input").string()};
  settings.on_error = has('s') ? "skip" : "stop";
  settings.split = has('t') ? "test" : "all";
  settings.test_share = 0.5;
  settings.limit = has('l') ? 1 : 0;
  settings.utterances = has('u') && settings.format == std::string("dailydialog");
  const std::string_view ratings = formats[number % formats.size()].ratings;
  for (const char* name : {"turn", "dialogue"}) {
    const bool taken = ratings.find(name) != std::string_view::npos;
    if (taken && has(name[0] == 't' ? 'r' : 'd')) settings.ratings = name;
  }
  return settings;
}

// Rows that were taken are what a corpus may hold, and as many as the importer says.
void use(const ImportSettings& settings, const std::filesystem::path& corpus, bool write) {
  CorpusWriter writer(corpus);
  const ImportSink sink = import_files(settings, &writer);
  fuzz::require(sink.skipped() <= sink.records(), "more records are skipped than there are");
  const std::uint64_t rows = writer.rows();
  fuzz::require(settings.limit == 0 || rows <= 1, "more rows than the limit");
  if (!write) return;
  writer.finish();
  const CorpusReader reader(corpus);
  fuzz::require(reader.rows() == rows, "rows are lost in writing");
  reader.for_each([](std::uint64_t, const Dialogue& row) {
    check_dialogue(row, [] { return "an imported row"; });
  });
  reader.digest();
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  static const fuzz::Folder folder;
  const auto parts = fuzz::parts({reinterpret_cast<const char*>(data), size});
  if (parts[0].empty()) return 0;
  const ImportSettings settings = settings_of(parts[0], folder);
  const std::string_view beside = parts.size() > 2 ? parts[2] : "";
  folder.put("input", parts.size() > 1 ? parts[1] : "");
  folder.put("labels.txt", settings.format == "goemotions" ? beside : "");
  folder.put("dialogues_emotion.txt", settings.format == "dailydialog" ? beside : "");
  const std::filesystem::path corpus = folder.path() / "corpus";
  const bool write = parts[0].find('w') != std::string_view::npos;
  fuzz::accept_or_refuse(size, [&] { use(settings, corpus, write); });
  std::filesystem::remove_all(corpus);
  return 0;
}
