// `arf score`: satisfaction of lines on stdin. What is there is scored together, so that a file
// runs at full speed and a peer that waits for each answer gets it.
#include <ATen/Parallel.h>

#include <cerrno>
#include <cstdio>
#include <cstring>
#include <functional>

#include "config/options.h"
#include "core/json.h"
#include "core/log.h"
#include "core/printable_json.h"
#include "core/utf8.h"
#include "programs/commands.h"
#include "programs/scorer_run.h"
#include "programs/stdin_lines.h"
#include "scoring/scorer.h"

namespace arf {
namespace {

std::string text_field(const Json& json, const char* name, const std::string& where) {
  if (!json[name].is_string()) input_error("{}: `{}` is not a string", where, name);
  return json[name].get<std::string>();
}

struct Line {
  std::string prompt, text;
};

Line parse_object(const std::string& line, const std::string& where) {
  const Json json = json_if_valid(line);
  const bool object = json.is_object();
  const bool text = object && json.contains("text");
  const bool pair = object && json.contains("prompt") && json.contains("response");
  if (text == pair) {
    input_error(
        "{}: begins with {{ and is not an object with either \"text\" or \"prompt\" and "
        "\"response\"",
        where);
  }
  if (text) return {"", text_field(json, "text", where)};
  return {text_field(json, "prompt", where), text_field(json, "response", where)};
}

Line parse_line(std::string line, const std::string& where) {
  if (line.ends_with('\r')) line.pop_back();
  if (!is_utf8(line)) input_error("{}: is not UTF-8", where);
  Line parsed = line.starts_with("{") ? parse_object(line, where) : Line{"", line};
  if (parsed.text.empty()) input_error("{}: holds no text to score", where);
  return parsed;
}

class ScoreLines {
 public:
  ScoreLines(const Scorer& scorer, int num_threads) : scorer_(scorer), num_threads_(num_threads) {}

  void run() {
    while (answer_what_came()) {
    }
  }

 private:
  // Waits for a line, and takes those behind it that came with it; false at the end. A line that is
  // wrong ends the command after the lines before it were answered.
  bool answer_what_came() {
    std::vector<Line> lines;
    try {
      do {
        std::optional<std::string> line = stdin_.next();
        if (!line) break;
        lines.push_back(parse_line(std::move(*line), stdin_.place()));
      } while (stdin_.has_next());
    } catch (const Error&) {
      answer(lines);
      throw;
    }
    answer(lines);
    return !lines.empty();
  }

  void answer(const std::vector<Line>& lines) const {
    std::vector<ScorerInput> inputs;
    for (const Line& line : lines) inputs.push_back({line.prompt, line.text});
    for (const Satisfaction& s : score_all(scorer_, inputs, num_threads_)) {
      const Json json = {{"satisfaction", {s.bad, s.neutral, s.good}}, {"reward", s.reward()}};
      std::printf("%s\n", printable_json(json).c_str());
    }
    if (std::fflush(stdout) != 0)
      resource_error("stdout: cannot be written: {}", std::strerror(errno));
  }

  const Scorer& scorer_;
  int num_threads_;
  StdinLines stdin_;
};

}  // namespace

int run_score(const Arguments& arguments) {
  RunSettings run;
  std::string path;
  Options options("score",
                  "Satisfaction of lines on stdin: plain text, {\"text\"} or {\"prompt\", "
                  "\"response\"}; a line of JSON each.");
  options.add("scorer.path", &path, "", "The scorer's folder, or the run that made it.");
  options.require("scorer.path");
  add_run_settings(options, &run);
  if (!options.parse(arguments)) return 0;
  start_log(run.log_format, 0);
  if (!run.output.empty()) usage_error("score writes to stdout; leave --output out");
  at::set_num_threads(1);
  const Scorer scorer = Scorer::load(path);
  ScoreLines(scorer, num_workers(run)).run();
  return 0;
}

}  // namespace arf
