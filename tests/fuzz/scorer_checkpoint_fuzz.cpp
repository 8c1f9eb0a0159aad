// A checkpoint of `arf track` or `arf fit-scorer`: state.json, then state.safetensors, as
// put_checkpoint() takes them; each of the two is tried. The arrays of a scorer's size may be left
// out, so that inputs stay small: those of a new scorer stand for them.
#include <cstring>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "scoring/feedback_tracker.h"
#include "scoring/scorer_fit.h"
#include "tests/fuzz/checkpoint_files.h"

using namespace arf;

namespace {

const std::vector<std::pair<std::string, Satisfaction>> kTexts = {
    {"a bad one", {1, 0, 0}}, {"so so", {0, 1, 0}}, {"good", {0, 0, 1}}};

Scorer small_scorer() {
  TokenizerTrainer trainer(270);
  for (const auto& [text, target] : kTexts) trainer.add(text);
  EncoderConfig config;
  config.hidden_size = config.intermediate_size = 4;
  config.num_layers = config.num_heads = 1;
  config.max_positions = 16;
  return Scorer::create(trainer.train(), config, 1);
}

std::vector<Example> examples(const Scorer& scorer) {
  std::vector<Example> all;
  for (const auto& [text, target] : kTexts) all.push_back({scorer.frame({"", text}), target});
  return all;
}

// Five messages in batches of two, the last held out; twice.
FeedbackTracker make_tracker(Scorer* scorer) {
  std::vector<FeedbackMessage> messages(5);
  const std::vector<Example> texts = examples(*scorer);
  for (std::size_t i = 0; i < messages.size(); ++i) {
    messages[i].example = texts[i % texts.size()];
    messages[i].stored = messages[i].example.target;
  }
  messages.back().held = true;
  TrackSettings settings;
  settings.batch = settings.passes = 2;
  settings.rescore_every = settings.evaluate_every = 2;
  return {scorer, std::move(messages), {texts, texts}, settings, 1, 1};
}

ScorerFit make_fit(Scorer* scorer) {
  const std::vector<Example> texts = examples(*scorer);
  FitSettings settings;
  settings.batch = settings.evaluate_every = 2;
  settings.iterations = 5;
  return {scorer, {texts, texts, texts}, settings, true, 1, 1};
}

std::int64_t done(const FeedbackTracker& tracker) { return tracker.steps_done(); }
std::int64_t done(const ScorerFit& fit) { return fit.iterations_done(); }

bool same_bits(const std::vector<float>& a, const std::vector<float>& b) {
  return a.size() == b.size() &&
         (a.empty() || std::memcmp(a.data(), b.data(), a.size() * sizeof(float)) == 0);
}

// All that `written` holds is as in `read`.
void require_same(const SavedState& written, const SavedState& read) {
  for (const auto& [name, number] : written.numbers) {
    fuzz::require(number == read.number(name), "a number is not written as it was read");
  }
  for (const auto& [name, sum] : written.sums) {
    fuzz::require(sum == read.sum(name), "a sum is not written as it was read");
  }
  for (const auto& [name, values] : written.arrays) {
    fuzz::require(same_bits(values, read.array(name)), "an array is not written as it was read");
  }
}

void add_arrays(const SavedState& of_new, SavedState* state) {
  const auto best = state->numbers.find("best_iteration");
  if (best != state->numbers.end() && best->second > 0) {
    state->arrays.emplace("best_parameters", of_new.array("parameters"));
  }
  state->arrays.insert(of_new.arrays.begin(), of_new.arrays.end());
}

// What an accepted state says is there, and the next step can be taken.
template <typename Learner>
void use(const SavedState& saved, const SavedState& of_new, Learner* learner) {
  SavedState state = saved;
  add_arrays(of_new, &state);
  learner->restore(state);
  SavedState written;
  learner->store(&written);
  require_same(written, state);
  const std::int64_t before = done(*learner);
  fuzz::require(before >= 0, "a step below 0");
  if (!learner->finished()) {
    learner->advance();
    fuzz::require(done(*learner) == before + 1, "a step that does not count");
  }
}

// A scorer and what trains it; `of_new` is the state before the first step.
template <typename Learner>
struct Training {
  explicit Training(Learner (*make)(Scorer*)) : learner(make(&scorer)) { learner.store(&of_new); }
  Scorer scorer = small_scorer();
  Learner learner;
  SavedState of_new;
};

// Whether it is a checkpoint of `track`, of `fit-scorer`.
std::pair<bool, bool> accepts(std::string_view input) {
  static const fuzz::Folder folder;
  static Training<FeedbackTracker> tracking(make_tracker);
  static Training<ScorerFit> fitting(make_fit);
  const auto parts = fuzz::parts(input);
  fuzz::put_checkpoint(folder, parts[0], parts.size() > 1 ? parts[1] : "");
  std::optional<SavedState> saved;
  fuzz::accept_or_refuse(input.size(),
                         [&] { saved = StateStore(folder.path() / "checkpoints").newest(); });
  if (!saved) return {false, false};
  const bool tracks = fuzz::accept_or_refuse(
      input.size(), [&] { use(*saved, tracking.of_new, &tracking.learner); });
  const bool fits =
      fuzz::accept_or_refuse(input.size(), [&] { use(*saved, fitting.of_new, &fitting.learner); });
  return {tracks, fits};
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  static const bool kTracks = accepts(fuzz::seed("scorer_checkpoint/track")).first;
  static const bool kFits = accepts(fuzz::seed("scorer_checkpoint/fit")).second;
  fuzz::require(kTracks && kFits, "the seed `track` or `fit` is refused");
  accepts({reinterpret_cast<const char*>(data), size});
  return 0;
}
