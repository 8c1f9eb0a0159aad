// Stanford Alpaca: {"instruction", "input", "output"}. The prompt is the instruction and, where
// there is an input, a blank line and the input. An empty output is kept: it is the data's.
#include "data_io/importers.h"
#include "data_io/json_view.h"

namespace arf {

void import_alpaca(const std::filesystem::path& file, ImportSink& sink) {
  read_json_records(file, sink, [&](const JsonRef& record) {
    std::string prompt = record.text_field("instruction");
    const std::string input = record.has("input") ? record.text_field("input") : "";
    if (!input.empty()) prompt += "\n\n" + input;
    sink.add(prompt_and_reply(std::move(prompt), record.text_field("output")));
  });
}

}  // namespace arf
