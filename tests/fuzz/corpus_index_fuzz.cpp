// index.json of a corpus. Beside it lie two shards, a.h5 and b.h5; c.h5 and up are symbolic
// links to a shard and the folder outside, whose rows must not be reached. What the index says of a
// file must be right to get anywhere: the texts "$bytes" and "$xxh3" in a shard's entry stand for
// what its `file` leads to has, "$digest" for that of the rows of a.h5 and b.h5.
#include <fmt/format.h>

#include "core/file.h"
#include "core/hash.h"
#include "core/json.h"
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

// The folder of a corpus inside another folder, and what stands for its figures.
class Scene {
 public:
  Scene() {
    Sha256 digest;
    std::filesystem::create_directory(folder_.path() / "corpus");
    std::filesystem::create_symlink("../outside.h5", folder_.path() / "corpus/c.h5");
    std::filesystem::create_symlink("..", folder_.path() / "corpus/up");
    add("corpus/a.h5", "a", 2, &digest);
    add("corpus/b.h5", "b", 1, &digest);
    digest_ = digest.hex();
    add("outside.h5", kOutside, 1, &digest);
  }
  std::filesystem::path corpus() const { return folder_.path() / "corpus"; }
  void put_index(std::string_view part) const {
    folder_.put("corpus/index.json", filled_in(std::string(part)));
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
    folder_.put(file, shard.encode(true));
  }

  std::string filled_in(const std::string& part) const {
    SortedJson json;
    try {
      json = parse_sorted_json(part, "");
    } catch (const Error&) {
      return part;
    }
    if (!json.is_object() || !json.contains("shards")) return part;
    const SortedJson as_it_was = json;
    if (json.value("digest", SortedJson()) == "$digest") json["digest"] = digest_;
    for (SortedJson& entry : json["shards"]) {
      if (entry.is_object()) fill_in_entry(&entry);
    }
    return json == as_it_was ? part : json.dump();
  }

  void fill_in_entry(SortedJson* entry) const {
    const SortedJson file = entry->value("file", SortedJson());
    if (!file.is_string()) return;
    std::error_code error;
    const auto leads_to = std::filesystem::canonical(corpus() / file.get<std::string>(), error);
    if (error || !std::filesystem::is_regular_file(leads_to) ||
        !leads_to.string().starts_with(std::filesystem::canonical(folder_.path()).string())) {
      return;
    }
    const std::string image = read_file(leads_to);
    if (entry->value("bytes", SortedJson()) == "$bytes") (*entry)["bytes"] = image.size();
    if (entry->value("xxh3", SortedJson()) != "$xxh3") return;
    (*entry)["xxh3"] = fmt::format("{:016x}", xxh3(image));
  }

  fuzz::Folder folder_;
  std::string digest_;
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
  describe(scene.corpus());
  for_first_rows(scene.corpus(), 1, [](const Dialogue&) {});
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  static const Scene scene;
  scene.put_index({reinterpret_cast<const char*>(data), size});
  fuzz::accept_or_refuse(size, [] { use(scene); });
  return 0;
}
