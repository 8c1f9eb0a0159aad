// index.json of a corpus. Beside it lie two shards, a.h5 and b.h5; link.h5 and up are symbolic
// links to a shard and the folder outside, whose rows must not be reached. What the index says of a
// file must be right to get anywhere, so that the texts "$bytes.FILE", "$xxh3.FILE" and "$digest"
// (of the rows of a.h5 and b.h5) stand for it.
#include <fmt/format.h>

#include "core/hash.h"
#include "data_io/corpus.h"
#include "data_io/describe.h"
#include "data_io/row_check.h"
#include "data_io/shard.h"
#include "tests/fuzz/fuzz.h"

using namespace arf;

namespace {

const std::string kOutside = "outside";

Dialogue row_of(const std::string& source, int i) {
  Dialogue row;
  row.id = source + std::to_string(i);
  row.source = source;
  row.turns.push_back({TurnRole::kUser, "hello", Satisfaction{0, 1, 0}, {}});
  return row;
}

std::string replaced(std::string text, const std::string& mark, const std::string& value) {
  for (std::size_t at; (at = text.find(mark)) != std::string::npos;) {
    text.replace(at, mark.size(), value);
  }
  return text;
}

// The folder of a corpus inside another folder, and what stands for its figures.
class Scene {
 public:
  Scene() {
    Sha256 digest;
    std::filesystem::create_directory(folder_.path() / "corpus");
    std::filesystem::create_symlink("../outside.h5", folder_.path() / "corpus/link.h5");
    std::filesystem::create_symlink("..", folder_.path() / "corpus/up");
    add("corpus/a.h5", "a", 2, &digest);
    add("corpus/b.h5", "b", 1, &digest);
    digest_ = digest.hex();
    add("outside.h5", kOutside, 1, &digest);
  }
  std::filesystem::path corpus() const { return folder_.path() / "corpus"; }
  void put_index(std::string_view part) const {
    std::string text = replaced(std::string(part), "\"$digest\"", "\"" + digest_ + "\"");
    for (const auto& [mark, value] : figures_) text = replaced(text, mark, value);
    folder_.put("corpus/index.json", text);
  }

 private:
  void add(const std::string& file, const std::string& source, int rows, Sha256* digest) {
    Shard shard;
    std::string canonical;
    for (int i = 0; i < rows; ++i) {
      shard.add(row_of(source, i));
      append_canonical(row_of(source, i), &canonical);
    }
    digest->update(canonical);
    const std::string image = shard.encode(true);
    folder_.put(file, image);
    const std::string name = std::filesystem::path(file).filename();
    figures_.emplace_back(fmt::format("\"$bytes.{}\"", name), std::to_string(image.size()));
    figures_.emplace_back(fmt::format("\"$xxh3.{}\"", name),
                          fmt::format("\"{:016x}\"", xxh3(image)));
  }

  fuzz::Folder folder_;
  std::string digest_;
  std::vector<std::pair<std::string, std::string>> figures_;
};

void use(const Scene& scene) {
  const bool told = is_corpus(scene.corpus());
  const CorpusReader corpus(scene.corpus());
  fuzz::require(told, "a corpus that is none");
  std::uint64_t rows = 0;
  corpus.for_each([&](std::uint64_t number, const Dialogue& row) {
    fuzz::require(number == rows++, "rows are not in order");
    fuzz::require(row.source != kOutside, "a file outside the folder was read");
  });
  fuzz::require(rows == corpus.rows(), "a row is missing");
  corpus.digest();
  describe(scene.corpus(), 1);
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  static const Scene scene;
  scene.put_index({reinterpret_cast<const char*>(data), size});
  fuzz::accept_or_refuse(size, [] { use(scene); });
  return 0;
}
