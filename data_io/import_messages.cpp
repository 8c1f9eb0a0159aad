// OpenAI's chat format: {"messages": [{"role", "content"}, ...]}, a dialogue a line (or a list).
#include "core/error.h"
#include "core/utf8.h"
#include "data_io/importers.h"
#include "data_io/json_view.h"

namespace arf {
namespace {

std::string content_text(const JsonRef& message) {
  const JsonRef content = message.field("content");
  if (content.is_text()) return content.text();
  if (!content.is_list()) message.fail("field `content` is not a text");
  std::string text;
  for (const JsonRef& part : content.items()) {
    if (part.text_field("type") != "text") {
      message.fail(
          fmt::format("a part of type `{}` is not text", printable(part.text_field("type"))));
    }
    text += part.text_field("text");
  }
  return text;
}

// As FastChat's cleaning of ShareGPT's pages knows them.
bool is_assistant(const std::string& role) {
  for (const char* name : {"assistant", "gpt", "chatgpt", "bard", "bing", "model"}) {
    if (role == name) return true;
  }
  return false;
}

}  // namespace

std::string role_of(const JsonRef& message) {
  return message.text_field(message.has("from") ? "from" : "role");
}

void read_messages(const std::vector<JsonRef>& messages, Dialogue* row) {
  for (std::size_t i = 0; i < messages.size(); ++i) {
    const JsonRef& message = messages[i];
    const std::string role = role_of(message);
    std::string text = message.has("from") ? message.text_field("value") : content_text(message);
    if (role == "system" || role == "developer") {
      if (i != 0) message.fail("a system message that is not the first");
      row->system = std::move(text);
    } else if (role == "user" || role == "human") {
      row->turns.push_back({TurnRole::kUser, std::move(text), std::nullopt, {}});
    } else if (is_assistant(role)) {
      row->turns.push_back({TurnRole::kAssistant, std::move(text), std::nullopt, {}});
    } else {
      message.fail(fmt::format("role `{}` is none of system, user, assistant", printable(role)));
    }
  }
}

void import_messages(const std::filesystem::path& file, ImportSink& sink) {
  read_json_records(file, sink, [&](const JsonRef& record) {
    Dialogue row;
    read_messages(record.list_field("messages"), &row);
    if (row.turns.empty()) record.fail("field `messages` has no user or assistant message");
    sink.add(std::move(row));
  });
}

}  // namespace arf
