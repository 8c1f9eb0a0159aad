#include "exchange/conversation.h"

#include "core/error.h"
#include "core/fault.h"
#include "core/hash.h"
#include "exchange/wire.h"

namespace arf {
namespace {

std::vector<std::uint32_t> units_where(std::uint32_t num_units, auto&& is_mine) {
  std::vector<std::uint32_t> units;
  for (std::uint32_t unit = 0; unit < num_units; ++unit) {
    if (is_mine(unit)) units.push_back(unit);
  }
  return units;
}

std::vector<std::byte> pack_report(const RankReport& report) {
  WireWriter out;
  out.real(report.tokens_generated);
  out.number(report.seconds.size());
  for (const auto& [name, seconds] : report.seconds) {
    out.text(name);
    out.real(seconds);
  }
  out.text(report.spans);
  out.number(report.stop_wanted ? 1 : 0);
  out.number(report.units.size());
  for (const auto& [unit, trail] : report.units) {
    out.number(unit);
    out.number(trail.replies);
    out.number(trail.gradient);
  }
  out.text(report.feed);
  return out.take();
}

RankReport unpack_report(const std::vector<std::byte>& bytes) {
  WireReader in(bytes);
  RankReport report;
  report.tokens_generated = in.real();
  const std::uint64_t names = in.number();
  for (std::uint64_t i = 0; i < names; ++i) {
    const std::string name = in.text();
    report.seconds[name] = in.real();
  }
  report.spans = in.text();
  report.stop_wanted = in.number() != 0;
  const std::uint64_t units = in.number();
  for (std::uint64_t i = 0; i < units; ++i) {
    const auto unit = static_cast<std::uint32_t>(in.number());
    report.units[unit].replies = in.number();
    report.units[unit].gradient = in.number();
  }
  report.feed = in.text();
  in.expect_end();
  return report;
}

}  // namespace

std::vector<std::uint32_t> Conversation::units_to_generate(std::uint32_t num_units) const {
  return units_where(num_units, [&](auto u) { return layout_.generator_of(u) == world_.rank(); });
}
std::vector<std::uint32_t> Conversation::units_to_score(std::uint32_t num_units) const {
  return units_where(num_units, [&](auto u) { return layout_.scorer_of(u) == world_.rank(); });
}
std::vector<std::uint32_t> Conversation::units_to_learn(std::uint32_t num_units) const {
  return units_where(num_units, [&](auto u) { return layout_.learner_of(u) == world_.rank(); });
}

// Units come from whoever worked on them, and some before their turn.
UnitMessage Conversation::receive(Tag tag, std::int64_t iteration, std::uint32_t unit) {
  const Place wanted(tag, iteration, unit);
  while (!early_.contains(wanted)) {
    UnitMessage message = unpack_unit(world_.receive(Communicator::kAnyRank, tag));
    const Place place(tag, message.iteration, message.unit);
    ARF_CHECK(!early_.contains(place), "unit {} of iteration {} came twice", message.unit,
              message.iteration);
    early_.emplace(place, std::move(message));
  }
  return std::move(early_.extract(wanted).mapped());
}

void Conversation::send(int to, Tag tag, UnitMessage message) {
  std::vector<std::byte> bytes = pack_unit(std::move(message));
  meet_bit_flips(bytes.data(), bytes.size());
  world_.send(to, tag, std::move(bytes));
}

void Conversation::send_rollouts(std::int64_t iteration, std::uint32_t unit,
                                 std::vector<std::byte> rollouts) {
  send(layout_.scorer_of(unit), Tag::kRollout, {iteration, unit, std::move(rollouts)});
}

std::vector<Rollout> Conversation::receive_rollouts(std::int64_t iteration, std::uint32_t unit) {
  return unpack_rollouts(receive(Tag::kRollout, iteration, unit).records);
}

void Conversation::send_scored(std::int64_t iteration, std::uint32_t unit,
                               const ScoredUnit& scored) {
  send(layout_.learner_of(unit), Tag::kScoredRollout,
       {iteration, unit, pack_scored_rollouts(scored.rollouts), scored.scorer});
}

ScoredUnit Conversation::receive_scored(std::int64_t iteration, std::uint32_t unit) {
  const UnitMessage message = receive(Tag::kScoredRollout, iteration, unit);
  return {message.scorer, unpack_scored_rollouts(message.records)};
}

void Conversation::share_feed(std::int64_t iteration, FeedBoundary* boundary) const {
  std::vector<std::byte> bytes =
      pack_unit({iteration, 0, pack_feedback(boundary->messages), {boundary->messages_so_far, 0}});
  world_.broadcast(&bytes, 0);
  if (world_.rank() == 0) return;
  meet_bit_flips(bytes.data(), bytes.size());
  const UnitMessage message = unpack_unit(std::move(bytes));
  boundary->messages_so_far = message.scorer.number;
  boundary->messages = unpack_feedback(message.records);
}

void Conversation::share_policy(PolicyVersion* version, std::vector<float>* parameters,
                                bool has_it) const {
  WireWriter out;
  out.number(version->number);
  out.text(version->hash);
  out.number(parameters->size());
  out.number(xxh3(*parameters));
  std::vector<std::byte> bytes = out.take();
  world_.broadcast(&bytes, 0);
  WireReader in(bytes);
  PolicyVersion shared;
  shared.number = in.number();
  shared.hash = in.text();
  parameters->resize(static_cast<std::size_t>(in.number()));
  const std::uint64_t sent = in.number();
  if (has_it && !(shared == *version)) {
    lost_error(
        "rank {}: after the same sum this learner holds policy {} ({:.12}) and rank 0 policy {} "
        "({:.12}); the ranks' processors compute differently: use one kind of node",
        world_.rank(), version->number, version->hash, shared.number, shared.hash);
  }
  // Everybody takes part in the broadcast; who has the parameters receives the same bytes.
  world_.broadcast(*parameters, 0);
  if (!has_it) meet_bit_flips(parameters->data(), parameters->size() * sizeof(float));
  if (const std::uint64_t came = xxh3(*parameters); came != sent) {
    lost_error(
        "policy {} came to rank {} with other bits than rank 0 sent (XXH3-64 {:016x}, not "
        "{:016x}); look for a defect of memory or network",
        shared.number, world_.rank(), came, sent);
  }
  *version = shared;
}

std::vector<RankReport> Conversation::gather_reports(const RankReport& mine) const {
  std::vector<RankReport> reports;
  for (const auto& bytes : world_.gather(pack_report(mine)))
    reports.push_back(unpack_report(bytes));
  return reports;
}

bool Conversation::rank_0_says(bool value) const {
  std::vector<std::byte> bytes{std::byte{value}};
  world_.broadcast(&bytes, 0);
  return bytes.at(0) != std::byte{0};
}

}  // namespace arf
