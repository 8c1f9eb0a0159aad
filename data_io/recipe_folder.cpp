#include "data_io/recipe_folder.h"

#include "core/error.h"
#include "core/file.h"
#include "core/hash.h"
#include "data_io/corpus.h"

namespace arf {
namespace {

namespace fs = std::filesystem;

constexpr int kRecipeFormat = 1;

Json write_part(const fs::path& directory, const Recipe& recipe, const RecipeResult& result,
                SplitPart part) {
  const char* name = kPartNames[static_cast<std::size_t>(part)];
  Json rows = Json::object();
  for (const SourceCensus& source : result.sources) rows[source.name] = source.rows_of(part);
  CorpusWriter writer(directory / name);
  for (const RecipeRow& one : result.rows) {
    if (one.part == part) writer.add_checked(one.row);
  }
  if (writer.rows() == 0) return {{"rows", 0}};
  writer.note("recipe", {{"task", recipe.task}, {"part", name}, {"rows", rows}});
  writer.finish();
  const CorpusReader corpus(directory / name);
  return {{"rows", corpus.rows()}, {"digest", corpus.index()["digest"]}};
}

// SHA-256 of a line `PART DIGEST` for each part that has rows.
std::string digest_of(const Json& parts) {
  Sha256 digest;
  for (const char* name : kPartNames) {
    const Json part = parts.value(name, Json::object());
    if (part.contains("digest"))
      digest.update(fmt::format("{} {}\n", name, part["digest"].get<std::string>()));
  }
  return digest.hex();
}

}  // namespace

Json write_recipe_folder(const fs::path& directory, const Recipe& recipe,
                         const RecipeResult& result) {
  Json parts = Json::object(), sources = Json::array();
  for (std::size_t part = 0; part < kNumParts; ++part) {
    parts[kPartNames[part]] = write_part(directory, recipe, result, static_cast<SplitPart>(part));
  }
  for (const SourceCensus& source : result.sources) sources.push_back(to_json(source));
  const Json json = {
      {"format", "arf-recipe"},
      {"version", kRecipeFormat},
      {"task", recipe.task},
      {"rows", result.rows.size()},
      {"digest", digest_of(parts)},
      {"shares", {{"validation", recipe.shares.validation}, {"test", recipe.shares.test}}},
      {"parts", parts},
      {"sources", sources}};
  write_file_atomically(directory / "recipe.json", json.dump(2) + "\n");
  return json;
}

bool is_recipe_folder(const fs::path& directory) {
  const fs::path file = directory / "recipe.json";
  if (!fs::is_regular_file(file)) return false;
  const Json json = json_if_valid(read_file(file, kMostJsonBytes));
  return json.is_object() && json.value("format", Json()) == "arf-recipe";
}

Json describe_recipe(const fs::path& directory) {
  const fs::path file = directory / "recipe.json";
  const Json json = read_json(file);
  if (json.value("version", Json()) != kRecipeFormat)
    input_error("{}: version is not {}; make it again", file.string(), kRecipeFormat);
  Json parts = Json::object();
  for (const char* name : kPartNames) {
    if (!fs::exists(directory / name)) continue;
    const CorpusReader corpus(directory / name);
    parts[name] = {{"rows", corpus.rows()}, {"digest", corpus.digest()}};
  }
  Json sources = Json::object();
  for (const Json& source : json.value("sources", Json::array())) {
    const Json name = source.is_object() ? source.value("name", Json()) : Json();
    if (!name.is_string())
      input_error("{}: sources has one without a name; make it again", file.string());
    sources[name.get<std::string>()] = source.value("kept", Json());
  }
  const std::string digest = digest_of(parts);
  if (json.value("digest", Json()) != digest) {
    input_error("{}: the digest of the parts is {}, not what recipe.json says; make it again",
                file.string(), digest);
  }
  return {{"kind", "recipe"},
          {"digest", digest},
          {"task", json.value("task", Json())},
          {"parts", parts},
          {"sources", sources}};
}

}  // namespace arf
