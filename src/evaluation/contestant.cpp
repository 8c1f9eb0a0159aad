#include "evaluation/contestant.h"

#include <algorithm>
#include <sstream>

#include "config/options.h"
#include "core/error.h"
#include "core/file.h"
#include "core/hash.h"
#include "data_io/safetensors_folder.h"

namespace arf {
namespace {

namespace fs = std::filesystem;

// What no name leads to, as one that is too long, is not there.
bool is_there(const fs::path& path) {
  std::error_code failure;
  return fs::exists(path, failure);
}

bool is_adapter(const fs::path& directory) { return is_there(directory / "adapter_config.json"); }

bool is_model(const fs::path& directory) {
  return is_there(directory / "config.json") &&
         (is_there(directory / "model.safetensors") ||
          is_there(directory / "model.safetensors.index.json"));
}

// Whether the run's config.ini has `name = sft` in its section [method].
bool was_sft(const fs::path& run) {
  if (!fs::is_regular_file(run / "config.ini")) return false;
  std::istringstream lines(read_file(run / "config.ini", kMostConfigBytes));
  std::string line, section;
  while (std::getline(lines, line)) {
    if (line.starts_with("[")) section = line;
    if (section == "[method]" && line == "name = sft") return true;
  }
  return false;
}

// Without what leads there but the last name, which is the user's for it.
fs::path place_of(const fs::path& given) {
  const fs::path name = without_trailing_slash(given).filename();
  const bool is_name = name != "." && name != "..";
  std::error_code failure;
  const fs::path place = fs::weakly_canonical(is_name ? folder_of(given) : given, failure);
  if (failure) return given;  // leads nowhere
  return is_name ? place / name : place;
}

}  // namespace

ContestantPlace find_contestant(const std::string& argument) {
  const auto equals = argument.find('=');
  ContestantPlace place;
  fs::path given = argument;
  if (equals != std::string::npos && !is_there(given)) {
    place.name = argument.substr(0, equals);
    given = argument.substr(equals + 1);
    if (place.name.empty()) {
      usage_error("--evaluate.adapters {}: the name before = is empty", argument);
    }
  }
  given = place_of(given);
  for (const fs::path& directory : {given, given / "adapter", given / "model"}) {
    if (!is_adapter(directory) && !is_model(directory)) continue;
    place.kind =
        is_adapter(directory) ? ContestantPlace::Kind::kAdapter : ContestantPlace::Kind::kModel;
    place.directory = directory;
    const bool part_of_run = directory.filename() == "adapter" || directory.filename() == "model";
    const fs::path run = part_of_run ? directory.parent_path() : directory;
    if (place.name.empty()) place.name = run.filename().string();
    place.trained_by_sft = was_sft(run);
    return place;
  }
  usage_error(
      "--evaluate.adapters {}: holds no adapter_config.json, adapter/ or model; name an "
      "adapter's, a run's or a model's folder",
      argument);
}

std::vector<ContestantPlace> find_contestants(const std::vector<std::string>& arguments,
                                              bool with_base) {
  std::vector<ContestantPlace> places;
  if (with_base) places.push_back({"base", {}, ContestantPlace::Kind::kBase, false});
  for (const std::string& argument : arguments) {
    const ContestantPlace place = find_contestant(argument);
    for (const ContestantPlace& other : places) {
      if (other.name != place.name) continue;
      usage_error(
          "--evaluate.adapters {}: another entry has the name {} already; give one as "
          "NAME=DIR",
          argument, place.name);
    }
    places.push_back(place);
  }
  if (places.empty()) usage_error("nothing to evaluate: name --evaluate.adapters DIR...");
  return places;
}

std::size_t find_baseline(const std::vector<ContestantPlace>& places, const std::string& wanted) {
  const auto find = [&](auto&& is_it) -> std::optional<std::size_t> {
    const auto found = std::find_if(places.begin(), places.end(), is_it);
    if (found == places.end()) return std::nullopt;
    return static_cast<std::size_t>(found - places.begin());
  };
  const auto named = [&](const std::string& name) {
    return find([&](const ContestantPlace& place) { return place.name == name; });
  };
  if (!wanted.empty()) {
    if (const auto index = named(wanted)) return *index;
    std::vector<std::string> names;
    for (const ContestantPlace& place : places) names.push_back(place.name);
    usage_error("--evaluate.baseline {}: no entry of that name; there are {}", wanted,
                fmt::join(names, ", "));
  }
  if (const auto index = named("sft")) return *index;
  if (const auto index = find([](const auto& place) { return place.trained_by_sft; }))
    return *index;
  const auto first =
      find([](const auto& place) { return place.kind != ContestantPlace::Kind::kBase; });
  return first.value_or(0);
}

Contestant Contestant::load(const ContestantPlace& place, const Decoder& base,
                            const Tokenizer& tokenizer) {
  Contestant contestant;
  contestant.base_ = &base;
  if (place.kind == ContestantPlace::Kind::kAdapter) {
    contestant.adapter_ = Lora::load(place.directory, base.config());
    contestant.hash_ = sha256_hex(contestant.adapter_->safetensors());
  } else if (place.kind == ContestantPlace::Kind::kModel) {
    const FileStamps read(SafetensorsFolder::files_looked_at(place.directory));
    contestant.weights_.emplace(place.directory);
    contestant.model_ = Decoder::load(place.directory);
    const std::string where = place.directory.string();
    if (contestant.model_->config().vocabulary_size != base.config().vocabulary_size) {
      input_error(
          "{}: a vocabulary of {}, but --model.path has {}: only models of one tokenizer can "
          "be compared",
          where, contestant.model_->config().vocabulary_size, base.config().vocabulary_size);
    }
    if (fs::exists(place.directory / "tokenizer.json") &&
        Tokenizer::load(place.directory).json() != tokenizer.json()) {
      input_error(
          "{}: its tokenizer.json differs from that of --model.path: only models of one "
          "tokenizer can be compared",
          where);
    }
    contestant.model_->freeze();
    contestant.hash_ = SafetensorsFolder::digest_in(place.directory);
    read.require_unchanged();
  }
  return contestant;
}

}  // namespace arf
