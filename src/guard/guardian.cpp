#include "guard/guardian.h"

#include <sys/mman.h>
#include <sys/prctl.h>
#include <unistd.h>

#include <cerrno>
#include <csignal>
#include <cstdio>
#include <cstring>

#include "core/error.h"
#include "core/log.h"
#include "core/stop_signal.h"
#include "guard/guard_loop.h"
#include "guard/guard_page.h"

namespace arf {

void copy_text(const std::string& text, char* to) {
  ARF_CHECK(text.size() < GuardPage::kMostBytes, "{} bytes", text.size());
  std::memcpy(to, text.c_str(), text.size() + 1);
}

namespace {

GuardPage* shared_page() {
  void* const memory =
      ::mmap(nullptr, sizeof(GuardPage), PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);
  if (memory == MAP_FAILED) resource_error("no memory for a page that two processes share");
  return new (memory) GuardPage();
}

}  // namespace

Guardian Guardian::begin(const Deadlines& deadlines, const std::string& log_format) {
  share_activity();
  GuardPage* const page = shared_page();
  std::fflush(nullptr);
  const pid_t parent = ::getpid();
  // Until each of the two has its own handlers.
  hold_signals();
  const pid_t worker = ::fork();
  if (worker < 0) resource_error("no process for the rank's guardian: {}", std::strerror(errno));
  if (worker > 0) {
    start_log(log_format, 0);
    ::_exit(GuardLoop(worker, deadlines, page).run());
  }
  // A worker without its guardian would go on unwatched.
  ::prctl(PR_SET_PDEATHSIG, SIGKILL);
  if (::getppid() != parent) ::raise(SIGKILL);
  take_signals();
  return Guardian(page);
}

std::string Guardian::become_hub() const {
  page_->hub_wanted = true;
  while (!page_->hub_ready) ::usleep(1000);
  if (page_->address[0] == '\0') resource_error("no port for the ranks' guardians to listen on");
  return page_->address;
}

void Guardian::join(int rank, int num_ranks, const std::string& hub_address) const {
  page_->rank = rank;
  page_->num_ranks = num_ranks;
  copy_text(hub_address, page_->hub);
  page_->joined = true;
}

void Guardian::keep_failures(const std::string& file, std::uint64_t inputs) const {
  copy_text(file, page_->failures);
  page_->inputs = inputs;
  page_->has_failures = true;
}

}  // namespace arf
