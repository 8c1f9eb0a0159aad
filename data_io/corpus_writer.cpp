#include <unordered_set>

#include "core/error.h"
#include "core/file.h"
#include "core/hash.h"
#include "data_io/corpus.h"
#include "data_io/partial_folder.h"
#include "data_io/row_check.h"
#include "data_io/shard.h"

namespace arf {
namespace {

namespace fs = std::filesystem;

constexpr std::size_t kDigestBytes = 64 << 10;  // given to SHA-256 at once

// "corpus/" and "corpus" are one place, and the folder beside it is not inside it.
fs::path without_trailing_slash(const fs::path& path) {
  const fs::path normal = path.lexically_normal();
  return normal.has_filename() ? normal : normal.parent_path();
}

// Where a link to a folder leads: a rename takes the place of a folder, not of a link.
fs::path without_link(const fs::path& path) {
  std::error_code error;
  return fs::is_symlink(path, error) && fs::is_directory(path, error) ? fs::canonical(path) : path;
}

void refuse_what_is_there(const fs::path& directory) {
  std::error_code error;
  if (directory.empty()) usage_error("a corpus needs a folder to be written to: give --output DIR");
  if (!fs::exists(fs::symlink_status(directory))) return;
  if (fs::is_directory(directory, error) && fs::is_empty(directory, error) && !error) return;
  usage_error("{}: holds something already; name another output or remove it", directory.string());
}

}  // namespace

struct CorpusWriter::State {
  State(const fs::path& directory, const Settings& settings)
      : directory(directory), partial(directory), beside(partial.path()), settings(settings) {}

  fs::path directory;
  PartialFolder partial;
  fs::path beside;
  Settings settings;
  Shard shard;
  Json shards = Json::array(), about = Json::object();
  std::uint64_t rows = 0;
  std::unordered_set<std::uint64_t> ids;  // hashes: 64 bits are enough for any corpus
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
    const std::string image = shard.encode(settings.compress);
    write_file_atomically(beside / name, image);
    shards.push_back({{"file", name},
                      {"rows", shard.rows()},
                      {"turns", shard.turns()},
                      {"bytes", image.size()},
                      {"xxh3", fmt::format("{:016x}", xxh3(image))}});
    shard.clear();
  }
};

CorpusWriter::CorpusWriter(const fs::path& directory) : CorpusWriter(directory, Settings()) {}

CorpusWriter::CorpusWriter(const fs::path& directory, const Settings& settings) {
  const fs::path final = without_link(without_trailing_slash(directory));
  refuse_what_is_there(final);
  state_ = std::make_unique<State>(final, settings);
}

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
  if (s.settings.check_ids && !s.ids.insert(xxh3(dialogue.id)).second) {
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
  write_file_atomically(state_->beside / "config.ini", resolved);
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
  const Json index = {{"format", "arf-corpus"},   {"version", kCorpusFormat}, {"rows", s.rows},
                      {"digest", s.digest.hex()}, {"shards", s.shards},       {"about", s.about}};
  write_file_atomically(s.beside / "index.json", index.dump(2) + "\n");
  std::error_code error;
  fs::rename(s.beside, s.directory, error);
  if (error == std::errc::directory_not_empty || error == std::errc::file_exists) {
    refuse_what_is_there(s.directory);
  }
  if (error) {
    resource_error("{}: cannot be renamed to {}: {}", s.beside.string(), s.directory.string(),
                   error.message());
  }
  s.finished = true;
  sync_name(s.directory);
}

std::uint64_t CorpusWriter::rows() const { return state_->rows; }

}  // namespace arf
