#include "scoring/scorer_files.h"

#include "core/file.h"
#include "core/json.h"
#include "data_io/partial_folder.h"
#include "data_io/safetensors_folder.h"
#include "model/config_reader.h"
#include "model/weights.h"
#include "scoring/scorer.h"

namespace arf {
namespace {

namespace fs = std::filesystem;

const Json kClasses = {"bad", "neutral", "good"};

}  // namespace

std::map<std::string, std::vector<std::int64_t>> head_shapes(std::int64_t hidden,
                                                             std::int64_t mlp_hidden) {
  return {{kMlpWeight, {mlp_hidden, hidden}},
          {kMlpBias, {mlp_hidden}},
          {kOutWeight, {3, mlp_hidden}},
          {kOutBias, {3}}};
}

bool is_scorer(const fs::path& directory) {
  const fs::path file = directory / "config.json";
  if (!fs::is_regular_file(file)) return false;
  const Json config = read_json(file);
  return config.is_object() && config.contains("arf_scorer");
}

fs::path find_scorer(const fs::path& path) {
  if (path.empty()) usage_error("--scorer.path is empty; it takes the folder of a scorer");
  if (!fs::is_directory(path)) {
    input_error("{}: there is no such folder; a scorer is made by `arf fit-scorer`", path.string());
  }
  if (fs::exists(path / "config.json")) return path;
  if (fs::exists(path / "scorer" / "config.json")) return path / "scorer";
  if (fs::exists(path / "manifest.json")) {
    input_error("{}: this run has left no scorer/ (yet); let it finish by starting it again",
                path.string());
  }
  input_error("{}: holds neither config.json nor scorer/; a scorer is made by `arf fit-scorer`",
              path.string());
}

std::vector<fs::path> scorer_files(const fs::path& path) {
  if (path.empty()) return {};
  const fs::path folder = find_scorer(path);
  std::vector<fs::path> files = SafetensorsFolder::files_looked_at(folder);
  for (const char* name : {"config.json", "tokenizer.json", "tokenizer.json.gz"}) {
    files.push_back(folder / name);
  }
  return files;
}

std::int64_t read_mlp_hidden(const fs::path& directory) {
  const fs::path file = directory / "config.json";
  const ConfigReader reader(file);
  const SortedJson& head = reader.field("arf_scorer");
  if (!head.is_object()) {
    input_error(
        "{}: lacks `arf_scorer`, so this is no scorer's folder; one is made by `arf "
        "fit-scorer`",
        file.string());
  }
  const SortedJson hidden = head.value("mlp_hidden", SortedJson());
  if (!hidden.is_number_integer() || hidden < 1 || hidden > 1 << 20) {
    input_error("{}: arf_scorer.mlp_hidden is {}; it takes a whole number from 1", file.string(),
                hidden.dump());
  }
  if (head.value("activation", SortedJson()) != "tanh" ||
      head.value("classes", SortedJson()) != SortedJson(kClasses)) {
    input_error("{}: arf_scorer is {}; this version reads activation tanh and classes {}",
                file.string(), head.dump(), kClasses.dump());
  }
  return hidden.get<std::int64_t>();
}

void Scorer::save(const fs::path& directory, const std::map<std::string, std::string>& more) const {
  PartialFolder folder(directory);
  Json config = Json::parse(encoder_config_json(encoder_.config()));
  config["arf_scorer"] = {{"mlp_hidden", mlp_bias_.numel()},
                          {"activation", "tanh"},
                          {"classes", kClasses},
                          {"pooling", name_of(form_.pooling)},
                          {"temperature", form_.temperature}};
  write_file_atomically(folder.path() / "config.json", config.dump(2) + "\n");
  const std::string prefix = encoder_.config().model_type + ".";
  Weights weights;
  for (const auto& [name, tensor] : parameters()) {
    weights[name.starts_with(kHeadPrefix) ? name : prefix + name] = tensor;
  }
  write_file_atomically(folder.path() / "model.safetensors", weights_bytes(weights));
  tokenizer_.save(folder.path());
  for (const auto& [name, bytes] : more) write_file_atomically(folder.path() / name, bytes);
  folder.finish();
}

}  // namespace arf
