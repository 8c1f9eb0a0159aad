#include "data_io/row_check.h"

#include <bit>
#include <cmath>
#include <string_view>

#include "core/error.h"
#include "core/utf8.h"

namespace arf {
namespace {

void check_text(std::string_view text, const char* field, const Place& place) {
  if (text.size() > kLargestTextBytes) {
    input_error("{}: {} has {} bytes; a text may have {}: split it or leave the row out", place(),
                field, text.size(), kLargestTextBytes);
  }
  const std::size_t at = first_invalid_utf8(text);
  if (at != text.size()) {
    input_error("{}: {} is not UTF-8 at byte {} (0x{:02x}); convert the input to UTF-8", place(),
                field, at, static_cast<unsigned char>(text[at]));
  }
}

void check_score(const Satisfaction& score, const char* field, const Place& place) {
  if (is_distribution(score)) return;
  input_error("{}: {} is ({}, {}, {}); it takes three numbers >= 0 whose sum is 1", place(), field,
              score.bad, score.neutral, score.good);
}

class Canonical {
 public:
  explicit Canonical(std::string* bytes) : bytes_(*bytes) {}
  void number(std::uint64_t value) {
    static_assert(std::endian::native == std::endian::little);
    bytes_.append(reinterpret_cast<const char*>(&value), 8);
  }
  void text(std::string_view value) {
    number(value.size());
    bytes_ += value;
  }
  void score(const Satisfaction& value) {
    const float parts[3] = {value.bad, value.neutral, value.good};
    bytes_.append(reinterpret_cast<const char*>(parts), sizeof parts);
  }
  void optional_score(const std::optional<Satisfaction>& value) {
    number(value ? 1 : 0);
    if (value) score(*value);
  }

 private:
  std::string& bytes_;
};

}  // namespace

bool is_distribution(const Satisfaction& score) {
  const float sum = score.bad + score.neutral + score.good;
  return score.bad >= 0 && score.neutral >= 0 && score.good >= 0 && std::fabs(sum - 1) <= 1e-3f;
}

void check_dialogue(const Dialogue& dialogue, const Place& place) {
  if (dialogue.id.empty()) input_error("{}: the row has no id", place());
  if (dialogue.turns.empty()) input_error("{}: the row has no turns; leave it out", place());
  check_text(dialogue.id, "id", place);
  check_text(dialogue.source, "source", place);
  check_text(dialogue.task, "task", place);
  check_text(dialogue.system, "the system text", place);
  check_text(dialogue.provenance.file, "provenance.file", place);
  check_text(dialogue.provenance.parent, "provenance.parent", place);
  check_text(dialogue.provenance.augmentation, "provenance.augmentation", place);
  if (dialogue.rejected) check_text(*dialogue.rejected, "the rejected response", place);
  if (dialogue.rejected_satisfaction) {
    check_score(*dialogue.rejected_satisfaction, "the rejected response's satisfaction", place);
  }
  for (const Turn& turn : dialogue.turns) {
    check_text(turn.text, "a turn's text", place);
    if (turn.satisfaction) check_score(*turn.satisfaction, "a turn's satisfaction", place);
    for (const Satisfaction& old : turn.history) check_score(old, "an earlier satisfaction", place);
  }
}

void append_canonical(const Dialogue& dialogue, std::string* bytes) {
  Canonical out(bytes);
  for (const std::string* text :
       {&dialogue.id, &dialogue.source, &dialogue.task, &dialogue.system}) {
    out.text(*text);
  }
  out.number(dialogue.turns.size());
  for (const Turn& turn : dialogue.turns) {
    out.number(static_cast<std::uint64_t>(turn.role));
    out.text(turn.text);
    out.optional_score(turn.satisfaction);
    out.number(turn.history.size());
    for (const Satisfaction& old : turn.history) out.score(old);
  }
  out.number(dialogue.rejected ? 1 : 0);
  if (dialogue.rejected) out.text(*dialogue.rejected);
  out.optional_score(dialogue.rejected_satisfaction);
  out.text(dialogue.provenance.file);
  out.number(dialogue.provenance.row);
  out.text(dialogue.provenance.parent);
  out.text(dialogue.provenance.augmentation);
  out.number(dialogue.provenance.random_key);
}

}  // namespace arf
