#include "exchange/wire.h"

#include <bit>
#include <cstring>

#include "core/error.h"
#include "core/hash.h"

namespace arf {

static_assert(std::endian::native == std::endian::little, "messages are little-endian");

void WireWriter::raw(const void* data, std::size_t size_bytes) {
  const auto* first = static_cast<const std::byte*>(data);
  bytes_.insert(bytes_.end(), first, first + size_bytes);
}

void WireWriter::number(std::uint64_t value) { raw(&value, sizeof value); }
void WireWriter::real(double value) { raw(&value, sizeof value); }

void WireWriter::text(const std::string& value) {
  number(value.size());
  raw(value.data(), value.size());
}

void WireWriter::ints(const std::vector<std::int32_t>& values) {
  number(values.size());
  raw(values.data(), values.size() * sizeof(std::int32_t));
}

void WireWriter::floats(const std::vector<float>& values) {
  number(values.size());
  raw(values.data(), values.size() * sizeof(float));
}

void WireReader::require(bool holds, const char* what) const {
  if (holds) return;
  const std::string place = fmt::format("at {} of {} bytes", at_, bytes_.size());
  if (source_ == WireSource::kFile) input_error("{} {}", what, place);
  defect("a message from a rank: {} {}", what, place);
}

const std::byte* WireReader::raw(std::size_t size_bytes) {
  require(size_bytes <= bytes_.size() - at_, "more bytes are wanted than there are");
  const std::byte* first = bytes_.data() + at_;
  at_ += size_bytes;
  return first;
}

std::size_t WireReader::count(std::size_t element_bytes) {
  const std::uint64_t elements = number();
  require(elements <= (bytes_.size() - at_) / element_bytes, "more elements than bytes are left");
  return static_cast<std::size_t>(elements);
}

std::uint64_t WireReader::number() {
  std::uint64_t value = 0;
  std::memcpy(&value, raw(sizeof value), sizeof value);
  return value;
}

double WireReader::real() { return std::bit_cast<double>(number()); }

std::string WireReader::text() {
  const std::size_t size = count(1);
  return {reinterpret_cast<const char*>(raw(size)), size};
}

namespace {

template <typename T>
std::vector<T> copied(const std::byte* bytes, std::size_t count) {
  std::vector<T> values(count);
  if (count > 0) std::memcpy(values.data(), bytes, count * sizeof(T));
  return values;
}

}  // namespace

std::vector<std::int32_t> WireReader::ints() {
  const std::size_t size = count(sizeof(std::int32_t));
  return copied<std::int32_t>(raw(size * sizeof(std::int32_t)), size);
}

std::vector<float> WireReader::floats() {
  const std::size_t size = count(sizeof(float));
  return copied<float>(raw(size * sizeof(float)), size);
}

void WireReader::expect_end() const { require(at_ == bytes_.size(), "bytes are left over"); }

namespace {

void write_turn(WireWriter& out, const SampledTurn& turn) {
  out.number(turn.turn);
  out.ints(turn.context);
  out.ints(turn.response);
  out.floats(turn.logprobs);
  out.floats(turn.drawn_logprobs);
  out.ints(turn.stored);
  out.text(turn.prompt);
  out.text(turn.text);
  out.number(turn.stored_score.has_value());
  out.real(turn.stored_score.value_or(0));
}

SampledTurn read_turn(WireReader& in) {
  SampledTurn turn;
  turn.turn = static_cast<std::uint32_t>(in.number());
  turn.context = in.ints();
  turn.response = in.ints();
  turn.logprobs = in.floats();
  turn.drawn_logprobs = in.floats();
  turn.stored = in.ints();
  turn.prompt = in.text();
  turn.text = in.text();
  const bool has_score = in.number() != 0;
  const double score = in.real();
  if (has_score) turn.stored_score = static_cast<float>(score);
  in.require(turn.logprobs.size() == turn.response.size(), "a token without its log-prob");
  return turn;
}

void write_rollout(WireWriter& out, const Rollout& rollout) {
  out.text(rollout.dialogue_id);
  out.number(rollout.dialogue_row);
  out.number(rollout.unit);
  out.number(rollout.sample);
  out.number(rollout.version.number);
  out.text(rollout.version.hash);
  out.number(rollout.digest);
  out.number(rollout.turns.size());
  for (const SampledTurn& turn : rollout.turns) write_turn(out, turn);
}

Rollout read_rollout(WireReader& in) {
  Rollout rollout;
  rollout.dialogue_id = in.text();
  rollout.dialogue_row = in.number();
  rollout.unit = static_cast<std::uint32_t>(in.number());
  rollout.sample = static_cast<std::uint32_t>(in.number());
  rollout.version.number = in.number();
  rollout.version.hash = in.text();
  rollout.digest = in.number();
  const std::uint64_t turns = in.number();
  for (std::uint64_t i = 0; i < turns; ++i) rollout.turns.push_back(read_turn(in));
  return rollout;
}

}  // namespace

// The records first, so that they are the message's beginning and are not copied to be unpacked.
std::vector<std::byte> pack_unit(UnitMessage message) {
  std::vector<std::byte> bytes = std::move(message.records);
  WireWriter where;
  where.number(static_cast<std::uint64_t>(message.iteration));
  where.number(message.unit);
  where.number(message.scorer.number);
  where.number(message.scorer.hash);
  const std::vector<std::byte> end = where.take();
  bytes.insert(bytes.end(), end.begin(), end.end());
  WireWriter sum;
  sum.number(xxh3(bytes));
  const std::vector<std::byte> hash = sum.take();
  bytes.insert(bytes.end(), hash.begin(), hash.end());
  return bytes;
}

UnitMessage unpack_unit(std::vector<std::byte> bytes) {
  constexpr std::size_t kHash = sizeof(std::uint64_t), kEnd = 4 * kHash;
  ARF_CHECK(bytes.size() >= kEnd + kHash, "a message of {} bytes", bytes.size());
  const std::vector<std::byte> hash(bytes.end() - kHash, bytes.end());
  bytes.resize(bytes.size() - kHash);
  const std::uint64_t sent = WireReader(hash).number(), came = xxh3(bytes);
  if (sent != came) {
    lost_error(
        "a message of {} bytes came with other bits than it was sent with (XXH3-64 {:016x}, "
        "not {:016x}); look for a defect of memory or network",
        bytes.size(), came, sent);
  }
  const std::vector<std::byte> end(bytes.end() - kEnd, bytes.end());
  WireReader where(end);
  UnitMessage message;
  message.iteration = static_cast<std::int64_t>(where.number());
  message.unit = static_cast<std::uint32_t>(where.number());
  message.scorer.number = where.number();
  message.scorer.hash = where.number();
  bytes.resize(bytes.size() - kEnd);
  message.records = std::move(bytes);
  return message;
}

std::vector<std::byte> pack_rollouts(const std::vector<Rollout>& rollouts) {
  WireWriter out;
  out.number(rollouts.size());
  for (const Rollout& rollout : rollouts) write_rollout(out, rollout);
  return out.take();
}

std::vector<Rollout> unpack_rollouts(const std::vector<std::byte>& bytes, WireSource source) {
  WireReader in(bytes, source);
  std::vector<Rollout> rollouts;
  const std::uint64_t size = in.number();
  for (std::uint64_t i = 0; i < size; ++i) rollouts.push_back(read_rollout(in));
  in.expect_end();
  return rollouts;
}

std::vector<std::byte> pack_scored_rollouts(const std::vector<ScoredRollout>& rollouts) {
  WireWriter out;
  out.number(rollouts.size());
  for (const ScoredRollout& scored : rollouts) {
    write_rollout(out, scored.rollout);
    out.floats(scored.rewards);
  }
  return out.take();
}

std::vector<ScoredRollout> unpack_scored_rollouts(const std::vector<std::byte>& bytes) {
  WireReader in(bytes);
  std::vector<ScoredRollout> rollouts;
  const std::uint64_t size = in.number();
  for (std::uint64_t i = 0; i < size; ++i) {
    ScoredRollout scored;
    scored.rollout = read_rollout(in);
    scored.rewards = in.floats();
    rollouts.push_back(std::move(scored));
  }
  in.expect_end();
  return rollouts;
}

std::vector<std::byte> pack_feedback(const std::vector<Feedback>& messages) {
  WireWriter out;
  out.number(messages.size());
  for (const Feedback& message : messages) {
    out.text(message.prompt);
    out.text(message.response);
    out.text(message.reaction);
    const Satisfaction said = message.satisfaction.value_or(Satisfaction{});
    out.floats(message.satisfaction ? std::vector<float>{said.bad, said.neutral, said.good}
                                    : std::vector<float>{});
  }
  return out.take();
}

std::vector<Feedback> unpack_feedback(const std::vector<std::byte>& bytes) {
  WireReader in(bytes);
  std::vector<Feedback> messages;
  const std::uint64_t size = in.number();
  for (std::uint64_t i = 0; i < size; ++i) {
    Feedback message;
    message.prompt = in.text();
    message.response = in.text();
    message.reaction = in.text();
    const std::vector<float> said = in.floats();
    in.require(said.empty() || said.size() == 3, "a satisfaction of other than three numbers");
    if (!said.empty()) message.satisfaction = {said[0], said[1], said[2]};
    messages.push_back(std::move(message));
  }
  in.expect_end();
  return messages;
}

}  // namespace arf
