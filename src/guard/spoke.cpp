#include "guard/spoke.h"

#include <utility>

#include "core/error.h"

namespace arf {

Spoke::Spoke(const std::string& hub, int rank, std::string host, const Deadlines& deadlines,
             double now)
    : host_(std::move(host)),
      rank_(rank),
      hub_(read_hub_address(hub)),
      deadlines_(deadlines),
      tried_(now - kConnecting),
      heard_(now) {}

std::optional<Verdict> Spoke::look(const Sighting& own, double now) {
  seen_ = own;
  if (left_) return {};
  if (!greeted_) reach(now);
  auto verdict = hear(now);
  if (greeted_ && now - told_ >= kTellEvery) {
    told_ = now;
    socket_.send(state_line(own));
  }
  return verdict;
}

// One address after the other until one answers.
void Spoke::reach(double now) {
  if (socket_.is_open() && now - tried_ < kConnecting) return;
  if (!socket_.is_open() && now - tried_ < kTellEvery) return;
  socket_ = LineSocket::connect(hub_.addresses[next_++ % hub_.addresses.size()], hub_.port);
  socket_.send(fmt::format("hello {} {} {}", hub_.token, rank_, host_));
  tried_ = now;
}

std::optional<Verdict> Spoke::hear(double now) {
  for (const std::string& line : socket_.exchange()) {
    const std::vector<std::string> words = words_of(line);
    heard_ = now;
    greeted_ = true;
    if (line == "leave") left_ = true;
    if (words.size() == 2 && words[0] == "end") {
      return Verdict{number_of(words[1]).value_or(static_cast<int>(ExitCode::kLost)), ""};
    }
  }
  if (left_) return {};
  const double deadline = greeted_ ? deadlines_.work : deadlines_.start;
  if ((greeted_ && !socket_.is_open()) || now - heard_ > deadline) return hub_is_gone();
  return {};
}

Verdict Spoke::hub_is_gone() const {
  return lost_verdict("rank 0, as " + rank_text(rank_, host_, seen_) + " finds", kNotHeardOf);
}

void Spoke::say_killed(int signal, const Sighting& last) {
  socket_.send(state_line(last));
  socket_.send(fmt::format("killed {}", signal));
}
void Spoke::say_exit(int code, const Sighting& last) {
  socket_.send(state_line(last));
  socket_.send(fmt::format("exit {}", code));
}

}  // namespace arf
