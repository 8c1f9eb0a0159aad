// What `arf import` says of a recipe, from what recipe.json holds.
#pragma once

#include <string>

#include "core/json.h"

namespace arf {

std::string recipe_text(const Json& recipe);  // tables for a terminal, without a last line break
std::string recipe_report(const Json& recipe, const std::string& config);  // HTML

}  // namespace arf
