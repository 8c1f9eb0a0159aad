#include "data_io/shard.h"

#include <cmath>
#include <limits>

#include "core/error.h"
#include "core/utf8.h"
#include "data_io/hdf5_image.h"
#include "data_io/row_check.h"

namespace arf {
namespace {

constexpr float kNone = std::numeric_limits<float>::quiet_NaN();

void push_score(std::vector<float>& column, const std::optional<Satisfaction>& score) {
  const Satisfaction s = score.value_or(Satisfaction{kNone, kNone, kNone});
  column.insert(column.end(), {s.bad, s.neutral, s.good});
}

std::optional<Satisfaction> score_at(const std::vector<float>& column, std::uint64_t i) {
  if (std::isnan(column[3 * i])) return std::nullopt;  // then all three are (check_scores)
  return Satisfaction{column[3 * i], column[3 * i + 1], column[3 * i + 2]};
}

// How many things each of the offsets' parts holds: small numbers, often all the same, which gzip
// has less work with.
std::vector<std::uint32_t> lengths_of(const std::vector<std::uint64_t>& offsets) {
  std::vector<std::uint32_t> lengths(offsets.size() - 1);
  for (std::size_t i = 0; i < lengths.size(); ++i) {
    lengths[i] = static_cast<std::uint32_t>(offsets[i + 1] - offsets[i]);
  }
  return lengths;
}

void write_text(Hdf5ImageWriter& out, const std::string& name, const TextColumn& column) {
  out.group(name);
  out.add(name + "/lengths", lengths_of(column.offsets));
  out.add(name + "/bytes", column.bytes);
}

void require(bool holds, const std::string& what, const char* which) {
  if (!holds) input_error("{}: {} do not hold together; make the corpus again", what, which);
}

// [count + 1], where there are `count` lengths that make up `end` together.
std::vector<std::uint64_t> read_offsets(const Hdf5ImageReader& in, const std::string& name,
                                        std::uint64_t count, std::uint64_t end,
                                        const std::string& what) {
  const std::vector<std::uint32_t> lengths = in.lengths(name);
  require(lengths.size() == count, what, name.c_str());
  std::vector<std::uint64_t> offsets{0};
  offsets.reserve(count + 1);
  for (const std::uint32_t length : lengths) offsets.push_back(offsets.back() + length);
  require(offsets.back() == end, what, name.c_str());
  return offsets;
}

TextColumn read_text(const Hdf5ImageReader& in, const std::string& name, std::uint64_t count,
                     const std::string& what) {
  TextColumn column;
  column.bytes = in.text(name + "/bytes");
  column.offsets = read_offsets(in, name + "/lengths", count, column.bytes.size(), what);
  for (std::uint64_t i = 0; i < count; ++i) {
    require(column.size(i) <= kLargestTextBytes, what, (name + "/lengths").c_str());
  }
  // A valid whole that is cut only where characters begin has valid parts.
  bool valid = is_utf8(column.bytes);
  for (const std::uint64_t offset : column.offsets) {
    valid = valid && (offset == column.bytes.size() || (column.bytes[offset] & 0xc0) != 0x80);
  }
  if (!valid) input_error("{}: {} holds text that is not UTF-8; make the corpus again", what, name);
  return column;
}

void check_scores(const std::vector<float>& column, std::uint64_t count, bool may_be_none,
                  const std::string& what, const char* which) {
  require(column.size() == 3 * count, what, which);
  for (std::uint64_t i = 0; i < count; ++i) {
    const float* s = &column[3 * i];
    const bool none = std::isnan(s[0]) && std::isnan(s[1]) && std::isnan(s[2]);
    require(none ? may_be_none : is_distribution({s[0], s[1], s[2]}), what, which);
  }
}

}  // namespace

std::string TextColumn::at(std::uint64_t i) const { return bytes.substr(offsets[i], size(i)); }

void Shard::add(const Dialogue& dialogue) {
  id_.push(dialogue.id);
  source_.push(dialogue.source);
  task_.push(dialogue.task);
  system_.push(dialogue.system);
  file_.push(dialogue.provenance.file);
  parent_.push(dialogue.provenance.parent);
  augmentation_.push(dialogue.provenance.augmentation);
  file_row_.push_back(dialogue.provenance.row);
  random_key_.push_back(dialogue.provenance.random_key);
  has_rejected_.push_back(dialogue.rejected ? 1 : 0);
  const std::string_view rejected = dialogue.rejected ? std::string_view(*dialogue.rejected) : "";
  rejected_.push(rejected);
  push_score(rejected_score_, dialogue.rejected_satisfaction);
  for (const Turn& turn : dialogue.turns) {
    role_.push_back(static_cast<std::uint8_t>(turn.role));
    text_.push(turn.text);
    push_score(score_, turn.satisfaction);
    for (const Satisfaction& old : turn.history) push_score(history_, old);
    first_history_.push_back(history_.size() / 3);
  }
  first_turn_.push_back(role_.size());
}

template <typename Self, typename Visit>
void Shard::for_each_column(Self& self, const Visit& visit) {
  for (auto* text : {&self.id_, &self.source_, &self.task_, &self.system_, &self.file_,
                     &self.parent_, &self.augmentation_, &self.rejected_, &self.text_}) {
    visit(text->offsets, 1);
    visit(text->bytes, 0);
  }
  for (auto* firsts : {&self.first_turn_, &self.first_history_}) visit(*firsts, 1);
  for (auto* numbers : {&self.file_row_, &self.random_key_}) visit(*numbers, 0);
  for (auto* scores : {&self.rejected_score_, &self.score_, &self.history_}) visit(*scores, 0);
  for (auto* bytes : {&self.has_rejected_, &self.role_}) visit(*bytes, 0);
}

std::uint64_t Shard::bytes() const {
  std::uint64_t bytes = 0;
  for_each_column(
      *this, [&](const auto& column, std::size_t) { bytes += column.size() * sizeof(column[0]); });
  return bytes;
}

void Shard::clear() {
  for_each_column(*this, [](auto& column, std::size_t empty) { column.resize(empty); });
}

Dialogue Shard::row(std::uint64_t i) const {
  ARF_CHECK(i < rows(), "row {} of a shard of {}", i, rows());
  Dialogue dialogue;
  dialogue.id = id_.at(i);
  dialogue.source = source_.at(i);
  dialogue.task = task_.at(i);
  dialogue.system = system_.at(i);
  dialogue.provenance = {file_.at(i), file_row_[i], parent_.at(i), augmentation_.at(i),
                         random_key_[i]};
  if (has_rejected_[i]) dialogue.rejected = rejected_.at(i);
  dialogue.rejected_satisfaction = score_at(rejected_score_, i);
  dialogue.turns.reserve(first_turn_[i + 1] - first_turn_[i]);
  for (std::uint64_t t = first_turn_[i]; t < first_turn_[i + 1]; ++t) {
    Turn turn{static_cast<TurnRole>(role_[t]), text_.at(t), score_at(score_, t), {}};
    for (std::uint64_t h = first_history_[t]; h < first_history_[t + 1]; ++h) {
      turn.history.push_back(*score_at(history_, h));
    }
    dialogue.turns.push_back(std::move(turn));
  }
  return dialogue;
}

std::string Shard::encode(bool compress) const {
  Hdf5ImageWriter out(compress);
  const std::uint64_t header[] = {kCorpusFormat, rows(), turns()};
  out.add("header", std::span<const std::uint64_t>(header));
  out.group("rows");
  write_text(out, "rows/id", id_);
  write_text(out, "rows/source", source_);
  write_text(out, "rows/task", task_);
  write_text(out, "rows/system", system_);
  write_text(out, "rows/rejected", rejected_);
  out.add("rows/has_rejected", has_rejected_);
  out.add("rows/rejected_score", rejected_score_, 3);
  out.add("rows/turns", lengths_of(first_turn_));
  out.group("provenance");
  write_text(out, "provenance/file", file_);
  write_text(out, "provenance/parent", parent_);
  write_text(out, "provenance/augmentation", augmentation_);
  out.add("provenance/row", std::span<const std::uint64_t>(file_row_));
  out.add("provenance/random_key", std::span<const std::uint64_t>(random_key_));
  out.group("turns");
  out.add("turns/role", role_);
  write_text(out, "turns/text", text_);
  out.add("turns/score", score_, 3);
  out.add("turns/earlier", lengths_of(first_history_));
  out.group("history");
  out.add("history/score", history_, 3);
  return out.bytes();
}

Shard Shard::decode(std::string_view image, const std::string& what, std::uint64_t most_bytes) {
  const Hdf5ImageReader in(image, what);
  if (in.decoded_bytes() > most_bytes) {
    input_error("{}: its columns have {} bytes, and a shard may have {}; make the corpus again",
                what, in.decoded_bytes(), most_bytes);
  }
  const auto header = in.numbers("header");
  if (header.size() != 3 || header[0] != kCorpusFormat) {
    input_error("{}: is not a corpus shard of format {}; import it again with this arf", what,
                kCorpusFormat);
  }
  Shard shard;
  const std::uint64_t rows = header[1];
  shard.id_ = read_text(in, "rows/id", rows, what);
  shard.source_ = read_text(in, "rows/source", rows, what);
  shard.task_ = read_text(in, "rows/task", rows, what);
  shard.system_ = read_text(in, "rows/system", rows, what);
  shard.rejected_ = read_text(in, "rows/rejected", rows, what);
  shard.has_rejected_ = in.bytes("rows/has_rejected");
  shard.rejected_score_ = in.floats("rows/rejected_score", 3);
  shard.first_turn_ = read_offsets(in, "rows/turns", rows, header[2], what);
  shard.file_ = read_text(in, "provenance/file", rows, what);
  shard.parent_ = read_text(in, "provenance/parent", rows, what);
  shard.augmentation_ = read_text(in, "provenance/augmentation", rows, what);
  shard.file_row_ = in.numbers("provenance/row");
  shard.random_key_ = in.numbers("provenance/random_key");
  shard.role_ = in.bytes("turns/role");
  require(shard.role_.size() == header[2], what, "turns/role");
  shard.text_ = read_text(in, "turns/text", header[2], what);
  shard.score_ = in.floats("turns/score", 3);
  shard.history_ = in.floats("history/score", 3);
  shard.first_history_ =
      read_offsets(in, "turns/earlier", header[2], shard.history_.size() / 3, what);
  shard.check(what);
  return shard;
}

std::uint64_t Shard::most_rows(std::uint64_t image_bytes) {
  constexpr std::uint64_t kLeastRowBytes = 64;  // of a row with one turn, in all columns
  return kMostFilledBytes / kLeastRowBytes + image_bytes * kLargestRatio / kLeastRowBytes;
}

void Shard::check(const std::string& what) const {
  require(
      has_rejected_.size() == rows() && file_row_.size() == rows() && random_key_.size() == rows(),
      what, "the row columns");
  for (std::uint64_t i = 0; i < rows(); ++i) {
    require(id_.size(i) > 0, what, "rows/id");
    require(first_turn_[i] < first_turn_[i + 1], what, "rows/turns");
  }
  for (const std::uint8_t role : role_) require(role <= 1, what, "turns/role");
  for (const std::uint8_t flag : has_rejected_) require(flag <= 1, what, "rows/has_rejected");
  check_scores(rejected_score_, rows(), true, what, "rows/rejected_score");
  check_scores(score_, turns(), true, what, "turns/score");
  check_scores(history_, history_.size() / 3, false, what, "history/score");
}

}  // namespace arf
