#include "guard/hub.h"

#include <algorithm>

#include "core/error.h"
#include "guard/lines.h"

namespace arf {
namespace {

constexpr double kGreeting = 5;  // seconds until a connection must have said who it is
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
  std::erase_if(peers_, [](const Peer& peer) { return !peer.socket.is_open(); });
  if (now - told_ >= kTellEvery) {
    told_ = now;
    for (Peer& peer : peers_) peer.socket.send("alive");
  }
  if (!verdict_) verdict_ = watch_.judge(now);
  return verdict_ && now >= due_.value_or(now) ? verdict_ : std::nullopt;
}

Verdict Hub::killed(const std::string& host, const Sighting& last, int signal, double now) {
  watch_.saw(0, host, last, now);
  return watch_.killed(0, signal);
}

void Hub::accept(double now) {
  const std::size_t most = 2 * static_cast<std::size_t>(num_ranks_) + 16;
  while (auto socket = listener_.accept()) {
    if (peers_.size() < most) peers_.push_back({std::move(*socket), now, -1, "", false});
  }
}

void Hub::hear(Peer* peer, double now) {
  for (const std::string& line : peer->socket.exchange()) hear_line(peer, line, now);
  if (peer->rank < 0) {
    if (now - peer->since > kGreeting) peer->socket.close();
  } else if (!peer->socket.is_open() && !peer->ended && !verdict_) {
    verdict_ = watch_.lost(peer->rank);
  }
}

void Hub::hear_line(Peer* peer, const std::string& line, double now) {
  const std::vector<std::string> words = words_of(line);
  const auto number = words.size() > 1 ? number_of(words[1]) : std::nullopt;
  if (peer->rank < 0) {
    const auto rank = words.size() == 4 ? number_of(words[2]) : std::nullopt;
    if (!rank || words[0] != "hello" || words[1] != token_ || *rank < 1 || *rank >= num_ranks_) {
      return peer->socket.close();
    }
    peer->rank = *rank;
    peer->host = words[3];
    peer->socket.send("alive");
  } else if (const auto seen = read_state(line)) {
    watch_.saw(peer->rank, peer->host, *seen, now);
  } else if (words[0] == "killed" && number) {
    if (!verdict_) verdict_ = watch_.killed(peer->rank, *number);
    peer->ended = true;
  } else if (words[0] == "exit" && number) {
    peer->ended = true;
    watch_.ended(peer->rank);
    if (is_orderly(*number) || verdict_) return;
    verdict_ = Verdict{*number, ""};
    due_ = now + kGrace;
  }
}

void Hub::end(int code) {
  for (Peer& peer : peers_) peer.socket.send(fmt::format("end {}", code));
}

void Hub::leave() {
  for (Peer& peer : peers_) peer.socket.send("leave");
}

void Hub::flush() {
  for (Peer& peer : peers_) peer.socket.exchange();
}

}  // namespace arf
