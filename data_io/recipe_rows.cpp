#include "data_io/recipe_rows.h"

#include <algorithm>

#include "core/error.h"
#include "core/hash.h"

namespace arf {
namespace {

constexpr const char* kOverLimit = "over the limit of the source";

std::vector<SourceLines> sources_of(const Recipe& recipe) {
  std::vector<SourceLines> sources;
  for (const RecipeLine& line : recipe.lines) {
    const auto same = std::find_if(sources.begin(), sources.end(), [&](const SourceLines& lines) {
      return lines[0]->name == line.name;
    });
    if (same == sources.end())
      sources.push_back({&line});
    else
      same->push_back(&line);
  }
  return sources;
}

void drop_duplicates(const Duplicates& duplicates, SourceCensus* census,
                     std::vector<Candidate>* rows) {
  std::vector<KeyedRow> keyed;
  keyed.reserve(rows->size());
  for (const Candidate& one : *rows) keyed.push_back(one.keyed);
  const std::vector<Verdict> verdicts = duplicates.judge(keyed);
  std::vector<Candidate> kept;
  for (std::size_t i = 0; i < rows->size(); ++i) {
    if (verdicts[i] == Verdict::kKept)
      kept.push_back(std::move((*rows)[i]));
    else
      ++census->left_out[reason_of(verdicts[i])];
  }
  *rows = std::move(kept);
}

std::vector<HashedRow> hashed(const std::vector<Candidate>& rows,
                              const std::vector<std::size_t>& members) {
  std::vector<HashedRow> all;
  for (const std::size_t i : members)
    all.push_back({xxh3(rows[i].keyed.key), static_cast<std::size_t>(rows[i].keyed.label)});
  return all;
}

template <typename Of>
std::vector<std::size_t> members_of(const std::vector<Candidate>& rows, const Of& of) {
  std::vector<std::size_t> members;
  for (std::size_t i = 0; i < rows.size(); ++i) {
    if (of(rows[i])) members.push_back(i);
  }
  return members;
}

void keep_to_limits(const SourceLines& lines, SourceCensus* census, std::vector<Candidate>* rows) {
  for (const RecipeLine* line : lines) {
    if (line->limit == 0) continue;
    const auto members = members_of(*rows, [&](const Candidate& one) { return one.line == line; });
    const std::vector<bool> taken = draw_by_hash(hashed(*rows, members), line->limit);
    std::vector<bool> dropped(rows->size(), false);
    for (std::size_t i = 0; i < members.size(); ++i) dropped[members[i]] = !taken[i];
    std::vector<Candidate> kept;
    for (std::size_t i = 0; i < rows->size(); ++i) {
      if (!dropped[i]) kept.push_back(std::move((*rows)[i]));
    }
    if (kept.size() < rows->size()) census->left_out[kOverLimit] += rows->size() - kept.size();
    *rows = std::move(kept);
  }
}

// The parts of a source's rows: what their line says, or their share of a split.
std::vector<SplitPart> parts_of(const SourceLines& lines, SplitShares shares,
                                const std::vector<Candidate>& rows) {
  for (const RecipeLine* line : lines) {  // that part is made of whole files
    if (line->part == SplitPart::kValidation) shares.validation = 0;
    if (line->part == SplitPart::kTest) shares.test = 0;
  }
  std::vector<SplitPart> parts;
  for (const Candidate& one : rows) parts.push_back(one.line->part.value_or(SplitPart::kTrain));
  const auto members = members_of(rows, [](const Candidate& one) { return !one.line->part; });
  const std::vector<SplitPart> dealt = split_by_hash(hashed(rows, members), shares);
  for (std::size_t i = 0; i < members.size(); ++i) parts[members[i]] = dealt[i];
  return parts;
}

}  // namespace

RecipeResult follow_recipe(const Recipe& recipe,
                           const std::function<void(std::uint64_t)>& progress) {
  RecipeResult result;
  Duplicates duplicates;
  for (const SourceLines& lines : sources_of(recipe)) {
    SourceCensus& census = result.sources.emplace_back();
    census.name = lines[0]->name;
    const std::uint64_t before = result.rows.size();
    const auto more = [&](std::uint64_t read) {
      if (progress) progress(before + read);
    };
    std::vector<Candidate> rows = read_source(recipe, lines, more, &census);
    drop_duplicates(duplicates, &census, &rows);
    keep_to_limits(lines, &census, &rows);
    const std::vector<SplitPart> parts = parts_of(lines, recipe.shares, rows);
    if (rows.empty()) {
      input_error("{}: source `{}`: of {} texts none is left; is `{}` its format?", lines[0]->place,
                  census.name, census.read, lines[0]->import.format);
    }
    for (std::size_t i = 0; i < rows.size(); ++i) {
      duplicates.remember(rows[i].keyed);
      ++census.rows[static_cast<std::size_t>(parts[i])]
                   [static_cast<std::size_t>(rows[i].keyed.label)];
      result.rows.push_back({std::move(rows[i].row), parts[i]});
    }
  }
  return result;
}

}  // namespace arf
