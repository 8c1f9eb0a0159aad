// `arf export`: an adapter merged into its base, as a whole model folder.
#include <ATen/Parallel.h>

#include <algorithm>
#include <cstdio>
#include <map>

#include "config/options.h"
#include "core/file.h"
#include "core/hash.h"
#include "core/json.h"
#include "core/log.h"
#include "core/printable_json.h"
#include "core/utf8.h"
#include "data_io/run_directory.h"
#include "data_io/safetensors_folder.h"
#include "data_io/safetensors_writer.h"
#include "model/decoder.h"
#include "model/lora.h"
#include "model/model_folder.h"
#include "model/tied_head.h"
#include "programs/commands.h"
#include "programs/scorer_run.h"

namespace arf {
namespace {

namespace fs = std::filesystem;

struct ExportSettings {
  RunSettings run;
  std::string model, adapter;
  std::string precision = "float32";
};

// What makes a folder a model besides its weights; copied as it is.
const char* const kCompanions[] = {"generation_config.json",
                                   "tokenizer.json",
                                   "tokenizer_config.json",
                                   "tokenizer.json.gz",
                                   "chat_template.jinja",
                                   "chat_template.json",
                                   "special_tokens_map.json",
                                   "tokenizer.model",
                                   "added_tokens.json",
                                   "vocab.json",
                                   "vocab.txt",
                                   "merges.txt"};

// The base's config.json with the type of the weights that are written.
std::string config_text(const ExportSettings& settings) {
  Json config = read_json(fs::path(settings.model) / "config.json");
  for (const char* key : {"torch_dtype", "dtype"}) {
    if (config.contains(key)) config[key] = settings.precision;
  }
  if (!config.contains("torch_dtype") && !config.contains("dtype")) {
    config["torch_dtype"] = settings.precision;
  }
  return config.dump(2) + "\n";
}

// Whether `file` lies below `folder`; both without links.
bool is_inside(const fs::path& file, const fs::path& folder) {
  return std::mismatch(folder.begin(), folder.end(), file.begin(), file.end()).first ==
         folder.end();
}

// A folder from elsewhere may link to any file of this machine, and an export is given away. In
// Hugging Face's cache the files of `snapshots/REVISION` are links into the `blobs` beside.
void warn_of_link(const fs::path& file) {
  const fs::path target = fs::canonical(file), folder = fs::canonical(file.parent_path());
  if (is_inside(target, folder)) return;
  const fs::path cache = folder.parent_path();
  if (cache.filename() == "snapshots" && is_inside(target, cache.parent_path() / "blobs")) return;
  log_warning(
      "{}: leads out of the model's folder, to {}; look at it before you give the export away",
      file.string(), target.string());
}

// What stands beside the weights, read before anything is written.
std::map<std::string, std::string> read_companions(const ExportSettings& settings) {
  std::map<std::string, std::string> files;
  for (const char* name : kCompanions) {
    const fs::path file = fs::path(settings.model) / name;
    if (!fs::exists(file)) continue;
    warn_of_link(file);
    files[name] = read_file(file);
  }
  warn_of_link(fs::path(settings.model) / "config.json");
  files["config.json"] = config_text(settings);
  return files;
}

class Export {
 public:
  explicit Export(const ExportSettings& settings)
      : settings_(settings),
        config_(read_decoder_config(settings.model)),
        adapter_(Lora::load(settings.adapter, config_)),
        folder_(settings.model),
        tensors_(match_tensors(folder_, decoder_shapes(config_), decoder_rename(config_))) {
    require_tied_head(folder_, config_);
  }

  // The bytes of weights written.
  std::uint64_t write(const fs::path& directory) const {
    const bool half = settings_.precision == "bfloat16";
    std::vector<SafetensorsWriter::Entry> entries;
    std::uint64_t total = 0, done = 0;
    for (const auto& [name, stored] : tensors_) {
      std::uint64_t bytes = half ? 2 : 4;
      for (const std::int64_t extent : stored->shape) bytes *= static_cast<std::uint64_t>(extent);
      entries.push_back({name, half ? "BF16" : "F32", stored->shape, bytes});
      total += bytes;
    }
    SafetensorsWriter writer(directory / "model.safetensors", std::move(entries),
                             {{"format", "pt"}});
    Progress progress("export", total >> 20, "MiB");
    for (const auto& entry : writer.entries()) {
      const Tensor stored = merged(entry.name).to(half ? at::kBFloat16 : at::kFloat).contiguous();
      writer.add({static_cast<const std::byte*>(stored.const_data_ptr()), stored.nbytes()});
      done += entry.bytes;
      progress.advance(done >> 20);
    }
    writer.finish();
    return total;
  }

 private:
  // W + scale B A, in float32: one tensor in memory at a time.
  Tensor merged(const std::string& name) const {
    Tensor weight = read_float32(name, *tensors_.at(name));
    const Lora::Pair* pair =
        name.ends_with(".weight") ? adapter_.find(name.substr(0, name.size() - 7)) : nullptr;
    if (pair) weight = weight + pair->b.mm(pair->a) * adapter_.config().scale();
    if (!weight.isfinite().all().item<bool>()) {
      input_error("{}: tensor `{}` is not finite{}: the weights are broken", settings_.model, name,
                  pair ? " after the merge with " + settings_.adapter : "");
    }
    return weight;
  }

  const ExportSettings& settings_;
  DecoderConfig config_;
  Lora adapter_;
  SafetensorsFolder folder_;
  std::map<std::string, const StoredTensor*> tensors_;
};

void print_result(const ExportSettings& settings, std::uint64_t bytes) {
  const std::string digest = sha256_of_file(fs::path(settings.run.output) / "model.safetensors");
  if (settings.run.json) {
    const Json result = {{"output", settings.run.output}, {"bytes", bytes}, {"sha256", digest}};
    std::printf("%s\n", printable_json(result).c_str());
  } else {
    std::printf("model     %s\nbytes     %llu\nsha256    %s\n",
                printable(settings.run.output, kUncut).c_str(),
                static_cast<unsigned long long>(bytes), digest.c_str());
  }
}

}  // namespace

int run_export(const Arguments& arguments) {
  ExportSettings settings;
  Options options("export", "Merge an adapter into its base: a whole model folder.");
  options.add("model.path", &settings.model, "", "The base: a folder in Hugging Face's layout.");
  options.require("model.path");
  options.add("adapter.path", &settings.adapter, "", "Adapter folder, in PEFT's layout.");
  options.require("adapter.path");
  options.add_choice("export.precision", &settings.precision, {"float32", "bfloat16"},
                     "Of the weights written; the sum is made in float32.");
  add_run_settings(options, &settings.run);
  options.require("output");
  if (!options.parse(arguments)) return 0;
  start_log(settings.run.log_format, 0);
  at::set_num_threads(1);
  const fs::path output = settings.run.output;
  require_no_adapter(settings.model);
  check_run_directory(settings.run, options);
  const Export merge(settings);
  const auto companions = read_companions(settings);
  RunDirectory directory(output, "export", options.resolved(), options.resolved(true),
                         settings.run.resume);
  std::uint64_t bytes = 0;
  try {
    bytes = merge.write(output);
  } catch (const Error& error) {
    if (error.code() == ExitCode::kInput) directory.withdraw();
    throw;
  }
  for (const auto& [name, text] : companions) write_file_atomically(output / name, text);
  directory.finish(0);
  print_result(settings, bytes);
  return 0;
}

}  // namespace arf
