// One step at a time on a thread of its own.
#pragma once

#include <chrono>
#include <functional>
#include <future>
#include <memory>
#include <system_error>
#include <thread>

namespace arf {

class Background {
 public:
  Background() = default;
  ~Background() {
    if (thread_.joinable()) thread_.join();
  }
  Background(const Background&) = delete;
  Background& operator=(const Background&) = delete;

  // wait(), then starts the step; where there is no thread to be had, it is done before this
  // returns.
  void start(std::function<void()> step) {
    wait();
    auto task = std::make_shared<std::packaged_task<void()>>(std::move(step));
    step_ = task->get_future();
    try {
      thread_ = std::thread([task] { (*task)(); });
    } catch (const std::system_error&) {
      (*task)();
    }
  }
  bool is_done() const {
    return !step_.valid() || step_.wait_for(std::chrono::seconds(0)) == std::future_status::ready;
  }
  // Until the step is done; throws what it threw.
  void wait() {
    if (thread_.joinable()) thread_.join();
    if (step_.valid()) step_.get();
  }

 private:
  std::thread thread_;
  std::future<void> step_;
};

}  // namespace arf
