#include "roles/unit_dump.h"

#include <cmath>
#include <limits>
#include <span>
#include <utility>

#include "core/error.h"
#include "core/file.h"
#include "generation/rollout_logprobs.h"
#include "model/weights.h"

namespace arf {

namespace fs = std::filesystem;

namespace {

constexpr const char* kUnitFile = "unit.json";
constexpr const char* kPolicyFile = "policy.safetensors";

// Numbers of float32 keep their bits as the shortest decimal of their double; NaN and infinities,
// which JSON has not, become null.
Json to_json(const std::vector<float>& values) {
  Json list = Json::array();
  for (const float value : values) {
    list.push_back(std::isfinite(value) ? Json(static_cast<double>(value)) : Json());
  }
  return list;
}

std::vector<float> floats_in(const SortedJson& list) {
  std::vector<float> values;
  for (const SortedJson& value : list) {
    values.push_back(value.is_null() ? std::numeric_limits<float>::quiet_NaN()
                                     : static_cast<float>(value.get<double>()));
  }
  return values;
}

// A float, or a number that is none of T, would become any number.
template <typename T>
T whole(const SortedJson& value) {
  if (!value.is_number_integer()) input_error("{} is no whole number", value.dump());
  const bool fits = value.is_number_unsigned() ? std::in_range<T>(value.get<std::uint64_t>())
                                               : std::in_range<T>(value.get<std::int64_t>());
  if (!fits) input_error("{} is out of range", value.dump());
  return value.get<T>();
}

std::vector<std::int32_t> ints_in(const SortedJson& list) {
  std::vector<std::int32_t> values;
  for (const SortedJson& value : list) values.push_back(whole<std::int32_t>(value));
  return values;
}

Json to_json(const SampledTurn& turn) {
  Json json = {{"turn", turn.turn},
               {"prompt", turn.prompt},
               {"text", turn.text},
               {"context", turn.context},
               {"response", turn.response},
               {"logprobs", to_json(turn.logprobs)},
               {"drawn_logprobs", to_json(turn.drawn_logprobs)},
               {"stored", turn.stored}};
  if (turn.stored_score) json["stored_score"] = to_json(std::vector<float>{*turn.stored_score})[0];
  return json;
}

SampledTurn turn_in(const SortedJson& json) {
  SampledTurn turn;
  turn.turn = whole<std::uint32_t>(json.at("turn"));
  turn.prompt = json.at("prompt").get<std::string>();
  turn.text = json.at("text").get<std::string>();
  turn.context = ints_in(json.at("context"));
  turn.response = ints_in(json.at("response"));
  turn.logprobs = floats_in(json.at("logprobs"));
  turn.drawn_logprobs = floats_in(json.at("drawn_logprobs"));
  turn.stored = ints_in(json.at("stored"));
  if (json.contains("stored_score")) {
    turn.stored_score = floats_in(SortedJson::array({json.at("stored_score")})).front();
  }
  return turn;
}

Json to_json(const ScoredRollout& scored) {
  Json turns = Json::array();
  for (const SampledTurn& turn : scored.rollout.turns) turns.push_back(to_json(turn));
  return {{"dialogue", scored.rollout.dialogue_id},
          {"row", scored.rollout.dialogue_row},
          {"sample", scored.rollout.sample},
          {"policy_version", scored.rollout.version.number},
          {"policy_hash", scored.rollout.version.hash},
          {"rewards", to_json(scored.rewards)},
          {"turns", turns}};
}

ScoredRollout rollout_in(const SortedJson& json, std::uint32_t unit) {
  ScoredRollout scored;
  Rollout& rollout = scored.rollout;
  rollout.unit = unit;
  rollout.dialogue_id = json.at("dialogue").get<std::string>();
  rollout.dialogue_row = whole<std::uint64_t>(json.at("row"));
  rollout.sample = whole<std::uint32_t>(json.at("sample"));
  rollout.version = {whole<std::uint64_t>(json.at("policy_version")),
                     json.at("policy_hash").get<std::string>()};
  for (const SortedJson& turn : json.at("turns")) rollout.turns.push_back(turn_in(turn));
  scored.rewards = floats_in(json.at("rewards"));
  return scored;
}

Json to_json(const TokenizedDialogue& dialogue) {
  Json replies = Json::array();
  for (const auto& reply : dialogue.replies) {
    replies.push_back({reply.turn, reply.begin, reply.end});
  }
  return {{"tokens", dialogue.tokens}, {"replies", replies}};
}

TokenizedDialogue dialogue_in(const SortedJson& json) {
  TokenizedDialogue dialogue;
  dialogue.tokens = ints_in(json.at("tokens"));
  for (const SortedJson& reply : json.at("replies")) {
    dialogue.replies.push_back({whole<std::uint32_t>(reply.at(0)),
                                whole<std::uint32_t>(reply.at(1)),
                                whole<std::uint32_t>(reply.at(2))});
  }
  return dialogue;
}

Json to_json(std::int64_t iteration, const LearningUnit& unit) {
  Json json = {{"kind", "unit"}, {"iteration", iteration}, {"unit", unit.index}};
  json["rollouts"] = Json::array();
  for (const ScoredRollout& scored : unit.rollouts) json["rollouts"].push_back(to_json(scored));
  json["stored"] = Json::array();
  for (const StoredSample& sample : unit.stored) {
    json["stored"].push_back(
        {{"chosen", to_json(sample.chosen)}, {"rejected", to_json(sample.rejected)}});
  }
  if (unit.proximal_logprobs.defined()) {
    const Tensor logprobs = unit.proximal_logprobs.detach().to(at::kFloat).contiguous();
    const float* const first = logprobs.data_ptr<float>();
    json["proximal_logprobs"] = to_json(std::vector<float>(first, first + logprobs.numel()));
  }
  return json;
}

// How many of a tensor's elements are not finite, for the report.
std::int64_t num_broken(const float* values, std::int64_t count) {
  std::int64_t broken = 0;
  for (std::int64_t i = 0; i < count; ++i) broken += std::isfinite(values[i]) ? 0 : 1;
  return broken;
}

// Of turn t: its reward, and the first token whose log-prob is not finite `now` [n].
Json replayed_reply(const ScoredRollout& scored, std::size_t t, std::span<const float> now) {
  const SampledTurn& turn = scored.rollout.turns[t];
  Json reply = {{"dialogue", scored.rollout.dialogue_id},
                {"sample", scored.rollout.sample},
                {"turn", turn.turn},
                {"prompt", turn.prompt},
                {"text", turn.text},
                {"reward", to_json(std::vector<float>{scored.rewards.at(t)})[0]}};
  double recorded = 0, again = 0;
  for (std::size_t n = 0; n < now.size(); ++n) {
    recorded += turn.logprobs.at(n);
    again += now[n];
    if (std::isfinite(now[n]) || reply.contains("first_broken_token")) continue;
    reply["first_broken_token"] = n;
  }
  reply["logprob_recorded"] = std::isfinite(recorded) ? Json(recorded) : Json();
  reply["logprob_now"] = std::isfinite(again) ? Json(again) : Json();
  return reply;
}

Json replayed_replies(const Policy& policy, const LearningUnit& unit) {
  Json replies = Json::array();
  for (const ScoredRollout& scored : unit.rollouts) {
    const std::vector<float> logprobs =
        rollout_logprobs(policy.decoder(), policy.adapter(), scored.rollout);
    std::span<const float> left(logprobs);
    for (std::size_t t = 0; t < scored.rollout.turns.size(); ++t) {
      const std::size_t size = scored.rollout.turns[t].response.size();
      if (size > 0) replies.push_back(replayed_reply(scored, t, left.first(size)));
      left = left.subspan(size);
    }
  }
  return replies;
}

}  // namespace

fs::path write_unit_dump(const fs::path& run, std::int64_t iteration, const LearningUnit& unit,
                         const Policy& policy) {
  const fs::path folder =
      run / "broken" / fmt::format("iteration-{}-unit-{}", iteration, unit.index);
  make_directories(folder);
  Weights tensors;
  for (const Policy::Parameter& parameter : policy.parameters()) {
    tensors[parameter.name] = parameter.tensor.detach();
  }
  write_file_atomically(folder / kPolicyFile, weights_bytes(tensors));
  write_file_atomically(folder / kUnitFile, to_json(iteration, unit).dump() + "\n");
  return folder;
}

bool is_unit_dump(const fs::path& folder) {
  std::error_code failure;
  return fs::is_regular_file(folder / kUnitFile, failure) &&
         fs::is_regular_file(folder / kPolicyFile, failure);
}

LearningUnit read_unit(const fs::path& folder) {
  const SortedJson json = read_sorted_json(folder / kUnitFile);
  try {
    LearningUnit unit;
    unit.index = whole<std::uint32_t>(json.at("unit"));
    for (const SortedJson& rollout : json.at("rollouts")) {
      unit.rollouts.push_back(rollout_in(rollout, unit.index));
    }
    for (const SortedJson& sample : json.at("stored")) {
      unit.stored.push_back({dialogue_in(sample.at("chosen")), dialogue_in(sample.at("rejected"))});
    }
    if (json.contains("proximal_logprobs")) {
      unit.proximal_logprobs =
          at::tensor(at::ArrayRef<float>(floats_in(json.at("proximal_logprobs"))), at::kFloat);
    }
    return unit;
  } catch (const std::exception& error) {
    input_error("{}: is damaged: {}", (folder / kUnitFile).string(), error.what());
  }
}

Json replay_unit(const fs::path& folder, const TrainSettings& settings, Policy* policy) {
  const LearningUnit unit = read_unit(folder);
  Shapes shapes;
  for (const Policy::Parameter& parameter : policy->parameters()) {
    shapes[parameter.name] = parameter.tensor.sizes().vec();
  }
  const Weights dumped = load_weights_file(
      folder / kPolicyFile, shapes, [](const std::string& name) { return name; }, "the model");
  std::vector<float> flat(static_cast<std::size_t>(policy->num_parameters()));
  for (const Policy::Parameter& parameter : policy->parameters()) {
    const Tensor& tensor = dumped.at(parameter.name);
    std::copy_n(tensor.data_ptr<float>(), tensor.numel(), flat.begin() + parameter.offset);
  }
  policy->set_flat(flat);
  const auto method = make_method(settings.method);
  const UnitLoss loss = method->loss(*policy, unit);
  const std::vector<float> gradient = policy->gradient(loss.loss);
  Json result = {{"kind", "unit"}, {"unit", unit.index}, {"method", settings.method.name}};
  const double value = loss.loss.detach().to(at::kDouble).item<double>();
  result["loss"] = std::isfinite(value) ? Json(value) : Json();
  result["samples"] = loss.metrics.samples;
  result["tokens"] = loss.metrics.tokens;
  Json broken = Json::object();
  for (const Policy::Parameter& parameter : policy->parameters()) {
    const std::int64_t count = parameter.tensor.numel();
    const std::int64_t weights = num_broken(flat.data() + parameter.offset, count);
    const std::int64_t gradients = num_broken(gradient.data() + parameter.offset, count);
    if (weights + gradients == 0) continue;
    broken[parameter.name] = {{"elements", count}, {"weights", weights}, {"gradient", gradients}};
  }
  result["not_finite"] = broken;
  result["replies"] = replayed_replies(*policy, unit);
  return result;
}

}  // namespace arf
