// A command's configuration: an INI file, then the words of the command line, a part each. A wrong
// one is refused as usage (exit 2).

#include "config/options.h"
#include "core/error.h"
#include "tests/fuzz/fuzz.h"

using namespace arf;

namespace {

// Every kind of key, in fresh fields each time.
struct Command {
  RunSettings run;
  bool flag = false;
  int count = 1;
  std::int64_t whole = -1;
  double share = 0.5;
  std::string text = "as it is", choice = "one";
  std::vector<std::string> list, filled{"a", "b"};
  Options options{"try", "Takes what a test gives it."};

  Command() {
    options.add("try.flag", &flag, "", "A flag.");
    options.add("try.count", &count, "things", "A count.");
    options.add("try.whole", &whole, "", "A whole number.");
    options.add("try.share", &share, "", "A number.");
    options.add("try.text", &text, "", "A text.");
    options.add("list", &list, "", "A list without a section.");
    options.add("other.filled", &filled, "", "A list that is not empty.");
    options.add_choice("other.choice", &choice, {"one", "two"}, "A choice.");
    options.at_least("try.count", 1);
    options.mark_no_effect_on_result("try.count");
    add_run_settings(options, &run);
  }
};

// The resolved configuration is read as it was written.
void use(const fuzz::Folder& folder, const std::vector<std::string>& words) {
  Command command;
  if (!command.options.parse(words)) return;
  const std::string resolved = command.options.resolved();
  folder.put("resolved.ini", resolved);
  Command again;
  again.options.parse({"--config", (folder.path() / "resolved.ini").string()});
  fuzz::require(again.options.resolved() == resolved, "config.ini is not read as it was written");
  fuzz::require(again.options.resolved(true) == command.options.resolved(true),
                "what affects the result is not read as it was written");
  fuzz::require(again.list == command.list && again.text == command.text,
                "a value changes in config.ini");
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  static const fuzz::Folder folder;
  const auto parts = fuzz::parts({reinterpret_cast<const char*>(data), size});
  std::vector<std::string> words(parts.begin() + 1, parts.end());
  folder.put("given.ini", parts[0]);
  if (!parts[0].empty()) {
    words.push_back("--config");
    words.push_back((folder.path() / "given.ini").string());
  }
  fuzz::accept_or_refuse(
      size, [&] { use(folder, words); }, ExitCode::kUsage);
  return 0;
}
