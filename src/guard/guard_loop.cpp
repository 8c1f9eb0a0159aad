#include "guard/guard_loop.h"

#include <poll.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <csignal>
#include <random>

#include "core/clock.h"
#include "core/error.h"
#include "core/host_name.h"
#include "core/log.h"
#include "core/stop_signal.h"
#include "guard/failures.h"

namespace arf {
namespace {

// Milliseconds. What is urgent (the worker's end, a signal, a message) wakes it at once; each look
// takes the worker's core, and its caches, for a moment.
constexpr int kLookEvery = 100, kLookEveryAtStart = 20;
constexpr double kAnswer = 2,
                 kDeath = 1;    // seconds for the hub's answer; for a killed worker's end
constexpr double kSilence = 5;  // seconds after which a host is lost that Open MPI gives up
constexpr int kLost = static_cast<int>(ExitCode::kLost);

volatile std::sig_atomic_t terminate_wanted = 0, usr1_wanted = 0, interrupt_wanted = 0;

// A terminal sends SIGINT to the worker, too; a process sends it to one.
void pass_on_interrupts() {
  struct sigaction action {};
  action.sa_flags = SA_SIGINFO | SA_RESTART;
  action.sa_sigaction = [](int, siginfo_t* from, void*) {
    if (from->si_code <= 0) interrupt_wanted = 1;
  };
  ::sigaction(SIGINT, &action, nullptr);
}

// The hub holds two connections for each rank.
void raise_file_limit() {
  rlimit files{};
  if (::getrlimit(RLIMIT_NOFILE, &files) != 0) return;
  files.rlim_cur = files.rlim_max;
  ::setrlimit(RLIMIT_NOFILE, &files);
}

void sleep_a_little() { ::poll(nullptr, 0, kLookEveryAtStart); }

// So that no stranger's connection is taken for a guardian's.
std::string new_token() {
  std::random_device random;
  std::string token;
  for (int i = 0; i < 4; ++i) token += fmt::format("{:08x}", random());
  return token;
}

std::string address_of(const LineListener& listener, const std::string& token) {
  std::string address = fmt::format("{} {}", listener.port(), token);
  for (const std::string& host : host_addresses()) {
    if (address.size() + host.size() + 1 < GuardPage::kMostBytes) address += " " + host;
  }
  return address;
}

// Of a job that is stopped by hand: the shell's codes, and nothing to be said.
bool is_by_hand(int signal) { return signal == SIGINT || signal == SIGTERM; }

}  // namespace

GuardLoop::GuardLoop(pid_t worker, const Deadlines& deadlines, GuardPage* page)
    : worker_(worker),
      rank_(launched_rank()),
      deadlines_(deadlines),
      page_(*page),
      host_(host_name()),
      now_(clock_.tick()),
      alone_(rank_, 1, deadlines, now_) {}

int GuardLoop::run() {
  std::signal(SIGTERM, [](int) { terminate_wanted = 1; });
  std::signal(SIGUSR1, [](int) { usr1_wanted = 1; });
  std::signal(SIGCHLD, [](int) {});
  pass_on_interrupts();
  take_signals();  // those that came since the fork, too
  raise_file_limit();
  for (;; rest()) {
    const double now = now_ = clock_.tick();
    // Open MPI, too, may find that a host is lost or a rank has failed; then it says so by a signal
    // only, and soon by another that cannot be caught.
    if (hub_ && terminate_wanted) {
      if (const auto verdict = hub_->hurried(host_, sighting_of(activity()), now, kSilence))
        return leave(*verdict);
    }
    pass_signals_on();
    open_hub();
    join(now);
    if (look_at_worker()) tell_hub();
    if (const auto verdict = look(now)) return leave(*verdict);
  }
}

void GuardLoop::pass_signals_on() {
  if (exit_code_ || signal_) return;  // the number may be another process's by now
  const auto pass_on = [this](volatile std::sig_atomic_t* wanted, int signal) {
    if (!*wanted) return;
    *wanted = 0;  // first: another may come meanwhile
    ::kill(worker_, signal);
  };
  pass_on(&terminate_wanted, SIGTERM);
  pass_on(&usr1_wanted, SIGUSR1);
  pass_on(&interrupt_wanted, SIGINT);
}

// A worker that asks the hub for a unit is answered at once, and the hub is heard at once. (A hub
// that has taken leave closes its end, which would wake for ever.)
void GuardLoop::rest() const {
  std::vector<pollfd> files;
  if (hub_) {
    for (const int file : hub_->files()) files.push_back({file, POLLIN, 0});
  }
  const bool is_heard = spoke_ && spoke_->is_heard();
  if (is_heard) files.push_back({spoke_->file(), POLLIN, 0});
  const bool has_begun = page_.joined && (hub_ || is_heard || page_.num_ranks == 1);
  ::poll(files.data(), files.size(), has_begun ? kLookEvery : kLookEveryAtStart);
}

void GuardLoop::open_hub() {
  if (!page_.hub_wanted || page_.hub_ready) return;
  try {
    listener_.emplace();
    token_ = new_token();
    copy_text(address_of(*listener_, token_), page_.address);
  } catch (const Error&) {  // the worker says that there is none
    listener_.reset();
  }
  page_.hub_ready = true;
}

void GuardLoop::join(double now) {
  if (hub_ || spoke_ || !page_.joined) return;
  if (rank_ != page_.rank) {  // srun without MPI: jobs of a rank each
    rank_ = page_.rank;
    alone_ = Watch(rank_, 1, deadlines_, now);
  }
  if (page_.num_ranks == 1) return;
  if (rank_ == 0) {
    hub_.emplace(&*listener_, token_, page_.num_ranks, deadlines_, now);
  } else {
    spoke_.emplace(page_.hub, rank_, host_, deadlines_, now);
  }
}

bool GuardLoop::look_at_worker() {
  int status = 0;
  if (exit_code_ || signal_ || ::waitpid(worker_, &status, WNOHANG) != worker_) return false;
  ended_ = now_;
  if (WIFEXITED(status)) exit_code_ = WEXITSTATUS(status);
  if (!exit_code_) signal_ = WTERMSIG(status);
  return true;
}

void GuardLoop::tell_hub() {
  if (!spoke_) return;
  if (exit_code_) spoke_->say_exit(*exit_code_, sighting_of(activity()));
  if (signal_) spoke_->say_killed(*signal_, sighting_of(activity()));
}

// A hub that was only stopped hears it once it goes on, and has nothing to find out: not that a
// rank is lost, not that a unit failed.
void GuardLoop::take_leave_of_hub(int code) {
  if (!spoke_ || exit_code_ || signal_) return;
  Sighting last = sighting_of(activity());
  last.foreseen = true;
  spoke_->say_exit(code, last);
}

std::optional<Verdict> GuardLoop::look(double now) {
  const Sighting own = sighting_of(activity());
  if (exit_code_) return Verdict{*exit_code_, "", own};
  if (signal_ && is_by_hand(*signal_)) return Verdict{128 + *signal_, "", {}};
  if (hub_) {
    if (signal_) return hub_->killed(host_, own, *signal_, now);
    return hub_->look(host_, own, now);
  }
  alone_.saw(rank_, host_, own, now);
  if (!spoke_ || spoke_->has_left())
    return signal_ ? alone_.killed(rank_, *signal_) : alone_.judge(now);
  auto verdict = spoke_->look(own, now);
  if (verdict && !speaks_of_hub(rank_)) verdict->sentence.clear();
  // The hub says that the worker was killed, and ends the job; where it does not, this one does.
  if (!verdict && signal_ && now - ended_ > kAnswer) verdict = alone_.killed(rank_, *signal_);
  return verdict;
}

int GuardLoop::leave(const Verdict& verdict) {
  if (!verdict.sentence.empty()) log_error("{}", verdict.sentence);
  if (page_.has_failures && verdict.at)
    note_failure(page_.failures, page_.inputs, verdict.code, *verdict.at);
  if (hub_) {
    const bool orderly = verdict.code == 0 || verdict.code == static_cast<int>(ExitCode::kStopped);
    orderly ? hub_->leave() : hub_->end(verdict.code);
  }
  take_leave_of_hub(verdict.code);
  if (!exit_code_ && !signal_) ::kill(worker_, SIGKILL);
  // A worker that waits for a dead disk cannot even be killed: it is not waited for.
  for (const double until = steady_seconds() + kDeath; steady_seconds() < until; sleep_a_little()) {
    if (hub_) hub_->flush();
    look_at_worker();
    if (exit_code_ || signal_) break;
  }
  if (verdict.code == kLost) launcher_.let_go();
  return verdict.code;
}

}  // namespace arf
