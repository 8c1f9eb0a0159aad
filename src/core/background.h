// One step at a time on a thread of its own, which writes to a disk.
#pragma once

#include <atomic>
#include <condition_variable>
#include <cstdint>
#include <exception>
#include <functional>
#include <mutex>
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

  // Starts the step, or keeps it for the end of the one that is at work; one that was kept is
  // dropped for it, and false comes back. Where there is no thread to be had, the step is done
  // before this returns. Throws what an earlier one threw.
  bool start(std::function<void()> step);
  bool is_done() const;
  // Whether a step is at work and has made no progress (note_progress) for so many seconds, as far
  // as looks like this one tell: a disk that does not answer. A look counts for half of them at
  // most, so that one behind a long pause of the whole process tells nothing.
  bool stands_still(double seconds = 10);
  // Until all is done; throws what a step threw. While the step goes on, so does the caller, in the
  // eyes of its guardian.
  void wait();

 private:
  void work(std::function<void()> step);

  mutable std::mutex mutex_;
  std::condition_variable ended_;
  bool working_ = false;
  std::function<void()> kept_;
  std::exception_ptr failure_;
  std::atomic<std::uint64_t> steps_{0};  // the thread's progress
  std::uint64_t seen_ = 0;               // of it, at the last look
  double looked_ = 0, idle_ = 0;         // seconds
  std::thread thread_;
};

}  // namespace arf
