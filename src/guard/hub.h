// The guardian of rank 0 hears all others, judges, and tells them when the job ends.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "guard/line_socket.h"
#include "guard/unit_counter.h"
#include "guard/watch.h"

namespace arf {

class Hub {
 public:
  // Keeps a reference. token: what a guardian says first, so that no stranger is taken for one.
  Hub(LineListener* listener, std::string token, int num_ranks, const Deadlines& deadlines,
      double now);

  // Hears the others, and what this rank's guardian saw; why the job has to end, if it has.
  std::optional<Verdict> look(const std::string& host, const Sighting& own, double now);
  // The same at once, where there is no time to wait for a rank's own sentence, or of a rank that
  // has not been heard of for so many seconds.
  std::optional<Verdict> hurried(const std::string& host, const Sighting& own, double now,
                                 double seconds);
  // Of rank 0's worker.
  Verdict killed(const std::string& host, const Sighting& last, int signal, double now);
  void end(int code);  // tells all others
  void leave();        // in order: the others finish by themselves
  void flush();
  std::vector<int> files() const;  // that a message may come on

 private:
  struct Peer {
    LineSocket socket;
    double since = 0;
    int rank = -1;  // known from the first line on
    std::string host;
    bool reported = false;  // a guardian's state has come
    bool ended = false;
    bool counts = false;  // a worker that asks for units, no guardian
  };
  void accept(double now);
  void hear(Peer* peer, double now);
  bool is_lost(const Peer& peer) const;
  void greet(Peer* peer, const std::vector<std::string>& words);
  void hear_line(Peer* peer, const std::string& line, double now);
  void tell_guardians(const std::string& line);

  LineListener& listener_;
  std::string token_;
  int num_ranks_;
  Watch watch_;
  Counted units_;
  std::vector<Peer> peers_;
  std::optional<Verdict> verdict_;  // the first
  std::optional<double> due_;       // when it is said
  double told_ = 0;
};

}  // namespace arf
