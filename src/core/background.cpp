#include "core/background.h"

#include <algorithm>
#include <chrono>
#include <memory>
#include <system_error>
#include <utility>

#include "core/activity.h"
#include "core/clock.h"

namespace arf {

bool Background::start(std::function<void()> step) {
  {
    const std::scoped_lock lock(mutex_);
    if (working_) {
      std::swap(kept_, step);
      return step == nullptr;
    }
  }
  wait();
  working_ = true;  // nobody else is there
  looked_ = steady_seconds();
  idle_ = 0;
  // A step holds what it writes: it is moved, and not copied.
  const auto held = std::make_shared<std::function<void()>>(std::move(step));
  try {
    thread_ = std::thread([this, held] {
      count_progress_in(&steps_);
      work(std::exchange(*held, nullptr));
    });
  } catch (const std::system_error&) {
    work(std::exchange(*held, nullptr));
  }
  return true;
}

bool Background::is_done() const {
  const std::scoped_lock lock(mutex_);
  return !working_;
}

bool Background::stands_still(double seconds) {
  const double now = steady_seconds(), passed = now - std::exchange(looked_, now);
  const std::uint64_t steps = steps_;
  idle_ = steps == std::exchange(seen_, steps) ? idle_ + std::min(passed, seconds / 2) : 0;
  return !is_done() && idle_ >= seconds;
}

void Background::wait() {
  using namespace std::chrono_literals;
  std::unique_lock lock(mutex_);
  for (std::uint64_t seen = steps_; !ended_.wait_for(lock, 100ms, [&] { return !working_; });) {
    if (seen != steps_) note_progress();
    seen = steps_;
  }
  lock.unlock();
  if (thread_.joinable()) thread_.join();
  if (const auto failure = std::exchange(failure_, nullptr)) std::rethrow_exception(failure);
}

// A step that throws is the last.
void Background::work(std::function<void()> step) {
  while (step) {
    std::exception_ptr failure;
    try {
      step();
    } catch (...) {
      failure = std::current_exception();
    }
    const std::scoped_lock lock(mutex_);
    step = std::exchange(kept_, nullptr);
    if (failure) step = nullptr, failure_ = failure;
    if (!step) working_ = false;
    ended_.notify_all();
  }
}

}  // namespace arf
