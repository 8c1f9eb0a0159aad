#include "comm/communicator.h"

#include <unistd.h>

#include <algorithm>
#include <chrono>
#include <exception>
#include <optional>

#include "comm/mpi_error.h"
#include "core/activity.h"
#include "core/error.h"
#include "core/host_name.h"

namespace arf {
namespace {

constexpr std::size_t kChunkBytes = std::size_t{1} << 30;  // MPI counts are ints
constexpr std::size_t kMaxMessageBytes = (std::size_t{1} << 31) - 1;

// Polls `done`: at full speed for a few microseconds (a partner that is nearly there), then with
// sleeps that grow to a millisecond, so that ranks that share a core leave it to who computes.
template <typename Done>
void poll(const Done& done) {
  const WaitScope waiting;
  using Clock = std::chrono::steady_clock;
  const auto look = [&] {
    note_look();
    return done();
  };
  const auto spin_until = Clock::now() + std::chrono::microseconds(20);
  while (Clock::now() < spin_until) {
    if (look()) return;
  }
  for (useconds_t sleep_us = 10; !look(); sleep_us = std::min<useconds_t>(2 * sleep_us, 1000)) {
    usleep(sleep_us);
  }
}

// Calls step(first, count) for consecutive parts of `size` elements that fit an MPI count.
template <typename Step>
void in_chunks(std::size_t size, std::size_t element_bytes, const Step& step) {
  const std::size_t most = kChunkBytes / element_bytes;
  for (std::size_t first = 0; first < size; first += most) {
    step(first, static_cast<int>(std::min(most, size - first)));
    note_progress();
  }
}

std::string of_this_rank(const std::string& sentence) {
  int rank = 0;  // in the job, as users and guardians know it
  MPI_Comm_rank(MPI_COMM_WORLD, &rank);
  const std::string name = fmt::format("rank {}", rank);
  for (const char* behind : {":", " "}) {
    if (sentence.starts_with(name + behind)) return sentence;  // names itself
  }
  return fmt::format("{} (host {}): {}", name, host_name(), sentence);
}

bool mpi_is_running() {
  int started = 0, ended = 0;
  MPI_Initialized(&started);
  MPI_Finalized(&ended);
  return started && !ended;
}

}  // namespace

Communicator::Communicator(MPI_Comm handle, bool owned) : handle_(handle), owned_(owned) {
  if (handle_ == MPI_COMM_NULL) return;
  check_mpi(MPI_Comm_rank(handle_, &rank_), "MPI_Comm_rank", -1);
  check_mpi(MPI_Comm_size(handle_, &size_), "MPI_Comm_size", rank_);
}

Communicator Communicator::world() { return Communicator(MPI_COMM_WORLD, false); }

Communicator::Communicator(Communicator&& other) noexcept { *this = std::move(other); }

Communicator& Communicator::operator=(Communicator&& other) noexcept {
  std::swap(handle_, other.handle_);
  std::swap(owned_, other.owned_);
  std::swap(rank_, other.rank_);
  std::swap(size_, other.size_);
  std::swap(pending_, other.pending_);
  return *this;
}

// While an error unwinds, nothing is waited for: MPI keeps what is in flight until the process
// ends, so its bytes and the handle are left to it.
Communicator::~Communicator() {
  const bool unwinding = std::uncaught_exceptions() > 0;
  try {
    if (!pending_.empty() && mpi_is_running() && !unwinding) finish_sends();
  } catch (const Error&) {
  }
  if (!pending_.empty()) new std::vector<PendingSend>(std::move(pending_));
  if (owned_ && mpi_is_running() && !unwinding) MPI_Comm_free(&handle_);
}

void Communicator::wait(MPI_Request* request) const {
  poll([&] {
    int done = 0;
    check_mpi(MPI_Test(request, &done, MPI_STATUS_IGNORE), "MPI_Test", rank_);
    return done != 0;
  });
}

Communicator Communicator::split(int color) const {
  barrier();  // MPI_Comm_split spins until all ranks are there; this does not
  MPI_Comm made = MPI_COMM_NULL;
  check_mpi(MPI_Comm_split(handle_, color < 0 ? MPI_UNDEFINED : color, rank_, &made),
            "MPI_Comm_split", rank_);
  return Communicator(made, true);
}

void Communicator::sum(std::span<std::int64_t> values) const {
  in_chunks(values.size(), sizeof(std::int64_t), [&](std::size_t first, int count) {
    MPI_Request request;
    check_mpi(MPI_Iallreduce(MPI_IN_PLACE, values.data() + first, count, MPI_INT64_T, MPI_SUM,
                             handle_, &request),
              "MPI_Iallreduce", rank_);
    wait(&request);
  });
}

void Communicator::max(std::span<double> values) const {
  in_chunks(values.size(), sizeof(double), [&](std::size_t first, int count) {
    MPI_Request request;
    check_mpi(MPI_Iallreduce(MPI_IN_PLACE, values.data() + first, count, MPI_DOUBLE, MPI_MAX,
                             handle_, &request),
              "MPI_Iallreduce", rank_);
    wait(&request);
  });
}

template <class Bytes>
void Communicator::broadcast_resized(Bytes* bytes, int root) const {
  std::int64_t size_bytes[] = {static_cast<std::int64_t>(bytes->size())};
  broadcast(size_bytes, root);
  bytes->resize(static_cast<std::size_t>(size_bytes[0]));
  MPI_Request request;
  in_chunks(bytes->size(), 1, [&](std::size_t first, int count) {
    check_mpi(MPI_Ibcast(bytes->data() + first, count, MPI_BYTE, root, handle_, &request),
              "MPI_Ibcast", rank_);
    wait(&request);
  });
}

void Communicator::broadcast(std::vector<std::byte>* bytes, int root) const {
  broadcast_resized(bytes, root);
}

void Communicator::broadcast(std::string* text, int root) const { broadcast_resized(text, root); }

void Communicator::broadcast(std::span<std::int64_t> values, int root) const {
  in_chunks(values.size(), sizeof(std::int64_t), [&](std::size_t first, int count) {
    MPI_Request request;
    check_mpi(MPI_Ibcast(values.data() + first, count, MPI_INT64_T, root, handle_, &request),
              "MPI_Ibcast", rank_);
    wait(&request);
  });
}

void Communicator::broadcast(std::span<float> values, int root) const {
  in_chunks(values.size(), sizeof(float), [&](std::size_t first, int count) {
    MPI_Request request;
    check_mpi(MPI_Ibcast(values.data() + first, count, MPI_FLOAT, root, handle_, &request),
              "MPI_Ibcast", rank_);
    wait(&request);
  });
}

void Communicator::barrier() const {
  MPI_Request request;
  check_mpi(MPI_Ibarrier(handle_, &request), "MPI_Ibarrier", rank_);
  wait(&request);
}

Communicator::Places Communicator::places_of(std::size_t size_bytes) const {
  const auto mine = static_cast<std::int64_t>(size_bytes);
  std::vector<std::int64_t> sizes(static_cast<std::size_t>(size_));
  MPI_Request request;
  check_mpi(MPI_Iallgather(&mine, 1, MPI_INT64_T, sizes.data(), 1, MPI_INT64_T, handle_, &request),
            "MPI_Iallgather", rank_);
  wait(&request);
  Places places;
  for (const std::int64_t size : sizes) {
    places.offsets.push_back(static_cast<int>(places.total));
    places.total += static_cast<std::size_t>(size);
    // Every rank knows all sizes, so all of them refuse.
    if (places.total > kMaxMessageBytes) {
      resource_error("rank {}: {} ranks gather more than {} bytes in one message", rank_, size_,
                     kMaxMessageBytes);
    }
    places.counts.push_back(static_cast<int>(size));
  }
  return places;
}

std::vector<std::vector<std::byte>> Communicator::Places::cut(
    const std::vector<std::byte>& all) const {
  std::vector<std::vector<std::byte>> parts;
  for (std::size_t i = 0; i < counts.size(); ++i) {
    parts.emplace_back(all.begin() + offsets[i], all.begin() + offsets[i] + counts[i]);
  }
  return parts;
}

std::vector<std::vector<std::byte>> Communicator::gather(std::span<const std::byte> bytes) const {
  const Places places = places_of(bytes.size());
  std::vector<std::byte> all(rank_ == 0 ? places.total : 0);
  MPI_Request request;
  check_mpi(
      MPI_Igatherv(bytes.data(), static_cast<int>(bytes.size()), MPI_BYTE, all.data(),
                   places.counts.data(), places.offsets.data(), MPI_BYTE, 0, handle_, &request),
      "MPI_Igatherv", rank_);
  wait(&request);
  return rank_ == 0 ? places.cut(all) : std::vector<std::vector<std::byte>>{};
}

std::vector<std::vector<std::byte>> Communicator::gather_to_all(
    std::span<const std::byte> bytes) const {
  const Places places = places_of(bytes.size());
  std::vector<std::byte> all(places.total);
  MPI_Request request;
  check_mpi(
      MPI_Iallgatherv(bytes.data(), static_cast<int>(bytes.size()), MPI_BYTE, all.data(),
                      places.counts.data(), places.offsets.data(), MPI_BYTE, handle_, &request),
      "MPI_Iallgatherv", rank_);
  wait(&request);
  return places.cut(all);
}

void Communicator::exchange(const std::vector<Piece>& sent,
                            const std::vector<Piece>& received) const {
  std::vector<MPI_Request> requests;
  const int tag = static_cast<int>(Tag::kSlice);
  for (const Piece& piece : received) {
    in_chunks(piece.values.size(), sizeof(float), [&](std::size_t first, int count) {
      check_mpi(MPI_Irecv(piece.values.data() + first, count, MPI_FLOAT, piece.rank, tag, handle_,
                          &requests.emplace_back()),
                "MPI_Irecv", rank_);
    });
  }
  for (const Piece& piece : sent) {
    in_chunks(piece.values.size(), sizeof(float), [&](std::size_t first, int count) {
      check_mpi(MPI_Isend(piece.values.data() + first, count, MPI_FLOAT, piece.rank, tag, handle_,
                          &requests.emplace_back()),
                "MPI_Isend", rank_);
    });
  }
  for (MPI_Request& request : requests) wait(&request);
}

void Communicator::send(int to, Tag tag, std::vector<std::byte> bytes) {
  std::erase_if(pending_, [&](PendingSend& send) {
    int done = 0;
    check_mpi(MPI_Test(&send.request, &done, MPI_STATUS_IGNORE), "MPI_Test", rank_);
    return done != 0;
  });
  if (bytes.size() > kMaxMessageBytes) {
    resource_error("rank {}: a message of {} bytes is over the limit of {}; use smaller units",
                   rank_, bytes.size(), kMaxMessageBytes);
  }
  // Moving a PendingSend keeps the address of its bytes.
  pending_.push_back({std::move(bytes), MPI_REQUEST_NULL});
  PendingSend& send = pending_.back();
  check_mpi(MPI_Isend(send.bytes.data(), static_cast<int>(send.bytes.size()), MPI_BYTE, to,
                      static_cast<int>(tag), handle_, &send.request),
            "MPI_Isend", rank_);
}

std::vector<std::byte> Communicator::receive(int from, Tag tag) {
  MPI_Status status;
  MPI_Message message;
  poll([&] {
    int found = 0;
    check_mpi(MPI_Improbe(from == kAnyRank ? MPI_ANY_SOURCE : from, static_cast<int>(tag), handle_,
                          &found, &message, &status),
              "MPI_Improbe", rank_);
    return found != 0;
  });
  int count = 0;
  check_mpi(MPI_Get_count(&status, MPI_BYTE, &count), "MPI_Get_count", rank_);
  std::vector<std::byte> bytes(static_cast<std::size_t>(count));
  MPI_Request request;
  check_mpi(MPI_Imrecv(bytes.data(), count, MPI_BYTE, &message, &request), "MPI_Imrecv", rank_);
  wait(&request);
  note_progress();
  return bytes;
}

void Communicator::finish_sends() {
  for (PendingSend& send : pending_) wait(&send.request);
  pending_.clear();
}

void Communicator::agree_or_throw(const std::function<void()>& step) const {
  error_is_agreed = error_is_shared = false;
  std::optional<Error> mine;
  try {
    step();
  } catch (const std::exception& exception) {
    const Error error = as_error(exception);
    // What rank 0 foresaw is as a rule what all have met, or its own work.
    const bool is_common = rank_ == 0 && dynamic_cast<const Error*>(&exception);
    mine = Error(error.code(), is_common || size_ == 1 ? error.what() : of_this_rank(error.what()));
  }
  // The lowest failing rank, as a maximum.
  double lowest[] = {mine ? -static_cast<double>(rank_) : -static_cast<double>(size_)};
  max(lowest);
  const int failed = static_cast<int>(-lowest[0]);
  if (failed == size_) return;
  std::string message;
  if (failed == rank_) message = static_cast<char>(mine->code()) + std::string(mine->what());
  broadcast(&message, failed);
  int all = 0;
  MPI_Comm_size(MPI_COMM_WORLD, &all);
  (size_ == all ? error_is_agreed : error_is_shared) = true;
  throw Error(static_cast<ExitCode>(static_cast<unsigned char>(message.at(0))), message.substr(1));
}

void Communicator::abort(int exit_code) const {
  MPI_Abort(MPI_COMM_WORLD, exit_code);
  _exit(exit_code);
}

int ranks_on_this_host(const Communicator& world) {
  world.barrier();
  MPI_Comm host = MPI_COMM_NULL;
  check_mpi(MPI_Comm_split_type(world.handle(), MPI_COMM_TYPE_SHARED, 0, MPI_INFO_NULL, &host),
            "MPI_Comm_split_type", world.rank());
  int ranks = 0;
  check_mpi(MPI_Comm_size(host, &ranks), "MPI_Comm_size", world.rank());
  MPI_Comm_free(&host);
  return ranks;
}

}  // namespace arf
