// What a recipe leaves (FORMAT.md): DIR/train, DIR/validation, DIR/test, each a corpus, and
// DIR/recipe.json.
#pragma once

#include <filesystem>

#include "data_io/recipe_rows.h"

namespace arf {

// Writes both into the folder `directory`, which is there and holds none of them; a part without
// rows has no corpus. Returns what recipe.json holds.
Json write_recipe_folder(const std::filesystem::path& directory, const Recipe& recipe,
                         const RecipeResult& result);

bool is_recipe_folder(const std::filesystem::path& directory);  // it has a recipe.json of ours

// For `arf inspect`: the digest made anew from the corpora's rows. input_error where one is damaged
// or is another one than recipe.json says.
Json describe_recipe(const std::filesystem::path& directory);

}  // namespace arf
