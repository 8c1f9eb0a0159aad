// ShareGPT: {"conversations": [{"from", "value"}, ...]}, and what is found under that name: the
// list called `conversation`, `messages` or `items`, {role, content} in it, a system text beside
// it. Other keys (id, model, a message's weight) are not looked at.
#include "core/error.h"
#include "data_io/importers.h"
#include "data_io/json_view.h"

namespace arf {
namespace {

std::vector<JsonRef> messages_of(const JsonRef& record) {
  for (const char* key : {"conversation", "messages", "items"}) {
    if (record.has(key) && !record.has("conversations")) return record.list_field(key);
  }
  return record.list_field("conversations");
}

// A reply that rests on what a tool said would look made up without it, and a row has no such turn.
bool has_tool_turn(const std::vector<JsonRef>& messages) {
  for (const JsonRef& message : messages) {
    const std::string role = role_of(message);
    for (const char* name : {"tool", "function", "function_call", "function_response",
                             "observation", "tool_call", "tool_response", "ipython"}) {
      if (role == name) return true;
    }
  }
  return false;
}

}  // namespace

void import_sharegpt(const std::filesystem::path& file, ImportSink& sink) {
  read_json_records(file, sink, [&](const JsonRef& record) {
    if (record.has("chosen")) {
      record.fail("has `chosen`, so it is a pair; import it with --import.format preference");
    }
    const std::vector<JsonRef> messages = messages_of(record);
    if (messages.empty()) return sink.leave_out("without a message");
    if (has_tool_turn(messages)) return sink.leave_out("a tool's turn");
    Dialogue row;
    read_messages(messages, &row);
    if (row.turns.empty()) return sink.leave_out("a system message alone");
    const std::string system = record.has("system") ? record.text_field("system") : "";
    if (!system.empty() && !row.system.empty() && system != row.system) {
      record.fail("has a field `system` and another system message; keep one");
    }
    if (row.system.empty()) row.system = system;
    sink.add(std::move(row));
  });
}

}  // namespace arf
