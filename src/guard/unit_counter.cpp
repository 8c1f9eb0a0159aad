#include "guard/unit_counter.h"

#include <poll.h>

#include "core/error.h"
#include "guard/lines.h"

namespace arf {
namespace {

// Iterations that ranks can be at at one time are staleness + 2; older ones are forgotten.
constexpr std::size_t kMostIterations = 64;

}  // namespace

std::uint32_t Counted::next(std::int64_t iteration) {
  const std::uint32_t next = next_[iteration]++;
  while (next_.size() > kMostIterations) next_.erase(next_.begin());
  return next;
}

UnitCounter::UnitCounter(const std::string& hub, int rank, double deadline)
    : has_hub_(true), deadline_(deadline) {
  const HubAddress at = read_hub_address(hub);
  const double until = clock_.tick() + deadline;
  for (std::size_t i = 0; clock_.tick() < until; ++i) {
    hub_ = LineSocket::connect(at.addresses[i % at.addresses.size()], at.port);
    if (ask(fmt::format("counter {} {}", at.token, rank), kConnecting) == "alive") return;
    ::poll(nullptr, 0, 100);
  }
  lost_error("rank {}: cannot reach rank 0's host to be told which units to work on", rank);
}

std::optional<std::uint32_t> UnitCounter::take(std::int64_t iteration, std::uint32_t num_units) {
  const std::scoped_lock lock(mutex_);
  std::uint32_t next = 0;
  if (has_hub_) {
    const std::vector<std::string> words =
        words_of(ask(fmt::format("take {}", iteration), deadline_));
    const auto number = words.size() == 2 ? number_of(words[1]) : std::nullopt;
    if (!number) lost_error("rank 0's host does not say which unit to work on");
    next = static_cast<std::uint32_t>(*number);
  } else {
    next = alone_.next(iteration);
  }
  return next < num_units ? std::optional(next) : std::nullopt;
}

std::string UnitCounter::ask(const std::string& line, double seconds) {
  hub_.send(line);
  const double until = clock_.tick() + seconds;
  while (hub_.is_open() && clock_.tick() < until) {
    const std::vector<std::string> lines = hub_.exchange();
    if (!lines.empty()) return lines.front();
    pollfd wait{hub_.file(), POLLIN, 0};
    ::poll(&wait, 1, 100);
  }
  return "";
}

}  // namespace arf
