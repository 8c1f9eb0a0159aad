// One step at a time on a thread of its own.
#pragma once

#include <exception>
#include <functional>
#include <memory>
#include <mutex>
#include <system_error>
#include <thread>
#include <utility>

namespace arf {

class Background {
 public:
  Background() = default;
  ~Background() {
    if (thread_.joinable()) thread_.join();
  }
  Background(const Background&) = delete;
  Background& operator=(const Background&) = delete;

  // Starts the step, or keeps it for the end of the one that is at work; one that was kept is
  // dropped for it. Where there is no thread to be had, it is done before this returns. Throws what
  // an earlier one threw.
  // False where one was dropped.
  bool start(std::function<void()> step) {
    {
      const std::scoped_lock lock(mutex_);
      if (working_) {
        std::swap(kept_, step);
        return step == nullptr;
      }
    }
    wait();
    working_ = true;  // nobody else is there
    // A step holds what it writes: it is moved, and not copied.
    const auto held = std::make_shared<std::function<void()>>(std::move(step));
    try {
      thread_ = std::thread([this, held] { work(std::exchange(*held, nullptr)); });
    } catch (const std::system_error&) {
      work(std::exchange(*held, nullptr));
    }
    return true;
  }
  bool is_done() const {
    const std::scoped_lock lock(mutex_);
    return !working_;
  }
  // Until all is done; throws what a step threw.
  void wait() {
    if (thread_.joinable()) thread_.join();
    if (const auto failure = std::exchange(failure_, nullptr)) std::rethrow_exception(failure);
  }

 private:
  // A step that throws is the last.
  void work(std::function<void()> step) {
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
    }
  }

  mutable std::mutex mutex_;
  bool working_ = false;
  std::function<void()> kept_;
  std::exception_ptr failure_;
  std::thread thread_;
};

}  // namespace arf
