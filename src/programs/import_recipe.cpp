#include "programs/import_recipe.h"

#include <cstdio>

#include "core/error.h"
#include "core/file.h"
#include "core/log.h"
#include "core/printable_json.h"
#include "core/utf8.h"
#include "data_io/partial_folder.h"
#include "data_io/recipe_folder.h"
#include "programs/recipe_report.h"

namespace arf {
namespace {

// What is said of a source in its line is not said of all.
void refuse_keys_of_one_import(const ImportSettings& import) {
  const ImportSettings plain;
  const auto refuse = [](bool given, const char* key, const char* instead) {
    if (given) usage_error("--import.{} is not for a recipe (import.source); {}", key, instead);
  };
  const char* const in_line = "say it in the source's line";
  refuse(!import.format.empty(), "format", in_line);
  refuse(!import.input.empty(), "input", in_line);
  refuse(import.limit != plain.limit, "limit", in_line);
  refuse(import.on_error != plain.on_error, "on_error", in_line);
  refuse(import.utterances, "utterances", in_line);
  refuse(import.ratings != plain.ratings, "ratings", in_line);
  refuse(import.single_label, "single_label", "say labels=single in the source's line");
  refuse(import.split != plain.split, "split", "it makes all parts at once");
}

Recipe recipe_of(const Options& options, const RecipeSettings& settings,
                 const ImportSettings& import) {
  refuse_keys_of_one_import(import);
  Recipe recipe;
  recipe.task = import.task;
  recipe.shares = {settings.validation_share, import.test_share};
  if (!(recipe.shares.validation >= 0 && recipe.shares.test >= 0 &&
        recipe.shares.validation + recipe.shares.test < 1)) {
    usage_error(
        "--import.validation_share is {} and --import.test_share is {}; they take shares from 0 "
        "whose "
        "sum is below 1",
        recipe.shares.validation, recipe.shares.test);
  }
  for (std::size_t i = 0; i < settings.source.size(); ++i) {
    recipe.lines.push_back(
        parse_recipe_line(settings.source[i], options.place_of("import.source", i), settings.root));
  }
  check_recipe_files(recipe);
  return recipe;
}

void print_result(const RunSettings& run, const Json& recipe) {
  if (run.json) {
    Json result = {{"output", run.output}};
    result.update(recipe);
    std::printf("%s\n", printable_json(result).c_str());
    return;
  }
  std::printf("recipe    %s\n%s\nreport    %s/report.html\ndigest    %s\n",
              printable(run.output, kUncut).c_str(), recipe_text(recipe).c_str(),
              printable(run.output, kUncut).c_str(), recipe["digest"].get<std::string>().c_str());
}

}  // namespace

void add_recipe_settings(Options& options, RecipeSettings* settings) {
  options.add("import.source", &settings->source, "", kRecipeLineHelp);
  options.add("import.root", &settings->root, "",
              "Folder that the files of a recipe's sources are named below.");
  options.add("import.validation_share", &settings->validation_share, "",
              "Of a recipe: share of the split rows that are validation.");
}

void import_recipe(const Options& options, const RecipeSettings& settings,
                   const ImportSettings& import, const RunSettings& run) {
  const Recipe recipe = recipe_of(options, settings, import);
  PartialFolder folder(run.output);
  Progress progress("import", 0, "rows");
  const RecipeResult result =
      follow_recipe(recipe, [&](std::uint64_t rows) { progress.advance(rows); });
  const Json json = write_recipe_folder(folder.path(), recipe, result);
  write_file_atomically(folder.path() / "config.ini", options.resolved());
  write_file_atomically(folder.path() / "report.html", recipe_report(json, options.resolved()));
  folder.finish();
  print_result(run, json);
}

}  // namespace arf
