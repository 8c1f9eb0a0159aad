// What several importers share.
#include "core/error.h"
#include "data_io/importers.h"
#include "data_io/json_records.h"
#include "data_io/json_view.h"

namespace arf {

namespace fs = std::filesystem;

Dialogue labelled_text(std::string text, const Satisfaction& satisfaction) {
  Dialogue row;
  row.turns.push_back({TurnRole::kUser, std::move(text), satisfaction, {}});
  return row;
}

Dialogue prompt_and_reply(std::string prompt, std::string reply) {
  Dialogue row;
  row.turns.push_back({TurnRole::kUser, std::move(prompt), std::nullopt, {}});
  row.turns.push_back({TurnRole::kAssistant, std::move(reply), std::nullopt, {}});
  return row;
}

void read_json_records(const fs::path& file, ImportSink& sink,
                       const std::function<void(const JsonRef&)>& read) {
  JsonRecords records(file, JsonRecords::Shape::kListOrLines);
  JsonDocument document;
  JsonRecord record;
  while (!sink.full() && records.next(&record)) {
    sink.record(record.line, [&] {
      document.parse(record.text, records.name(), record.line);
      read(document.root());
    });
  }
}

fs::path companion(const fs::path& file, const std::string& name) {
  const fs::path plain = file.parent_path() / name, packed = file.parent_path() / (name + ".gz");
  if (fs::exists(plain)) return plain;
  if (fs::exists(packed)) return packed;
  input_error("{}: is needed beside {} and is not there", plain.string(), file.filename().string());
}

}  // namespace arf
