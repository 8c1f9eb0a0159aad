#include "guard/hub.h"

#include <algorithm>

#include "core/error.h"
#include "guard/lines.h"

namespace arf {
namespace {

constexpr double kGreeting = 5;  // seconds until a connection must have said who it is
constexpr std::size_t kLongestGreeting = 512;
constexpr double kGrace = 3;  // seconds in which a rank that left by itself says its own sentence

bool is_orderly(int code) { return code == 0 || code == static_cast<int>(ExitCode::kStopped); }

}  // namespace

Hub::Hub(LineListener* listener, std::string token, int num_ranks, const Deadlines& deadlines,
         double now)
    : listener_(*listener),
      token_(std::move(token)),
      num_ranks_(num_ranks),
      watch_(0, num_ranks, deadlines, now) {}

std::optional<Verdict> Hub::look(const std::string& host, const Sighting& own, double now) {
  watch_.saw(0, host, own, now);
  accept(now);
  for (Peer& peer : peers_) hear(&peer, now);
  for (const Peer& peer : peers_) {
    if (!verdict_ && is_lost(peer)) verdict_ = watch_.lost(peer.rank);
  }
  std::erase_if(peers_, [](const Peer& peer) { return !peer.socket.is_open(); });
  if (now - told_ >= kTellEvery) {
    told_ = now;
    tell_guardians("alive");
  }
  if (!verdict_) verdict_ = watch_.judge(now);
  return verdict_ && now >= due_.value_or(now) ? verdict_ : std::nullopt;
}

std::optional<Verdict> Hub::hurried(const std::string& host, const Sighting& own, double now,
                                    double seconds) {
  look(host, own, now);
  if (verdict_) return verdict_;
  const auto rank = watch_.silent(now, seconds);
  return rank ? std::optional(watch_.lost(*rank)) : std::nullopt;
}

Verdict Hub::killed(const std::string& host, const Sighting& last, int signal, double now) {
  watch_.saw(0, host, last, now);
  return watch_.killed(0, signal);
}

void Hub::accept(double now) {
  const std::size_t most = 3 * static_cast<std::size_t>(num_ranks_) + 16;
  while (auto socket = listener_.accept()) {
    if (peers_.size() >= most) continue;
    Peer& peer = peers_.emplace_back();
    peer.socket = std::move(*socket);
    peer.socket.take_at_most(kLongestGreeting);  // until it has said who it is
    peer.since = now;
  }
}

void Hub::hear(Peer* peer, double now) {
  for (const std::string& line : peer->socket.exchange()) hear_line(peer, line, now);
  if (peer->rank < 0 && now - peer->since > kGreeting) peer->socket.close();
}

// A guardian that had no answer in time has connected anew; that its first connection closes says
// nothing, nor does one on which it never knew of the answer.
bool Hub::is_lost(const Peer& peer) const {
  if (peer.socket.is_open() || !peer.reported || peer.ended) return false;
  return std::none_of(peers_.begin(), peers_.end(), [&](const Peer& other) {
    return other.rank == peer.rank && !other.counts && other.socket.is_open();
  });
}

// hello TOKEN RANK HOST, or counter TOKEN RANK
void Hub::greet(Peer* peer, const std::vector<std::string>& words) {
  const bool counts = words[0] == "counter" && words.size() == 3;
  const bool guards = words[0] == "hello" && words.size() == 4;
  const auto rank = counts || guards ? number_of(words[2]) : std::nullopt;
  if (!rank || words[1] != token_ || *rank < (counts ? 0 : 1) || *rank >= num_ranks_) {
    return peer->socket.close();
  }
  peer->socket.take_at_most(1 << 16);
  peer->rank = *rank;
  peer->counts = counts;
  if (guards) peer->host = words[3];
  peer->socket.send("alive");
}

void Hub::hear_line(Peer* peer, const std::string& line, double now) {
  const std::vector<std::string> words = words_of(line);
  if (words.empty()) return peer->socket.close();
  const auto number = words.size() > 1 ? number_of(words[1]) : std::nullopt;
  if (peer->rank < 0) {
    greet(peer, words);
  } else if (peer->counts) {
    if (words[0] != "take" || !number) return peer->socket.close();
    peer->socket.send(fmt::format("unit {}", units_.next(*number)));
  } else if (const auto seen = read_state(line)) {
    watch_.saw(peer->rank, peer->host, *seen, now);
    peer->reported = true;
  } else if (words[0] == "killed" && number) {
    if (!verdict_) verdict_ = watch_.killed(peer->rank, *number);
    peer->ended = true;
  } else if (words[0] == "exit" && number) {
    peer->ended = true;
    watch_.ended(peer->rank);
    if (is_orderly(*number) || verdict_) return;
    verdict_ = Verdict{*number, "", watch_.last_of(peer->rank)};
    due_ = now + kGrace;
  }
}

void Hub::tell_guardians(const std::string& line) {
  for (Peer& peer : peers_) {
    if (!peer.counts) peer.socket.send(line);
  }
}

void Hub::end(int code) { tell_guardians(fmt::format("end {}", code)); }

void Hub::leave() { tell_guardians("leave"); }

void Hub::flush() {
  for (Peer& peer : peers_) peer.socket.exchange();
}

std::vector<int> Hub::files() const {
  std::vector<int> files;
  if (!listener_.is_short()) files.push_back(listener_.file());
  for (const Peer& peer : peers_) files.push_back(peer.socket.file());
  return files;
}

}  // namespace arf
