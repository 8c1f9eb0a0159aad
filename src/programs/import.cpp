// arf import: a public data set into a corpus.
#include <cstdio>

#include "config/options.h"
#include "core/error.h"
#include "core/log.h"
#include "core/printable_json.h"
#include "core/utf8.h"
#include "data_io/importers.h"
#include "programs/commands.h"
#include "programs/import_recipe.h"

namespace arf {
namespace {

// An id holds the record's number, so it is the only one.
constexpr CorpusWriter::Settings kWriter{.check_ids = false};

struct Settings {
  RunSettings run;
  ImportSettings import;
  RecipeSettings recipe;
};

void declare(Options& options, Settings* settings) {
  ImportSettings& import = settings->import;
  std::vector<std::string> names;
  for (const ImportFormat& format : import_formats()) names.push_back(format.name);
  import.format.clear();  // it has to be given
  options.add_choice("import.format", &import.format, names, "What the input files are.");
  options.add("import.input", &import.input, "",
              "Files, plain or .gz; their rows follow one another.");
  options.add_choice(
      "import.on_error", &import.on_error, {"stop", "skip"},
      "What a record that cannot be read does: stop the import, or be counted and left out.");
  options.add("import.limit", &import.limit, "rows", "Stop after so many; 0: all.");
  options.add("import.task", &import.task, "",
              "Name of the rows' task in place of the format's own.");
  options.add_choice("import.split", &import.split, {"all", "train", "test"},
                     "Which side of a split by the hash of the text; no text is on both sides.");
  options.add("import.test_share", &import.test_share, "",
              "Share of the texts on the side `test`.");
  options.add("import.utterances", &import.utterances, "",
              "dailydialog: a labelled row for every utterance instead of one for a dialogue.");
  options.add_choice("import.ratings", &import.ratings, {"auto", "none", "turn", "dialogue"},
                     "Human ratings that become what an assistant's turn earned: of each turn, or "
                     "of the dialogue, for its last one. auto: user_satisfaction turn, convai2 "
                     "dialogue, topical_chat (which has turn) and the others none.");
  options.add("import.single_label", &import.single_label, "",
              "goemotions: leave out comments with several labels, even of one class.");
  add_recipe_settings(options, &settings->recipe);
  options.require_unless("import.source", "import.format");
  options.require_unless("import.source", "import.input");
  add_run_settings(options, &settings->run);
  options.require("output");
}

std::string left_out_text(const ImportSink& sink) {
  std::string text;
  for (const auto& [reason, count] : sink.left_out())
    text += fmt::format("left out  {} ({})\n", count, reason);
  if (sink.skipped() > 0) text += fmt::format("skipped   {} (could not be read)\n", sink.skipped());
  if (sink.other_split() > 0)
    text += fmt::format("left out  {} (the other split)\n", sink.other_split());
  return text;
}

void print_result(const Settings& settings, const ImportSink& sink, const CorpusReader& corpus) {
  const auto digest = corpus.index()["digest"].get<std::string>();
  if (settings.run.json) {
    const Json result = {{"output", settings.run.output},
                         {"rows", corpus.rows()},
                         {"records", sink.records()},
                         {"skipped", sink.skipped()},
                         {"left_out", Json(sink.left_out())},
                         {"other_split", sink.other_split()},
                         {"digest", digest}};
    std::printf("%s\n", printable_json(result).c_str());
    return;
  }
  std::printf("corpus    %s\nrows      %llu of %llu records\n%sdigest    %s\n",
              printable(settings.run.output, kUncut).c_str(),
              static_cast<unsigned long long>(corpus.rows()),
              static_cast<unsigned long long>(sink.records()), left_out_text(sink).c_str(),
              digest.c_str());
}

}  // namespace

int run_import(const Arguments& arguments) {
  Settings settings;
  Options options("import", "read a public data set into a corpus");
  declare(options, &settings);
  if (!options.parse(arguments)) return 0;
  start_log(settings.run.log_format, 0);
  if (!settings.recipe.source.empty()) {
    import_recipe(options, settings.recipe, settings.import, settings.run);
    return 0;
  }
  if (!settings.recipe.root.empty())
    usage_error("--import.root is for a recipe (import.source); --import.input names whole paths");
  CorpusWriter writer(settings.run.output, kWriter);
  Progress progress("import", 0, "rows");
  const ImportSink sink =
      import_files(settings.import, &writer, [&](std::uint64_t rows) { progress.advance(rows); });
  if (writer.rows() == 0 && sink.other_split() > 0) {
    input_error("{}: all {} rows are on the other side of --import.split {}; nothing was imported",
                fmt::join(settings.import.input, ", "), sink.other_split(), settings.import.split);
  }
  if (writer.rows() == 0) {
    input_error("{}: no rows were imported ({} records, {} skipped); is `{}` its format?",
                fmt::join(settings.import.input, ", "), sink.records(), sink.skipped(),
                settings.import.format);
  }
  writer.keep_config(options.resolved());
  writer.finish();
  print_result(settings, sink, CorpusReader(settings.run.output));
  return 0;
}

}  // namespace arf
