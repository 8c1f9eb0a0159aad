// arf tokenize: the token ids of texts on stdin.
#include <iostream>

#include "config/options.h"
#include "core/error.h"
#include "core/json.h"
#include "core/log.h"
#include "programs/commands.h"
#include "programs/stdin_lines.h"
#include "text/tokenizer.h"

namespace arf {
namespace {

struct Settings {
  RunSettings run;
  std::string path;
  bool parse_special = true;
  bool frame = false;
};

// A line that is a JSON object holds its text in "text"; any other line is a text itself.
std::string text_of(const std::string& line, const std::string& where) {
  const Json json = json_if_valid(line);
  if (!json.is_object()) return line;
  if (!json.contains("text") || !json["text"].is_string())
    input_error("{}: the object has no string \"text\"", where);
  return json["text"].get<std::string>();
}

Json tokenize_line(const Tokenizer& tokenizer, const std::string& text, const Settings& settings,
                   const std::string& where) {
  std::vector<TokenId> ids;
  try {
    ids = tokenizer.encode(text, settings.parse_special);
    if (settings.frame) ids = fill_frame(tokenizer.frame(), ids).tokens;
  } catch (const Error& error) {
    throw Error(error.code(), where + ": " + error.what());
  }
  Json tokens = Json::array();
  for (const TokenId id : ids) tokens.push_back(tokenizer.token_text(id));
  return {{"ids", ids}, {"tokens", tokens}};
}

}  // namespace

int run_tokenize(const Arguments& arguments) {
  Settings settings;
  Options options("tokenize",
                  "Token ids of lines of text, or of {\"text\"} lines, on stdin: {\"ids\", "
                  "\"tokens\"} a line.");
  options.add("model.path", &settings.path, "",
              "Folder with a tokenizer.json (a model's, a scorer's or a tokenizer's).");
  options.require("model.path");
  options.add("tokenize.parse_special", &settings.parse_special, "",
              "Special tokens written out in a text become their ids.");
  options.add(
      "tokenize.frame", &settings.frame, "",
      "Put around each text what the tokenizer's post-processor does (such as a BOS token).");
  add_run_settings(options, &settings.run);
  if (!options.parse(arguments)) return 0;
  start_log(settings.run.log_format, 0);
  if (!settings.run.output.empty()) usage_error("tokenize writes to stdout; leave --output out");
  const Tokenizer tokenizer = Tokenizer::load(settings.path);
  StdinLines lines;
  while (const auto line = lines.next()) {
    const std::string text = text_of(*line, lines.place());
    std::cout << tokenize_line(tokenizer, text, settings, lines.place()).dump() << '\n'
              << std::flush;
  }
  return 0;
}

}  // namespace arf
