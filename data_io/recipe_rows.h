// The work of a recipe: read, cleaned, without duplicates, drawn and split; every row in memory.
#pragma once

#include <vector>

#include "data_io/recipe_source.h"

namespace arf {

struct RecipeRow {
  Dialogue row;  // its id begins with the source's name, and is unique in the recipe
  SplitPart part = SplitPart::kTrain;
};

struct RecipeResult {
  std::vector<RecipeRow> rows;  // sources in the order of their first lines, rows as they were read
  std::vector<SourceCensus> sources;
};

// input_error: what a file holds; a source of which no row is left.
RecipeResult follow_recipe(const Recipe& recipe,
                           const std::function<void(std::uint64_t rows)>& progress = {});

}  // namespace arf
