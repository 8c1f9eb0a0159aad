#include <unordered_set>

#include "core/error.h"
#include "core/file.h"
#include "core/hash.h"
#include "core/text_hash.h"
#include "data_io/corpus.h"
#include "data_io/partial_folder.h"
#include "data_io/row_check.h"
#include "data_io/shard_file.h"

namespace arf {
namespace {

namespace fs = std::filesystem;

constexpr std::size_t kDigestBytes = 64 << 10;  // given to SHA-256 at once

}  // namespace

struct CorpusWriter::State {
  State(const fs::path& directory, const Settings& settings)
      : directory(directory), partial(directory), settings(settings) {}

  fs::path directory;  // as it was given: where sentences say that it is
  PartialFolder partial;
  Settings settings;
  Shard shard;
  Json shards = Json::array(), about = Json::object();
  std::uint64_t rows = 0;
  std::unordered_set<std::uint64_t> ids;  // TextHash: 64 bits are enough for any corpus
  Sha256 digest;
  std::string canonical;  // of the rows that `digest` has not seen yet
  bool finished = false;

  void update_digest() {
    digest.update(canonical);
    canonical.clear();
  }

  void flush() {
    if (shard.rows() == 0) return;
    const std::string name = fmt::format("shard-{:05}.h5", shards.size());
    shards.push_back(write_shard_file(partial.path(), name, shard, settings.compress));
    shard.clear();
  }
};

CorpusWriter::CorpusWriter(const fs::path& directory) : CorpusWriter(directory, Settings()) {}

CorpusWriter::CorpusWriter(const fs::path& directory, const Settings& settings)
    : state_(std::make_unique<State>(directory, settings)) {}

CorpusWriter::~CorpusWriter() = default;

void CorpusWriter::add(const Dialogue& dialogue) {
  check_dialogue(dialogue, [&] {
    return fmt::format("{}: row {} (`{}`)", state_->directory.string(), state_->rows, dialogue.id);
  });
  add_checked(dialogue);
}

void CorpusWriter::add_checked(const Dialogue& dialogue) {
  State& s = *state_;
  ARF_CHECK(!s.finished, "a row after finish()");
  if (s.settings.check_ids && !s.ids.insert(TextHash{}(dialogue.id)).second) {
    input_error("{}: row {}: id `{}` is in this corpus already; ids must be unique",
                s.directory.string(), s.rows, dialogue.id);
  }
  append_canonical(dialogue, &s.canonical);
  if (s.canonical.size() >= kDigestBytes) s.update_digest();
  s.shard.add(dialogue);
  ++s.rows;
  if (s.shard.bytes() >= s.settings.shard_bytes) s.flush();
}

void CorpusWriter::note(const std::string& key, const Json& value) { state_->about[key] = value; }

void CorpusWriter::keep_config(const std::string& resolved) {
  write_file_atomically(state_->partial.path() / "config.ini", resolved);
}

void CorpusWriter::finish() {
  State& s = *state_;
  ARF_CHECK(!s.finished, "finish() twice");
  if (s.rows == 0) {
    input_error("{}: no rows were written, so no corpus is made; check the input and its filters",
                s.directory.string());
  }
  s.flush();
  s.update_digest();
  write_corpus_index(s.partial.path(), s.rows, s.digest.hex(), s.shards, s.about);
  s.partial.finish();
  s.finished = true;
}

std::uint64_t CorpusWriter::rows() const { return state_->rows; }

}  // namespace arf
