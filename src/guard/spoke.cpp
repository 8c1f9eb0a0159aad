#include "guard/spoke.h"

#include "core/error.h"
#include "guard/lines.h"

namespace arf {
namespace {

constexpr double kConnecting = 3;  // seconds until the hub's next address is tried

}  // namespace

Spoke::Spoke(const std::string& hub, int rank, std::string host, const Deadlines& deadlines,
             double now)
    : host_(std::move(host)),
      rank_(rank),
      addresses_(words_of(hub)),
      deadlines_(deadlines),
      tried_(now - kConnecting),
      heard_(now) {
  ARF_CHECK(addresses_.size() > 2, "no address of the hub in `{}`", hub);
  port_ = static_cast<std::uint16_t>(number_of(addresses_[0]).value_or(0));
  greeting_ = fmt::format("hello {} {} {}", addresses_[1], rank_, host_);
  addresses_.erase(addresses_.begin(), addresses_.begin() + 2);
}

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
  socket_ = LineSocket::connect(addresses_[next_++ % addresses_.size()], port_);
  socket_.send(greeting_);
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
