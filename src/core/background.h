// One step at a time on a thread of its own.
#pragma once

#include <chrono>
#include <functional>
#include <future>

namespace arf {

class Background {
 public:
  Background() = default;
  ~Background() {
    if (step_.valid()) step_.wait();
  }
  Background(const Background&) = delete;
  Background& operator=(const Background&) = delete;

  // wait(), then starts the step.
  void start(std::function<void()> step) {
    wait();
    step_ = std::async(std::launch::async, std::move(step));
  }
  bool is_done() const {
    return !step_.valid() || step_.wait_for(std::chrono::seconds(0)) == std::future_status::ready;
  }
  // Until the step is done; throws what it threw.
  void wait() {
    if (step_.valid()) step_.get();
  }

 private:
  std::future<void> step_;
};

}  // namespace arf
