#include "data_io/describe.h"

#include <algorithm>
#include <map>
#include <vector>

#include "core/error.h"
#include "core/file.h"
#include "core/hash.h"
#include "core/utf8.h"
#include "data_io/corpus.h"
#include "data_io/describe_corpus.h"
#include "data_io/recipe_folder.h"
#include "data_io/safetensors_folder.h"
#include "data_io/state_store.h"

namespace arf {
namespace {

namespace fs = std::filesystem;

// Of what a run made: an adapter, or a model.
std::vector<fs::path> weight_files(const fs::path& folder) {
  const fs::path adapter = folder / "adapter_model.safetensors";
  if (fs::exists(adapter)) return {adapter};
  return SafetensorsFolder::files_in(folder);
}

// Adds digest, tensors, parameters; whether some tensor looks like a head for three classes.
bool describe_weights(const std::vector<fs::path>& files, Json* out) {
  std::uint64_t tensors = 0, parameters = 0;
  bool three_classes = false;
  Json types = Json::object();
  for (const fs::path& path : files) {
    const SafetensorsFile file(path);
    for (const auto& [name, tensor] : file.tensors()) {
      std::uint64_t size = 1;  // a shape with a 0 in it may have any other lengths
      for (const std::int64_t length : tensor.shape) size *= static_cast<std::uint64_t>(length);
      parameters += size;
      ++tensors;
      types[tensor.dtype] = types.value(tensor.dtype, 0) + 1;
      three_classes = three_classes || (tensor.shape.size() == 2 && tensor.shape[0] == 3);
    }
  }
  (*out)["digest"] = SafetensorsFolder::digest_of(files);
  (*out)["tensors"] = tensors;
  (*out)["parameters"] = parameters;
  (*out)["types"] = types;
  return three_classes;
}

Json describe_adapter(const fs::path& folder) {
  Json result = {{"kind", "adapter"}};
  if (!fs::exists(folder / "adapter_model.safetensors")) {
    input_error("{}: adapter_model.safetensors is missing beside adapter_config.json",
                folder.string());
  }
  describe_weights({folder / "adapter_model.safetensors"}, &result);
  result["config"] = read_json(folder / "adapter_config.json");
  return result;
}

// A decoder, an encoder or a scorer (an encoder with a head for three classes).
Json describe_model(const fs::path& folder) {
  Json result = {{"kind", "model"}};
  const Json config = read_json(folder / "config.json");
  const auto files = SafetensorsFolder::files_in(folder);
  const bool three_classes = !files.empty() && describe_weights(files, &result);
  const std::string type =
      config.is_object() && config.contains("model_type") && config["model_type"].is_string()
          ? config["model_type"].get<std::string>()
          : "unknown";
  if (three_classes && (type == "roberta" || type == "bert")) result["kind"] = "scorer";
  result["model_type"] = type;
  result["weights"] = !files.empty();
  result["tokenizer"] = fs::exists(folder / "tokenizer.json");
  result["config"] = config;
  return result;
}

Json describe_tokenizer(const fs::path& file) {
  const SortedJson json = read_sorted_json(file);
  const auto vocabulary = SortedJson::json_pointer("/model/vocab"),
             merges = SortedJson::json_pointer("/model/merges");
  if (!json.is_object() || !json.contains(vocabulary)) {
    input_error("{}: is no tokenizer.json (it has no model.vocab)", file.string());
  }
  return {{"kind", "tokenizer"},
          {"digest", sha256_of_file(file)},
          {"type", Json(json["model"].value("type", SortedJson()))},
          {"vocabulary", json[vocabulary].size()},
          {"merges", json.contains(merges) ? json[merges].size() : 0},
          {"added_tokens", json.value("added_tokens", SortedJson::array()).size()}};
}

// Of what lies in a folder: JSON is UTF-8, and a file's name need not be.
std::string name_of(const fs::path& path) { return printable(path.filename().string(), kUncut); }

Json describe_checkpoint(const fs::path& folder) {
  std::map<std::string, std::uint64_t> files;
  for (const auto& entry : fs::directory_iterator(folder)) {
    if (entry.is_regular_file()) files[name_of(entry.path())] = entry.file_size();
  }
  return {{"kind", "checkpoint"}, {"complete", is_whole_checkpoint(folder)}, {"files", files}};
}

Json describe_run(const fs::path& folder) {
  const Json manifest = read_json(folder / "manifest.json");
  Json result = {{"kind", "run"}};
  // What the run made: an adapter, all weights at rank 0, or a scorer.
  for (const char* name : {"adapter", "model", "scorer", "."}) {
    const fs::path made = folder / name;
    if (!fs::is_directory(made)) continue;
    if (const auto files = weight_files(made); !files.empty()) {
      describe_weights(files, &result);
      result["made"] = fs::relative(files[0], folder).string();
      break;
    }
  }
  if (is_corpus(folder / "corpus"))
    result["corpus_digest"] = CorpusReader(folder / "corpus").digest();
  std::vector<std::string> checkpoints;
  if (fs::is_directory(folder / "checkpoints")) {
    for (const auto& entry : fs::directory_iterator(folder / "checkpoints")) {
      if (fs::exists(entry.path() / "DONE")) checkpoints.push_back(name_of(entry.path()));
    }
  }
  std::sort(checkpoints.begin(), checkpoints.end());
  result["checkpoints"] = checkpoints;
  for (const auto& [key, value] : manifest.items()) {
    if (key != "format" && key != "config_of_result") result["manifest"][key] = value;
  }
  return result;
}

Json describe_file(const fs::path& path) {
  const std::string name = path.filename();
  if (read_beginning(path, 8) == "\x89HDF\r\n\x1a\n") return describe_shard(path);
  if (name.ends_with(".safetensors")) {
    Json result = {{"kind", "safetensors"}};
    describe_weights({path}, &result);
    result["metadata"] = Json(SafetensorsFile(path).metadata());
    return result;
  }
  if (name.ends_with(".json") && read_beginning(path, 1) == "{") {
    return describe_tokenizer(path);
  }
  input_error("{}: is no file of arf (shard, safetensors, tokenizer.json)", path.string());
}

}  // namespace

Json describe(const fs::path& path) {
  if (!fs::exists(path)) input_error("{}: there is no such file or folder", path.string());
  if (!fs::is_directory(path)) return describe_file(path);
  if (is_corpus(path)) return describe_corpus(path);
  if (is_recipe_folder(path)) return describe_recipe(path);
  if (fs::exists(path / "manifest.json")) return describe_run(path);
  if (fs::exists(path / "DONE")) return describe_checkpoint(path);
  if (fs::exists(path / "adapter_config.json")) return describe_adapter(path);
  if (fs::exists(path / "config.json")) return describe_model(path);
  if (fs::exists(path / "tokenizer.json")) return describe_tokenizer(path / "tokenizer.json");
  if (fs::exists(path / "index.json")) return describe_corpus(path);  // says what is wrong
  input_error("{}: is none of corpus, run, recipe, adapter, scorer, model, tokenizer, checkpoint",
              path.string());
}

}  // namespace arf
