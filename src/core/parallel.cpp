#include "core/parallel.h"

#include <sched.h>

#include <algorithm>
#include <atomic>
#include <condition_variable>
#include <deque>
#include <exception>
#include <mutex>
#include <system_error>
#include <thread>
#include <vector>

#include "core/activity.h"
#include "core/error.h"
#include "core/log.h"
#include "core/unit_scope.h"

namespace arf {

namespace {

// False where the system has no thread left: those that are there do the work.
bool start_thread(std::vector<std::thread>* threads, const std::function<void()>& work) {
  try {
    threads->emplace_back(work);
    return true;
  } catch (const std::system_error&) {
    log_warning("only {} more threads can be started; going on with these", threads->size());
    return false;
  }
}

struct Failure {
  std::exception_ptr error;
  std::int64_t unit = kNoUnit;  // that it came from
};

// A guardian must name the unit that the error is of, not the one that failed first.
[[noreturn]] void rethrow(const Failure& failure) {
  if (activity().failed != kUnknownUnit) blame_instead(failure.unit);
  std::rethrow_exception(failure.error);
}

}  // namespace

void parallel_for(std::size_t count, int num_threads,
                  const std::function<void(std::size_t)>& body) {
  if (num_threads <= 1 || count <= 1) {
    for (std::size_t i = 0; i < count; ++i) {
      body(i);
      note_progress();
    }
    return;
  }
  std::atomic<std::size_t> next{0};
  std::vector<Failure> failures(count);
  const auto work = [&] {
    for (std::size_t i = next++; i < count; i = next++) {
      try {
        forget_failed_unit();
        body(i);
        note_progress();
      } catch (...) {
        failures[i] = {std::current_exception(), failed_unit_of_thread()};
        next = count;
      }
    }
  };
  std::vector<std::thread> threads;
  const std::size_t wanted = std::min<std::size_t>(static_cast<std::size_t>(num_threads), count);
  for (std::size_t t = 1; t < wanted && start_thread(&threads, work); ++t) {
  }
  work();
  for (auto& thread : threads) thread.join();
  for (const Failure& failure : failures) {
    if (failure.error) rethrow(failure);
  }
}

namespace {

// Threads that make, and the one that takes what they made.
class Stream {
 public:
  Stream(int num_threads, const std::function<std::optional<std::uint32_t>()>& next,
         const std::function<void(std::uint32_t)>& make)
      : next_(next), make_(make) {
    const auto count = static_cast<std::size_t>(num_threads);
    threads_.reserve(count);
    while (threads_.size() < count && start()) {
    }
    if (threads_.empty()) resource_error("no thread can be started: the system has none left");
  }
  ~Stream() {
    stopped_ = true;
    for (std::thread& thread : threads_) thread.join();
  }
  Stream(const Stream&) = delete;
  Stream& operator=(const Stream&) = delete;

  // The next that is ready; none: all are done. Rethrows what a thread threw.
  std::optional<std::uint32_t> take() {
    std::unique_lock lock(mutex_);
    changed_.wait(lock, [&] { return !ready_.empty() || working_ == 0 || failure_.error; });
    if (failure_.error) rethrow(failure_);
    if (ready_.empty()) return {};
    const std::uint32_t made = ready_.front();
    ready_.pop_front();
    return made;
  }

 private:
  bool start() {
    const std::scoped_lock lock(mutex_);
    const bool started = start_thread(&threads_, [this] { work(); });
    working_ += started ? 1 : 0;
    return started;
  }

  void work() {
    Failure failure;
    try {
      while (const auto due = next_one()) {
        make_(*due);
        note_progress();
        const std::scoped_lock lock(mutex_);
        ready_.push_back(*due);
        changed_.notify_one();
      }
    } catch (...) {
      failure = {std::current_exception(), failed_unit_of_thread()};
      stopped_ = true;
    }
    const std::scoped_lock lock(mutex_);
    if (!failure_.error) failure_ = failure;
    --working_;
    changed_.notify_one();
  }

  std::optional<std::uint32_t> next_one() {
    const std::scoped_lock lock(next_mutex_);
    return stopped_ ? std::nullopt : next_();
  }

  const std::function<std::optional<std::uint32_t>()>& next_;
  const std::function<void(std::uint32_t)>& make_;
  std::atomic<bool> stopped_ = false;
  std::mutex next_mutex_, mutex_;
  std::condition_variable changed_;
  std::deque<std::uint32_t> ready_;
  Failure failure_;
  int working_ = 0;
  std::vector<std::thread> threads_;  // last: they use the others
};

}  // namespace

void parallel_stream(int num_threads, const std::function<std::optional<std::uint32_t>()>& next,
                     const std::function<void(std::uint32_t)>& make,
                     const std::function<void(std::uint32_t)>& done) {
  if (num_threads <= 1) {
    while (const auto due = next()) {
      make(*due);
      note_progress();
      done(*due);
    }
    return;
  }
  Stream stream(num_threads, next, make);
  while (const auto made = stream.take()) done(*made);
}

int usable_cores() {
  cpu_set_t set;
  CPU_ZERO(&set);
  if (sched_getaffinity(0, sizeof set, &set) == 0) return std::max(1, CPU_COUNT(&set));
  return std::max(1, static_cast<int>(std::thread::hardware_concurrency()));
}

}  // namespace arf
