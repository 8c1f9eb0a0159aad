#include "data_io/score_pieces.h"

#include <charconv>
#include <cstring>
#include <string>

#include "core/error.h"
#include "core/file.h"
#include "core/hash.h"

namespace arf {
namespace {

namespace fs = std::filesystem;

constexpr std::uint64_t kLayout = 0x3145524f43535241;  // "ARSCORE1"
constexpr std::size_t kHeadBytes = 3 * sizeof(std::uint64_t), kHashBytes = sizeof(std::uint64_t);

static_assert(sizeof(Satisfaction) == 3 * sizeof(float), "scores are written as they lie");

std::uint64_t number_at(const std::string& bytes, std::size_t at) {
  std::uint64_t number = 0;
  std::memcpy(&number, bytes.data() + at, sizeof number);
  return number;
}

void append(std::uint64_t number, std::string* bytes) {
  bytes->append(reinterpret_cast<const char*>(&number), sizeof number);
}

}  // namespace

fs::path ScorePieces::path_of(std::uint64_t piece) const { return folder_ / std::to_string(piece); }

void ScorePieces::write(std::uint64_t piece, std::span<const Satisfaction> scores) const {
  std::string bytes;
  append(kLayout, &bytes);
  append(inputs_, &bytes);
  append(piece, &bytes);
  bytes.append(reinterpret_cast<const char*>(scores.data()), scores.size_bytes());
  append(xxh3(bytes), &bytes);
  write_file_atomically(path_of(piece), bytes);
}

std::optional<std::vector<Satisfaction>> ScorePieces::read(std::uint64_t piece) const {
  const fs::path path = path_of(piece);
  std::error_code ignored;
  if (!fs::is_regular_file(fs::symlink_status(path, ignored))) return {};
  const std::string bytes = read_file(path);
  if (bytes.size() < kHeadBytes + kHashBytes) return {};
  const std::size_t end = bytes.size() - kHashBytes, size = end - kHeadBytes;
  const bool is_whole = size % sizeof(Satisfaction) == 0 && number_at(bytes, 0) == kLayout &&
                        number_at(bytes, end) == xxh3(std::string_view(bytes).substr(0, end));
  if (!is_whole || number_at(bytes, 8) != inputs_ || number_at(bytes, 16) != piece) return {};
  std::vector<Satisfaction> scores(size / sizeof(Satisfaction));
  if (size > 0) std::memcpy(scores.data(), bytes.data() + kHeadBytes, size);
  return scores;
}

std::vector<bool> ScorePieces::present(std::uint64_t count) const {
  std::vector<bool> present(count, false);
  std::error_code failure;
  for (fs::directory_iterator at(folder_, failure), end; !failure && at != end;
       at.increment(failure)) {
    const std::string name = at->path().filename();
    std::uint64_t piece = 0;
    const auto [last, error] = std::from_chars(name.data(), name.data() + name.size(), piece);
    if (error == std::errc() && last == name.data() + name.size() && piece < count) {
      present[piece] = true;
    }
  }
  return present;
}

void ScorePieces::remove() const {
  std::error_code failure;
  fs::remove_all(folder_, failure);
  if (failure) resource_error("{}: cannot be removed: {}", folder_.string(), failure.message());
  sync_name(folder_);
}

}  // namespace arf
