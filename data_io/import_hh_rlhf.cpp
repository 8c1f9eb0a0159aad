// Anthropic's HH-RLHF: {"chosen", "rejected"}, each a whole transcript of turns that begin with
// "\n\nHuman:" or "\n\nAssistant:". All turns but the last are the prompt, which both sides share;
// a few records of the set do not, and are left out.
#include "core/error.h"
#include "data_io/importers.h"
#include "data_io/json_view.h"

namespace arf {
namespace {

constexpr std::string_view kGap = "\n\n", kHuman = "Human:", kAssistant = "Assistant:";

struct Marker {
  std::size_t at = std::string_view::npos, end = 0;  // of the gap; one past the colon
  TurnRole role = TurnRole::kUser;
};

// The first at or after `from`; at npos where there is none.
Marker next_marker(std::string_view text, std::size_t from) {
  while ((from = text.find(kGap, from)) != std::string_view::npos) {
    const std::size_t name = from + kGap.size();
    if (text.substr(name).starts_with(kHuman)) {
      return {from, name + kHuman.size(), TurnRole::kUser};
    }
    if (text.substr(name).starts_with(kAssistant)) {
      return {from, name + kAssistant.size(), TurnRole::kAssistant};
    }
    ++from;
  }
  return {};
}

// The white space at a turn's ends is the transcript's, not the turn's.
std::string_view stripped(std::string_view text) {
  const auto first = text.find_first_not_of(" \t\r\n");
  if (first == std::string_view::npos) return {};
  return text.substr(first, text.find_last_not_of(" \t\r\n") - first + 1);
}

std::vector<Turn> turns_of(const JsonRef& record, const char* key) {
  const std::string text = record.text_field(key);
  std::vector<Turn> turns;
  Marker marker = next_marker(text, 0);
  if (marker.at != 0) {
    record.fail(fmt::format("field `{}` does not begin with \"\\n\\nHuman:\"", key));
  }
  while (marker.at != std::string_view::npos) {
    const Marker next = next_marker(text, marker.end);
    const std::string_view said =
        std::string_view(text).substr(marker.end, std::min(next.at, text.size()) - marker.end);
    turns.push_back({marker.role, std::string(stripped(said)), std::nullopt, {}});
    marker = next;
  }
  return turns;
}

// Why the sides are no pair of replies to one prompt; null where they are.
const char* what_is_wrong(const std::vector<Turn>& chosen, const std::vector<Turn>& rejected) {
  if (chosen.back().role != TurnRole::kAssistant || rejected.back().role != TurnRole::kAssistant) {
    return "a side does not end with a reply";
  }
  if (!std::equal(chosen.begin(), chosen.end() - 1, rejected.begin(), rejected.end() - 1)) {
    return "the sides differ before their last turn";
  }
  if (chosen.size() == 1) return "without a prompt";
  if (chosen.back() == rejected.back()) return "both replies are the same";
  return nullptr;
}

}  // namespace

void import_hh_rlhf(const std::filesystem::path& file, ImportSink& sink) {
  read_json_records(file, sink, [&](const JsonRef& record) {
    Dialogue row;
    row.turns = turns_of(record, "chosen");
    std::vector<Turn> rejected = turns_of(record, "rejected");
    if (const char* reason = what_is_wrong(row.turns, rejected)) return sink.leave_out(reason);
    row.rejected = std::move(rejected.back().text);
    sink.add(std::move(row));
  });
}

}  // namespace arf
