#include "roles/training_result.h"

#include <algorithm>

#include "core/file.h"
#include "core/hash.h"
#include "data_io/describe.h"
#include "data_io/safetensors_folder.h"
#include "report/training_report.h"
#include "scoring/scorer_files.h"

namespace arf {
namespace {

namespace fs = std::filesystem;

struct ReportPrompt {
  std::string system, text;
};

// The first user's turns of dialogues spread over the corpus.
std::vector<ReportPrompt> report_prompts(const TrainingData& data, int wanted) {
  std::vector<ReportPrompt> prompts;
  const std::size_t count = std::min<std::size_t>(static_cast<std::size_t>(wanted), data.rows());
  for (std::size_t i = 0; i < count; ++i) {
    const Dialogue& dialogue = data.dialogue(i * data.rows() / count);
    const auto turn = std::find_if(dialogue.turns.begin(), dialogue.turns.end(),
                                   [](const Turn& t) { return t.role == TurnRole::kUser; });
    if (turn != dialogue.turns.end()) prompts.push_back({dialogue.system, turn->text});
  }
  return prompts;
}

std::vector<SamplePair> before_and_after(const TrainSettings& settings, const Tokenizer& tokenizer,
                                         const ChatTemplate& chat, const Decoder& base,
                                         const Policy& policy, const TrainingData& data) {
  const Generator before(base, tokenizer, chat, settings.sampling);
  const Generator after(policy.decoder(), tokenizer, chat, settings.sampling);
  std::vector<SamplePair> pairs;
  for (const auto& [system, prompt] : report_prompts(data, settings.report_samples)) {
    std::vector<TokenId> context = chat.opening(system);
    const auto more = chat.user_then_prompt(prompt);
    context.insert(context.end(), more.begin(), more.end());
    if (static_cast<std::int64_t>(context.size()) >= before.max_context()) continue;
    const RandomStream stream =
        reply_stream(settings.run.seed, Purpose::kEvaluate, 0, pairs.size(), 0, 0);
    SamplePair pair;
    pair.prompt = prompt;
    pair.before = tokenizer.decode(before.reply(context, nullptr, stream));
    pair.after = tokenizer.decode(after.reply(context, policy.adapter(), stream));
    pairs.push_back(std::move(pair));
  }
  return pairs;
}

void add_rewards(const Scorer& scorer, std::vector<SamplePair>* pairs) {
  for (SamplePair& pair : *pairs) {
    const auto scores = scorer.score({{pair.prompt, pair.before}, {pair.prompt, pair.after}});
    pair.reward_before = scores[0].reward();
    pair.reward_after = scores[1].reward();
  }
}

}  // namespace

std::vector<fs::path> model_files(const ModelSettings& model) {
  std::vector<fs::path> files;
  if (!model.random_weights) files = SafetensorsFolder::files_looked_at(model.path);
  files.push_back(fs::path(model.path) / "config.json");
  return files;
}

Json model_hashes(const ModelSettings& model, const Tokenizer& tokenizer) {
  Json hashes = {{"tokenizer", sha256_hex(tokenizer.json())},
                 {"chat_template", sha256_hex(tokenizer.chat_template())}};
  hashes["model_config"] = sha256_of_file(fs::path(model.path) / "config.json");
  if (!model.random_weights) {
    hashes["model"] = SafetensorsFolder::digest_in(model.path);
  }
  return hashes;
}

Json scorer_hashes(const std::string& path) {
  if (path.empty()) return Json::object();
  const fs::path folder = find_scorer(path);
  return {
      {"scorer", SafetensorsFolder::digest_in(folder)},
      {"scorer_files",
       {{"config.json", sha256_of_file(folder / "config.json")},
        {"tokenizer.json", sha256_hex(Tokenizer::load(folder).json())}}}};  // it may be compressed
}

fs::path result_folder(const TrainSettings& settings) {
  return fs::path(settings.run.output) / (settings.lora.rank > 0 ? "adapter" : "model");
}

void write_result(const TrainSettings& settings, const Tokenizer& tokenizer,
                  const ChatTemplate& chat, const Decoder& base, const Policy& policy,
                  const TrainingData& data, const Scorer* scorer, const RunLog& log,
                  RunDirectory* directory) {
  const fs::path folder = result_folder(settings);
  policy.save(folder, settings.model.path);
  if (settings.lora.rank == 0) {
    tokenizer.save(folder);
    copy_token_ids(settings.model, folder);
  }
  directory->note("digest", describe(folder).at("digest"));
  log.write_trace(log.spans());
  auto samples = before_and_after(settings, tokenizer, chat, base, policy, data);
  if (scorer) add_rewards(*scorer, &samples);
  const Json manifest = read_json(directory->path() / "manifest.json");
  write_file_atomically(directory->path() / "report.html",
                        training_report(log.metrics(), manifest, samples));
}

}  // namespace arf
