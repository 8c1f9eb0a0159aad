// The guardian's own life: one thread, a look every few hundredths of a second.
#pragma once

#include <sys/types.h>

#include <optional>
#include <string>

#include "core/lived_clock.h"
#include "guard/guard_page.h"
#include "guard/hub.h"
#include "guard/launcher.h"
#include "guard/spoke.h"

namespace arf {

class GuardLoop {
 public:
  GuardLoop(pid_t worker, const Deadlines& deadlines, GuardPage* page);  // keeps the page
  int run();  // the exit code; the worker is dead then

 private:
  void open_hub();        // where the worker wants it
  void join(double now);  // once the worker has said who it is
  bool look_at_worker();  // whether it has just ended
  void tell_hub();        // that it has
  void take_leave_of_hub(int code);
  void pass_signals_on();
  void rest() const;  // until a message or a signal comes, and not for long
  std::optional<Verdict> look(double now);
  int leave(const Verdict& verdict);

  pid_t worker_;
  int rank_;  // until it has joined, by what its launcher says
  Launcher launcher_;
  Deadlines deadlines_;
  GuardPage& page_;
  std::optional<LineListener> listener_;  // of the hub
  std::string token_, host_;
  LivedClock clock_;
  double now_;   // at the newest look
  Watch alone_;  // of this worker only: until it joins, and where the hub has left
  std::optional<Hub> hub_;
  std::optional<Spoke> spoke_;
  std::optional<int> exit_code_, signal_;  // of the worker, once it has ended
  double ended_ = 0;
};

}  // namespace arf
