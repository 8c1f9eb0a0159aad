// Preference pairs: prompt, chosen, rejected as texts or as lists of messages, or LLaMA-Factory's
// conversations, chosen, rejected. Lists without a prompt begin with it: what both have in common.
#include "core/error.h"
#include "data_io/importers.h"
#include "data_io/json_view.h"

namespace arf {
namespace {

// The messages of a side: a list, one {from, value} or {role, content}, or the reply's text.
std::vector<Turn> side(const JsonRef& record, const char* key, std::string* system) {
  const JsonRef value = record.field(key);
  Dialogue row;
  if (value.is_text()) {
    row.turns.push_back({TurnRole::kAssistant, value.text(), std::nullopt, {}});
  } else if (value.is_list()) {
    read_messages(value.items(), &row);
  } else if (value.is_object()) {
    read_messages({value}, &row);
  } else {
    record.fail(fmt::format("field `{}` is neither a text nor messages", key));
  }
  if (row.turns.empty() || row.turns.back().role != TurnRole::kAssistant) {
    record.fail(fmt::format("field `{}` does not end with a reply of the assistant", key));
  }
  if (!row.system.empty()) *system = row.system;
  return row.turns;
}

void read_prompt(const JsonRef& record, Dialogue* row) {
  if (record.has("system")) row->system = record.text_field("system");
  if (record.has("conversations")) return read_messages(record.list_field("conversations"), row);
  if (!record.has("prompt")) return;
  const JsonRef prompt = record.field("prompt");
  if (prompt.is_list()) return read_messages(prompt.items(), row);
  row->turns.push_back({TurnRole::kUser, record.text_field("prompt"), std::nullopt, {}});
}

}  // namespace

void import_preference(const std::filesystem::path& file, ImportSink& sink) {
  read_json_records(file, sink, [&](const JsonRef& record) {
    Dialogue row;
    read_prompt(record, &row);
    std::vector<Turn> chosen = side(record, "chosen", &row.system);
    std::vector<Turn> rejected = side(record, "rejected", &row.system);
    const std::vector<Turn> before_chosen(chosen.begin(), chosen.end() - 1);
    const std::vector<Turn> before_rejected(rejected.begin(), rejected.end() - 1);
    if (before_chosen != before_rejected) {
      record.fail(
          "`chosen` and `rejected` differ before their last message; a pair shares its context");
    }
    if (row.turns.empty() && before_chosen.empty()) record.fail("field `prompt` is missing");
    // Some files repeat the prompt inside the sides.
    if (before_chosen != row.turns) {
      row.turns.insert(row.turns.end(), before_chosen.begin(), before_chosen.end());
    }
    row.turns.push_back(std::move(chosen.back()));
    row.rejected = std::move(rejected.back().text);
    sink.add(std::move(row));
  });
}

}  // namespace arf
