// StrategyQA: {"question", "answer": true|false, "facts": [...]}. The reply is "Yes." or "No." and
// then the facts as its explanation.
#include "data_io/importers.h"
#include "data_io/json_view.h"

namespace arf {

void import_strategyqa(const std::filesystem::path& file, ImportSink& sink) {
  read_json_records(file, sink, [&](const JsonRef& record) {
    std::string reply = record.flag_field("answer") ? "Yes." : "No.";
    if (record.has("facts")) {
      for (const JsonRef& fact : record.list_field("facts")) reply += " " + fact.text();
    }
    sink.add(prompt_and_reply(record.text_field("question"), std::move(reply)));
  });
}

}  // namespace arf
