// Any other rank's guardian tells the hub what it sees, and hears from it when the job ends.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "guard/line_socket.h"
#include "guard/lines.h"
#include "guard/watch.h"

namespace arf {

class Spoke {
 public:
  // hub: as Guardian::become_hub gives it.
  Spoke(const std::string& hub, int rank, std::string host, const Deadlines& deadlines, double now);

  // Reaches the hub, tells it what is seen, hears it; how the job ends, where it says so or is
  // gone.
  std::optional<Verdict> look(const Sighting& own, double now);
  void say_killed(int signal, const Sighting& last);  // of the worker
  void say_exit(int code, const Sighting& last);
  // Whether the hub is reached and has not taken leave.
  bool is_heard() const { return greeted_ && !left_ && socket_.is_open(); }
  bool has_left() const { return left_; }
  int file() const { return socket_.file(); }  // for poll

 private:
  void reach(double now);
  std::optional<Verdict> hear(double now);
  Verdict hub_is_gone() const;

  std::string host_;
  int rank_;
  HubAddress hub_;
  std::size_t next_ = 0;  // of its addresses
  Deadlines deadlines_;
  LineSocket socket_;
  Sighting seen_;
  bool greeted_ = false, left_ = false;
  double tried_, heard_, told_ = 0;
};

}  // namespace arf
