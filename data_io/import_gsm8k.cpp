// GSM8K: {"question", "answer"}. The answer keeps its steps and its last line, "#### 72"; the
// calculator's marks, <<48/2=24>>, are taken out.
#include "data_io/importers.h"
#include "data_io/json_view.h"

namespace arf {
namespace {

std::string without_marks(const std::string& text) {
  std::string out;
  std::size_t at = 0;
  for (;;) {
    const std::size_t open = text.find("<<", at);
    const std::size_t close = open == std::string::npos ? open : text.find(">>", open);
    if (close == std::string::npos) return out + text.substr(at);
    out += text.substr(at, open - at);
    at = close + 2;
  }
}

}  // namespace

void import_gsm8k(const std::filesystem::path& file, ImportSink& sink) {
  read_json_records(file, sink, [&](const JsonRef& record) {
    sink.add(prompt_and_reply(record.text_field("question"),
                              without_marks(record.text_field("answer"))));
  });
}

}  // namespace arf
