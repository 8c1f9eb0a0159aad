// arf inspect PATH: what a file or folder of ours is.
#include <cstdio>

#include "config/options.h"
#include "core/error.h"
#include "core/json.h"
#include "core/log.h"
#include "core/printable_json.h"
#include "core/utf8.h"
#include "data_io/describe.h"
#include "programs/commands.h"
#include "programs/sample_rows.h"
#include "programs/train_options.h"
#include "roles/policy_settings.h"
#include "roles/training_result.h"
#include "roles/unit_dump.h"

namespace arf {
namespace {

struct Settings {
  std::string path;
  std::uint64_t rows = 3;
  std::string log_format = "text";
  bool json = false;
};

// PATH may stand by itself, before or after the options.
Arguments with_named_path(const Arguments& arguments) {
  Arguments named;
  bool value_is_due = false;
  for (const std::string& word : arguments) {
    const bool option = word.starts_with("-") && word.size() > 1;
    if (!option && !value_is_due) named.push_back("--inspect.path");
    named.push_back(word);
    value_is_due = option && word != "--json" && word.find('=') == std::string::npos;
  }
  return named;
}

// Text of a file never reaches the terminal raw.
std::string shown(const Json& value) {
  if (value.is_string()) return printable(value.get<std::string>());
  if (value.is_number_float()) return fmt::format("{:.4g}", value.get<double>());
  return printable(printable_json(value), 400);
}

void print_text(const Json& result) {
  for (const auto& [key, value] : result.items()) {
    if (value.is_object() && (key == "about" || key == "manifest" || key == "config")) {
      std::printf("%s\n", printable(key).c_str());
      for (const auto& [name, part] : value.items()) {
        std::printf("  %-22s %s\n", printable(name).c_str(), shown(part).c_str());
      }
    } else if (value.is_object()) {
      std::string parts;
      for (const auto& [name, part] : value.items()) {
        parts += fmt::format("{}{} {}", parts.empty() ? "" : ", ", printable(name), shown(part));
      }
      std::printf("%-24s %s\n", printable(key).c_str(), parts.empty() ? "none" : parts.c_str());
    } else {
      std::printf("%-24s %s\n", printable(key).c_str(), shown(value).c_str());
    }
  }
}

void print_json(const Json& result) { std::printf("%s\n", printable_json(result, 2).c_str()); }

void show(const Settings& settings) {
  const Json result = describe(settings.path);
  const bool has_rows = result["kind"] == "corpus" || result["kind"] == "shard";
  if (settings.json && has_rows) return print_json_with_rows(result, settings.path, settings.rows);
  if (settings.json) return print_json(result);
  print_text(result);
  if (has_rows) for_first_rows(settings.path, settings.rows, print_row);
}

// The run's model may have changed since: then another one is looked at. (Rewards are in the dump.)
void warn_of_other_model(const std::filesystem::path& run, const ModelSettings& model,
                         const Tokenizer& tokenizer) {
  const std::filesystem::path file = run / "manifest.json";
  Json manifest;
  try {
    manifest = read_json(file);
  } catch (const Error& error) {
    return log_warning("whether the run had this model is not known: {}", error.what());
  }
  const Json before = manifest.is_object() ? manifest.value("inputs", Json()) : Json();
  const Json now = model_hashes(model, tokenizer);
  for (const auto& [key, hash] : now.items()) {
    if (before.is_object() && before.value(key, Json()) == hash) continue;
    log_warning("{}: the `{}` of {} is not what the run had: what follows is of another",
                file.string(), key, model.path);
  }
}

// A unit that broke: its run says by which settings it is worked on again.
Json replay(const std::filesystem::path& folder) {
  const auto run = std::filesystem::canonical(folder).parent_path().parent_path();
  TrainSettings settings;
  Options options("train", "");
  add_train_settings(options, &settings);
  if (!options.parse({"--config", (run / "config.ini").string(), "--output", run.string()})) {
    return {};
  }
  check_train_settings(&settings, /*num_ranks=*/1);
  const Tokenizer tokenizer = load_model_tokenizer(settings.model);
  warn_of_other_model(run, settings.model, tokenizer);
  Policy policy(load_decoder(settings.model, settings.run.seed, &tokenizer),
                policy_settings(settings), settings.run.seed);
  try {
    return replay_unit(folder, settings, &policy);
  } catch (const std::exception& exception) {
    // The program's own units hold what it checks; one from elsewhere need not.
    const Error error = as_error(exception);
    if (error.code() != ExitCode::kDefect) throw error;
    input_error("{}: is damaged, or of another model: {}", folder.string(), error.what());
  }
}

void print_replay(const Json& result) {
  for (const char* key : {"kind", "unit", "method", "loss", "samples", "tokens"}) {
    std::printf("%-24s %s\n", key, shown(result[key]).c_str());
  }
  for (const auto& [name, counts] : result["not_finite"].items()) {
    std::printf("not finite               %s: %s of its weights, %s of its gradient, of %s\n",
                printable(name).c_str(), shown(counts["weights"]).c_str(),
                shown(counts["gradient"]).c_str(), shown(counts["elements"]).c_str());
  }
  for (const Json& reply : result["replies"]) {
    std::printf("\n  %s, sample %s, turn %s\n    reward     %s\n    log-prob   %s, recorded %s\n",
                shown(reply["dialogue"]).c_str(), shown(reply["sample"]).c_str(),
                shown(reply["turn"]).c_str(), shown(reply["reward"]).c_str(),
                shown(reply["logprob_now"]).c_str(), shown(reply["logprob_recorded"]).c_str());
    if (reply.contains("first_broken_token")) {
      std::printf("    broken     from token %s on\n", shown(reply["first_broken_token"]).c_str());
    }
    std::printf("    prompt     %s\n    reply      %s\n", shown(reply["prompt"]).c_str(),
                shown(reply["text"]).c_str());
  }
}

}  // namespace

int run_inspect(const Arguments& arguments) {
  Settings settings;
  Options options("inspect", "say what a file or folder of ours is, with its digest");
  options.add("inspect.path", &settings.path, "",
              "The file or folder; the word `--inspect.path` may be left out.");
  options.add("inspect.rows", &settings.rows, "rows",
              "Sample rows of a corpus or shard to show; a long dialogue without its middle, which "
              "--json has, too.");
  options.add_choice("log.format", &settings.log_format, {"text", "json"},
                     "Form of the log on stderr.");
  options.add("json", &settings.json, "", "Print the result on stdout as one JSON document.");
  options.require("inspect.path");
  if (!options.parse(with_named_path(arguments))) return 0;
  start_log(settings.log_format, 0);
  if (is_unit_dump(settings.path)) {
    const Json result = replay(settings.path);
    settings.json ? print_json(result) : print_replay(result);
  } else {
    show(settings);
  }
  return 0;
}

}  // namespace arf
