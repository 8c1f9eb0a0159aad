// The pairs of a block of rows: candidates are scored bare, then the extremes behind their
// prefixes.
#pragma once

#include <vector>

#include "augment/augment_settings.h"
#include "augment/row_plan.h"

namespace arf {

// Fills RowPlan::pair of every row that has a response with a C_static and with variants (the last
// such one), and counts the others. Needs scorers.arf.
void make_pairs(const AugmentSettings& settings, const AugmentScorers& scorers,
                std::vector<RowPlan>* plans, AugmentCounts* counts);

}  // namespace arf
