// Tables 4 and 6: a reward corpus whose tasks have turned negative, trained on again with its
// scores as they came and as re-scoring has left them.
#include "core/error.h"
#include "experiments/bias_stream.h"
#include "experiments/experiment.h"
#include "experiments/preference_stream.h"
#include "experiments/stale_pool.h"
#include "scoring/preference_bias.h"

namespace arf {
namespace {

constexpr std::uint64_t kMostStale = 4000;
constexpr double kReplay = 0.5;

// The stream is followed once a learning rate; then pools of its stale messages are trained on.
class StaleTraining {
 public:
  StaleTraining(const ExperimentSettings& settings, ExperimentSteps* steps)
      : settings_(settings),
        steps_(*steps),
        stream_(make_bias_stream(settings, settings.messages_per_phase, steps)),
        static_corpus_(emotion3(settings, steps)),
        scorer_(static_scorer(settings, steps)) {}

  // The run that has followed the stream.
  std::string follow(const LearningRate& rate) {
    const std::string step = fmt::format("track-{}", rate.name);
    steps_.run_on_ranks(step, "track",
                        track_words(stream_, scorer_, static_corpus_, rate.rate, kReplay));
    return steps_.path(step);
  }

  const BiasStream& stream() const { return stream_; }

  // `name`: of the step. Re-scoring before the training, by `rescored` (a run) with s_sig.
  PoolCounts make_pool(const std::string& name, const std::string& corpus,
                       const std::string& rescored, double s_sig) {
    const std::string what = fmt::format(
        "at most {} stale messages of {}{}", kMostStale, corpus,
        rescored.empty() ? "" : fmt::format(", met again by {}, S_sig {}", rescored, s_sig));
    const Json made = steps_.make(name, what, [&] {
      std::optional<Scorer> scorer;
      if (!rescored.empty()) scorer = Scorer::load(rescored);
      std::optional<Rescoring> by;
      if (scorer) by.emplace(Rescoring{*scorer, s_sig, settings_.threads});
      const PoolCounts counts = write_stale_pool(corpus, kMostStale, by, steps_.path(name));
      return Json{
          {"rows", counts.rows}, {"came_with", counts.came_with}, {"stored", counts.stored}};
    });
    return {made.at("rows"), made.at("came_with"), made.at("stored")};
  }

  // How the tasks' mean rewards change, from the run's scorer on, times 100.
  std::vector<double> train(const std::string& name, const std::string& pool,
                            const std::string& run, const LearningRate& rate, bool rescores) {
    BiasStream over = stream_;
    over.corpus = pool;
    auto words = track_words(over, run, static_corpus_, rate.rate, kReplay);
    words.insert(words.end(), {"--track.rescore_every", rescores ? "500" : "0"});
    const Json probes = steps_.run_on_ranks(name, "track", words).at("probes");
    std::vector<double> changes;
    for (const char* task : {kBiasTasks[0], kBiasTasks[1]}) {
      const Json& probe = probes.at(task);
      changes.push_back(100 * (probe.at("after").get<double>() - probe.at("before").get<double>()));
    }
    return changes;
  }

 private:
  const ExperimentSettings& settings_;
  ExperimentSteps& steps_;
  BiasStream stream_;
  std::string static_corpus_, scorer_;
};

std::string signed_number(double value) { return fmt::format("{:+.1f}", value); }

}  // namespace

ExperimentResult run_table6(const ExperimentSettings& settings, ExperimentSteps* steps) {
  StaleTraining stale(settings, steps);
  ExperimentResult result;
  result.lead =
      "A scorer that has followed figure 3's stream is trained once more on what it stored while "
      "Alpaca and GSM8K were liked, which they are not any more.";
  Finding finding;
  finding.title = "Change of the mean reward, times 100";
  finding.note =
      "The paper's sign: with re-scoring the stale messages must not lift what was turned from.";
  finding.table.head = {"training", "stored scores' mean", "Alpaca", "the paper", "GSM8K",
                        "the paper"};
  for (const LearningRate& rate : learning_rates(settings)) {
    const std::string run = stale.follow(rate);
    for (const bool rescores : {true, false}) {
      const std::string kind = rescores ? "with" : "without";
      const std::string pool = fmt::format("pool-{}-{}", rate.name, kind);
      const PoolCounts counts =
          stale.make_pool(pool, rescores ? run + "/corpus" : stale.stream().corpus, "", 0);
      const auto changes = stale.train(fmt::format("again-{}-{}", rate.name, kind),
                                       steps->path(pool), run, rate, rescores);
      const std::string name = fmt::format("{} ({}), {} re-scoring", rate.name, rate.rate, kind);
      finding.table.rows.push_back({name, fmt::format("{:+.3f}", counts.stored),
                                    signed_number(changes[0]), rescores ? "-9.4" : "+7.2",
                                    signed_number(changes[1]), rescores ? "-0.5" : "+3.7"});
      result.numbers[name] = {
          {"stored", counts.stored}, {"alpaca", changes[0]}, {"gsm8k", changes[1]}};
    }
  }
  result.findings.push_back(finding);
  return result;
}

ExperimentResult run_table4(const ExperimentSettings& settings, ExperimentSteps* steps) {
  constexpr double kOffset = 0.2, kLeast = -0.5, kMost = 0.5;
  StaleTraining stale(settings, steps);
  ExperimentResult result;
  result.lead =
      "S_sig says how much of a new opinion a stored score takes on where the two agree, and how "
      "little where they do not (eq. 13, 14).";
  Finding curve{"The sigmoid", "Its value at 0.2, and over [-0.5, 0.5].", {}, {}};
  curve.table.head = {"S_sig", "at 0.2", "from", "to"};
  Finding effect{
      "What it does to stale scores",
      "Stale messages of figure 3's stream, met again once by the scorer that has followed "
      "it, and trained on; change of the mean reward, times 100.",
      {},
      {}};
  effect.table.head = {"S_sig", "stored before", "stored after", "Alpaca", "GSM8K"};
  const LearningRate rate = learning_rates(settings).back();
  const std::string run = stale.follow(rate);
  for (const double s_sig : settings.s_sigs) {
    const double at = preference_sigmoid(kOffset, s_sig), from = preference_sigmoid(kLeast, s_sig),
                 to = preference_sigmoid(kMost, s_sig);
    curve.table.rows.push_back({fmt::format("{}", s_sig), fmt::format("{:.4f}", at),
                                fmt::format("{:.4f}", from), fmt::format("{:.4f}", to)});
    const std::string pool = fmt::format("pool-{}", s_sig);
    const PoolCounts counts = stale.make_pool(pool, stale.stream().corpus, run, s_sig);
    const auto changes =
        stale.train(fmt::format("again-{}", s_sig), steps->path(pool), run, rate, false);
    effect.table.rows.push_back({fmt::format("{}", s_sig), fmt::format("{:+.3f}", counts.came_with),
                                 fmt::format("{:+.3f}", counts.stored), signed_number(changes[0]),
                                 signed_number(changes[1])});
    result.numbers[fmt::format("{}", s_sig)] = {{"at", at},
                                                {"from", from},
                                                {"to", to},
                                                {"stored", counts.stored},
                                                {"alpaca", changes[0]},
                                                {"gsm8k", changes[1]}};
  }
  result.findings = {curve, effect};
  return result;
}

}  // namespace arf
