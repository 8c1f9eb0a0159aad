// A shard as a stranger may make it: one of three that the program writes, with patches in it. Its
// checksum in index.json would be right, so the image is decoded at once. The first byte chooses
// the shard (its highest bit: rows are written and read again, which takes ten times as long), then
// come patches of 12 bytes: where (u16), how (u8), a byte that means nothing, what (u64):
//
//   0 to 3  the lowest 1, 2, 4 or 8 bytes of the number are put there
//   4       32 bytes are copied there from where the number says
//   5       the image is cut there
//
// Chunks get the Fletcher32 of what they then hold, which no patch would keep right.
#include <algorithm>
#include <cstring>

#include "data_io/hdf5_chunk.h"
#include "data_io/row_check.h"
#include "data_io/shard.h"
#include "tests/fuzz/fuzz.h"

using namespace arf;

namespace {

constexpr std::size_t kPatchBytes = 12, kCopiedBytes = 32, kSumBytes = 4;
constexpr std::uint64_t kMostRows = 64;  // that are looked at

// What columns of equal elements may claim although they take no room in the file, and the sums
// over them, in units of what fuzz::memory_bound() allows for a byte of input.
constexpr std::size_t kClaimedBytes = 256 << 10;

template <typename Number>
Number number_at(std::string_view bytes, std::size_t at) {
  Number number = 0;
  if (at + sizeof number <= bytes.size()) std::memcpy(&number, bytes.data() + at, sizeof number);
  return number;
}

struct Base {
  std::string image;
  std::vector<std::pair<std::size_t, std::size_t>> chunks;  // where, and how many bytes
};

Dialogue some_row(int i) {
  Dialogue row;
  row.id = "r" + std::to_string(i);
  row.source = row.task = "s";
  row.system = i % 2 ? "Be kind. \u00e9" : "";
  row.turns.push_back({TurnRole::kUser, std::string(static_cast<std::size_t>(i), 'q'), {}, {}});
  row.turns.push_back({TurnRole::kAssistant, "an answer", Satisfaction{0.5f, 0.25f, 0.25f}, {}});
  if (i % 2) row.turns[1].history = {{1, 0, 0}, {0, 1, 0}};
  if (i % 3 == 0) row.rejected = "none", row.rejected_satisfaction = Satisfaction{1, 0, 0};
  row.provenance = {"file", static_cast<std::uint64_t>(i), "", "", 0};
  return row;
}

// The chunks of all trees of chunks: nodes of one level, whose keys are of 24 bytes and, for a
// column of scores, of 32.
void find_chunks(Base* base) {
  constexpr std::string_view kNode("TREE\x01\x00", 6);
  for (std::size_t node = base->image.find(kNode); node != std::string::npos;
       node = base->image.find(kNode, node + 1)) {
    for (const std::size_t key_bytes : {24, 32}) {
      const auto bytes = number_at<std::uint32_t>(base->image, node + 24);
      const auto at = number_at<std::uint64_t>(base->image, node + 24 + key_bytes);
      if (at > 0 && bytes >= kSumBytes && at + bytes <= base->image.size()) {
        base->chunks.emplace_back(at, bytes);
      }
    }
  }
}

Base make_base(int rows, bool compress) {
  Shard shard;
  for (int i = 1; i <= rows; ++i) shard.add(some_row(i));
  Base base{shard.encode(compress), {}};
  find_chunks(&base);
  fuzz::require(!base.chunks.empty(), "a base without chunks");
  return base;
}

void patch(std::string_view patch, std::string* image) {
  const std::size_t at = number_at<std::uint16_t>(patch, 0);
  const int how = patch[2];
  const auto number = number_at<std::uint64_t>(patch, 4);
  if (at >= image->size()) return;
  if (how >= 0 && how <= 3) {
    std::memcpy(image->data() + at, &number, std::min<std::size_t>(1u << how, image->size() - at));
  } else if (how == 4 && number < image->size()) {
    const std::string piece = image->substr(number, std::min(kCopiedBytes, image->size() - at));
    image->replace(at, piece.size(), piece);
  } else if (how == 5) {
    image->resize(at);
  }
}

void mend_sums(const Base& base, std::string* image) {
  for (const auto& [at, bytes] : base.chunks) {
    if (at + bytes > image->size()) continue;
    const auto* begin = reinterpret_cast<const std::uint8_t*>(image->data() + at);
    const std::uint32_t sum = fletcher32({begin, bytes - kSumBytes});
    std::memcpy(image->data() + at + bytes - kSumBytes, &sum, sizeof sum);
  }
}

// Rows are what a writer would take, and are written and read as they are.
void use(const std::string& image, bool write) {
  const Shard shard = Shard::decode(image, "shard");
  Shard copy;
  const std::uint64_t rows = std::min(shard.rows(), kMostRows);
  for (std::uint64_t i = 0; i < rows; ++i) {
    const Dialogue row = shard.row(i);
    check_dialogue(row, [] { return "an accepted row"; });
    copy.add(row);
  }
  if (shard.rows() > 0) shard.row(shard.rows() - 1);
  if (!write || rows == 0 || copy.turns() > 16 * kMostRows) return;
  const Shard again = Shard::decode(copy.encode(false), "its copy");
  for (std::uint64_t i = 0; i < rows; ++i) {
    fuzz::require(again.row(i) == shard.row(i), "a row is not read as it was written");
  }
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  static const Base kBases[] = {make_base(5, false), make_base(5, true), make_base(1, false)};
  if (size == 0) return 0;
  const Base& base = kBases[(data[0] & 0x7f) % std::size(kBases)];
  std::string image = base.image;
  const std::string_view patches(reinterpret_cast<const char*>(data) + 1, size - 1);
  for (std::size_t i = 0; i + kPatchBytes <= patches.size(); i += kPatchBytes) {
    patch(patches.substr(i, kPatchBytes), &image);
  }
  mend_sums(base, &image);
  fuzz::accept_or_refuse(image.size() + kClaimedBytes, [&] { use(image, data[0] >> 7); });
  return 0;
}
