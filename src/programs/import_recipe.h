// The part of `arf import` that follows a recipe (import.source).
#pragma once

#include <string>
#include <vector>

#include "config/options.h"
#include "data_io/importers.h"

namespace arf {

struct RecipeSettings {
  std::vector<std::string> source;  // lines of data_io/recipe.h
  std::string root;                 // folder that the lines' files are below; "": here
  double validation_share = 0.05;   // of the rows that are split
};

void add_recipe_settings(Options& options, RecipeSettings* settings);

// The command's work where import.source is given; what it leaves: data_io/recipe_folder.h,
// config.ini and report.html. usage_error, input_error.
void import_recipe(const Options& options, const RecipeSettings& settings,
                   const ImportSettings& import, const RunSettings& run);

}  // namespace arf
