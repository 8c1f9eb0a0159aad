#include "roles/training_feed.h"

#include "core/activity.h"
#include "core/hash.h"
#include "data_io/corpus.h"
#include "exchange/wire.h"
#include "roles/training_result.h"
#include "scoring/scorer_files.h"

namespace arf {

namespace {

namespace fs = std::filesystem;

// On the world, beside those of comm/communicator.h.
constexpr Tag kScorerState = Tag{104};
const std::string kPrefix = "scorer.";  // of the names in a checkpoint

}  // namespace

TrainingFeed::TrainingFeed(const TrainSettings& settings, Communicator& world,
                           const RankLayout& layout, const Conversation& conversation,
                           int num_threads)
    : settings_(settings),
      world_(world),
      layout_(layout),
      conversation_(conversation),
      num_threads_(num_threads),
      scorers_(world.split(layout.scores(world.rank()) ? 0 : -1)) {}

void TrainingFeed::load(Scorer* scorer) {
  const FeedSettings& feed = settings_.feed;
  if (world_.rank() == 0) taker_.emplace(feed);
  if (!scorer) return;
  if (!feed.static_scorer.empty()) static_scorer_.emplace(Scorer::load(feed.static_scorer));
  std::vector<Example> replayed;
  if (feed.replay_ratio > 0) {
    replayed = read_labelled_texts(*scorer, feed.replay_corpora, num_threads_).training;
    if (replayed.empty()) {
      input_error("{}: every text is held out, and there is none to replay; name a larger corpus",
                  feed.replay_corpora.back());
    }
  }
  learner_.emplace(scorer, static_scorer_ ? &*static_scorer_ : nullptr, std::move(replayed), feed,
                   settings_.run.seed, Workers(num_threads_, &scorers_));
}

std::vector<fs::path> TrainingFeed::input_files() const {
  if (world_.rank() != 0 && !layout_.scores(world_.rank())) return {};
  std::vector<fs::path> files = scorer_files(settings_.feed.static_scorer);
  for (const std::string& corpus : settings_.feed.replay_corpora) {
    files.push_back(fs::path(corpus) / "index.json");
  }
  return files;
}

void TrainingFeed::describe_inputs(Json* inputs) const {
  if (taker_) (*inputs)["replayed_feed"] = taker_->hash();
  if (world_.rank() != 0 && !scores()) return;
  (*inputs)["static_scorer"] = scorer_hashes(settings_.feed.static_scorer);
  Json corpora = Json::array();
  for (const std::string& path : settings_.feed.replay_corpora) {
    corpora.push_back({{"path", path}, {"digest", CorpusReader(path).digest()}});
  }
  (*inputs)["replay_corpora"] = std::move(corpora);
}

void TrainingFeed::open(const fs::path& run) { taker_->open(run); }

void TrainingFeed::take(std::int64_t iteration) {
  FeedBoundary boundary;
  world_.agree_or_throw([&] {
    const PhaseScope phase(Phase::kRecord);
    if (taker_) boundary = taker_->take(iteration);
  });
  conversation_.share_feed(iteration, &boundary);
  forget(iteration - settings_.staleness);
  messages_[iteration] = boundary.messages_so_far;
  if (taker_ && boundary.files > 0) numbers_[iteration]["feed/files"] = boundary.files;
  if (taker_ && boundary.refused > 0) numbers_[iteration]["feed/refused"] = boundary.refused;
  if (scores() && !boundary.messages.empty()) learn(iteration, boundary.messages);
}

// Iteration `iteration` is being learnt: the next checkpoint is of the one behind it at least.
void TrainingFeed::forget(std::int64_t iteration) {
  messages_.erase(messages_.begin(), messages_.lower_bound(iteration));
  before_.erase(before_.begin(), before_.upper_bound(iteration));
}

void TrainingFeed::learn(std::int64_t iteration, const std::vector<Feedback>& messages) {
  const PhaseScope phase(Phase::kScore);
  note_no_unit();
  if (settings_.staleness > 0) learner_->store(&before_[iteration]);
  FeedLearner::Learnt learnt;
  try {
    learnt = learner_->learn(messages);
  } catch (const Error&) {
    // All scorers throw it; the others are not told, unless all ranks are scorers.
    error_is_agreed = scorers_.size() == world_.size() && world_.size() > 1;
    error_is_shared = !error_is_agreed && scorers_.size() > 1 && layout_.scores(0);
    throw;
  }
  if (scorers_.rank() != 0) return;
  reported_[std::to_string(iteration)] = {
      {"feed/messages", learnt.messages},  {"feed/steps", learnt.steps},
      {"feed/replays", learnt.replays},    {"feed/loss", learnt.loss},
      {"feed/score", learnt.score},        {"feed/label", learnt.label},
      {"feed/agreement", learnt.agreement}};
}

ScorerVersion TrainingFeed::version() const { return learner_->version(); }

std::string TrainingFeed::report() {
  const std::string text = reported_.empty() ? "" : reported_.dump();
  reported_ = Json::object();
  return text;
}

void TrainingFeed::add_numbers(const std::vector<RankReport>& reports, std::int64_t iteration,
                               Json* line) {
  for (const RankReport& report : reports) {
    if (report.feed.empty()) continue;
    const Json learnt = Json::parse(report.feed);
    for (const auto& [of, numbers] : learnt.items()) {
      numbers_[std::stoll(of)].update(numbers);
    }
  }
  (*line)["scorer_version"] = messages_of(iteration);
  const auto found = numbers_.find(iteration);
  if (found != numbers_.end()) line->update(found->second);
  numbers_.erase(numbers_.begin(), numbers_.upper_bound(iteration));
}

// ---- checkpoints

SavedState TrainingFeed::state_before(std::int64_t iteration) const {
  const auto kept = before_.lower_bound(iteration);
  if (kept != before_.end()) return kept->second;
  SavedState state;
  learner_->store(&state);
  return state;
}

// The arrays as messages of their own: one has at most 2 GiB.
void TrainingFeed::send_state(int to, const SavedState& state) {
  WireWriter out;
  out.text(state.path.string());
  out.text(Json(state.numbers).dump());
  out.number(state.arrays.size());
  world_.send(to, kScorerState, out.take());
  for (const auto& [name, values] : state.arrays) {
    WireWriter array;
    array.text(name);
    array.floats(values);
    array.number(xxh3(values));
    world_.send(to, kScorerState, array.take());
  }
}

SavedState TrainingFeed::receive_state(int from) {
  SavedState state;
  const auto first = world_.receive(from, kScorerState);
  WireReader in(first);
  state.path = in.text();
  Json::parse(in.text()).get_to(state.numbers);
  for (std::uint64_t left = in.number(); left > 0; --left) {
    const auto bytes = world_.receive(from, kScorerState);
    WireReader array(bytes);
    const std::string name = array.text();
    state.arrays[name] = array.floats();
    if (xxh3(state.arrays[name]) != array.number()) {
      lost_error(
          "the scorer's state came from rank {} with other bits than it was sent with; look for a "
          "defect of memory or network",
          from);
    }
  }
  return state;
}

void TrainingFeed::gather_state(std::int64_t next_iteration) {
  const int first = layout_.scorers().front();
  if (scores()) {
    SavedState state = state_before(next_iteration);
    if (world_.rank() == 0) {
      state_ = std::move(state);
    } else if (world_.rank() == first && first != 0) {
      send_state(0, state);
    }
  }
  if (world_.rank() == 0 && first != 0) state_ = receive_state(first);
}

void TrainingFeed::store(SavedState* checkpoint) const {
  for (const auto& [name, values] : state_.arrays) checkpoint->arrays[kPrefix + name] = values;
  for (const auto& [name, value] : state_.numbers) checkpoint->numbers[kPrefix + name] = value;
}

void TrainingFeed::restore(const SavedState* checkpoint, std::int64_t next_iteration) {
  if (next_iteration == 0) return;
  world_.agree_or_throw([&] {
    if (world_.rank() != 0) return;
    const auto is_scorers = [](const std::string& name) { return name.starts_with(kPrefix); };
    for (const auto& [name, values] : checkpoint->arrays) {
      if (is_scorers(name)) state_.arrays[name.substr(kPrefix.size())] = values;
    }
    for (const auto& [name, value] : checkpoint->numbers) {
      if (is_scorers(name)) state_.numbers[name.substr(kPrefix.size())] = value;
    }
    state_.path = checkpoint->path;
    taker_->require_messages(state_, next_iteration);
    for (const int rank : layout_.scorers()) {
      if (rank != 0) send_state(rank, state_);
    }
  });
  world_.agree_or_throw([&] {
    if (scores()) learner_->restore(world_.rank() == 0 ? state_ : receive_state(0));
  });
}

void TrainingFeed::save_scorer(Scorer* scorer, const fs::path& folder) const {
  scorer->set_flat(state_.array("parameters", static_cast<std::size_t>(scorer->num_parameters())));
  scorer->pack(1);
  fs::remove_all(folder);  // of a run that was killed behind it
  scorer->save(folder);
}

}  // namespace arf
