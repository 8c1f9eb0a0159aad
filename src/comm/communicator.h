// MPI as move-only objects. A communicator of one rank goes through the same code.
#pragma once

#include <mpi.h>

#include <atomic>
#include <cstdint>
#include <functional>
#include <span>
#include <string>
#include <vector>

namespace arf {

// Wire names exist once.
enum class Tag : int { kRollout = 101, kScoredRollout = 102, kSlice = 103, kRows = 104 };

// Set by the world's agree_or_throw: all ranks throw the same error, so all of them come to
// MPI_Finalize, and one of them says it.
extern std::atomic<bool> error_is_agreed;
// Set where some ranks, rank 0 among them, throw the same error: rank 0 says it. The others are
// not told, so nobody comes to MPI_Finalize.
extern std::atomic<bool> error_is_shared;

class MpiSession {
 public:
  MpiSession();  // MPI_Init_thread; errors are returned, not fatal
  // MPI_Finalize; but where an exception unwinds that the ranks did not agree on, nothing, so that
  // the process can leave with its exit code and mpirun ends the others. An error that is handled
  // inside the session must end in Communicator::abort or in agree_or_throw.
  ~MpiSession();
  MpiSession(const MpiSession&) = delete;
  MpiSession& operator=(const MpiSession&) = delete;
};

class Communicator {
 public:
  static Communicator world();
  Communicator(Communicator&& other) noexcept;
  Communicator& operator=(Communicator&& other) noexcept;
  ~Communicator();

  int rank() const { return rank_; }
  int size() const { return size_; }
  MPI_Comm handle() const { return handle_; }

  // Collective over this communicator. Ranks with equal color form the new one; a negative color
  // gives an empty communicator (size 0) to that rank.
  Communicator split(int color) const;

  // Collective. Sums and maxima in place; integer sums are the same for any order of ranks.
  void sum(std::span<std::int64_t> values) const;
  void max(std::span<double> values) const;
  // Collective. What `root` has goes to all.
  void broadcast(std::vector<std::byte>* bytes, int root) const;
  void broadcast(std::string* text, int root) const;
  void broadcast(std::span<std::int64_t> values, int root) const;
  void broadcast(std::span<float> values, int root) const;
  void barrier() const;
  // Collective. Every rank's bytes on rank 0, by rank; empty elsewhere.
  std::vector<std::vector<std::byte>> gather(std::span<const std::byte> bytes) const;
  // Collective. Every rank's bytes on all ranks, by rank.
  std::vector<std::vector<std::byte>> gather_to_all(std::span<const std::byte> bytes) const;

  // Floats that go to a rank or come from it.
  struct Piece {
    int rank;
    std::span<float> values;
  };
  // Collective. All at once; pieces between two ranks meet in the order in which each lists them,
  // and are of one size there.
  void exchange(const std::vector<Piece>& sent, const std::vector<Piece>& received) const;

  // Starts a send and returns; the bytes are kept until it is done. Not collective.
  void send(int to, Tag tag, std::vector<std::byte> bytes);
  // Waits for a message by probing with back-off (a blocking call would burn the core). from: a
  // rank, or kAnyRank.
  static constexpr int kAnyRank = -1;
  std::vector<std::byte> receive(int from, Tag tag);
  void finish_sends();

  // Collective. Every rank runs the step; where one failed, all throw its error (the lowest rank's)
  // with its exit code, so that no rank waits for one that has given up; it names the rank, where
  // that is not the first. Of fewer than all ranks rank 0 has to be one.
  void agree_or_throw(const std::function<void()>& step) const;
  [[noreturn]] void abort(int exit_code) const;

 private:
  Communicator() = default;
  explicit Communicator(MPI_Comm handle, bool owned);
  struct PendingSend {
    std::vector<std::byte> bytes;
    MPI_Request request;
  };
  // Where each rank's bytes stand in those of all.
  struct Places {
    std::vector<int> counts, offsets;
    std::size_t total = 0;
    std::vector<std::vector<std::byte>> cut(const std::vector<std::byte>& all) const;
  };
  Places places_of(std::size_t size_bytes) const;  // collective
  template <class Bytes>
  void broadcast_resized(Bytes* bytes, int root) const;
  void wait(MPI_Request* request) const;
  MPI_Comm handle_ = MPI_COMM_NULL;
  bool owned_ = false;
  int rank_ = 0, size_ = 0;
  std::vector<PendingSend> pending_;
};

// Ranks of this host, for the share of cores. Collective over the communicator.
int ranks_on_this_host(const Communicator& world);

}  // namespace arf
