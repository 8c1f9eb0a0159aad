// Run under mpirun by tests.cmake. Without arguments: what communicators promise, for this number
// of ranks. "alone": rank 1 fails while the others wait for it; mpirun must come back with its
// code.
#include <fmt/format.h>
#include <sys/resource.h>
#include <unistd.h>

#include <cstdio>
#include <cstring>
#include <utility>

#include "comm/communicator.h"
#include "core/error.h"
#include "core/host_name.h"
#include "tests/comm/expect.h"

using namespace arf;

namespace {

std::vector<std::byte> bytes_of(const std::string& text) {
  const auto* first = reinterpret_cast<const std::byte*>(text.data());
  return {first, first + text.size()};
}

double cpu_seconds() {
  rusage usage;
  getrusage(RUSAGE_SELF, &usage);
  const auto seconds = [](const timeval& t) { return double(t.tv_sec) + 1e-6 * double(t.tv_usec); };
  return seconds(usage.ru_utime) + seconds(usage.ru_stime);
}

void sums_and_maxima(const Communicator& world) {
  const std::int64_t n = world.size(), rank = world.rank();
  std::vector<std::int64_t> values(100000);
  for (std::int64_t i = 0; i < 100000; ++i) values[i] = (i * 7919 + 1) * (rank + 1) * 1000003;
  world.sum(values);
  for (std::int64_t i = 0; i < 100000; ++i) {
    EXPECT(values[i] == (i * 7919 + 1) * 1000003 * (n * (n + 1) / 2));
  }
  world.sum(std::span<std::int64_t>{});
  double largest[] = {-1.0 - double(rank), double(rank)};
  world.max(largest);
  EXPECT(largest[0] == -1 && largest[1] == double(n - 1));
}

void broadcasts_and_gathers(const Communicator& world) {
  for (int root = 0; root < world.size(); ++root) {
    auto bytes = bytes_of(world.rank() == root ? fmt::format("from {}", root) : "something else");
    world.broadcast(&bytes, root);
    EXPECT(bytes == bytes_of(fmt::format("from {}", root)));
    std::vector<std::byte> empty(world.rank() == root ? 0 : 3);
    world.broadcast(&empty, root);
    EXPECT(empty.empty());
    std::string text = world.rank() == root ? fmt::format("of {}", root) : "a longer text";
    world.broadcast(&text, root);
    EXPECT(text == fmt::format("of {}", root));
    std::vector<float> floats(1000, world.rank() == root ? 0.1f + float(root) : -1.0f);
    world.broadcast(std::span<float>(floats), root);
    EXPECT(floats.front() == 0.1f + float(root) && floats.back() == floats.front());
    std::int64_t numbers[] = {(std::int64_t{1} << 62) + world.rank(), world.rank()};
    world.broadcast(numbers, root);
    EXPECT(numbers[0] == (std::int64_t{1} << 62) + root && numbers[1] == root);
  }
  const auto all = world.gather(bytes_of(std::string(std::size_t(world.rank()) * 3, 'x')));
  EXPECT(all.size() == (world.rank() == 0 ? std::size_t(world.size()) : 0));
  for (std::size_t i = 0; i < all.size(); ++i) EXPECT(all[i] == bytes_of(std::string(3 * i, 'x')));
  const auto everywhere =
      world.gather_to_all(bytes_of(std::string(std::size_t(world.rank()), 'y')));
  EXPECT(everywhere.size() == std::size_t(world.size()));
  for (std::size_t i = 0; i < everywhere.size(); ++i) {
    EXPECT(everywhere[i] == bytes_of(std::string(i, 'y')));
  }
}

// Each rank sends each other one two pieces, of sizes that tell the pair and the order.
void pieces_are_exchanged(const Communicator& world) {
  const auto piece = [](int from, int to, int i) {
    return std::vector<float>(std::size_t(1 + i * 100000), float(100 * from + 10 * to + i));
  };
  std::vector<std::vector<float>> out, in;
  for (int other = 0; other < world.size(); ++other) {
    for (int i = 0; i < 2 && other != world.rank(); ++i) {
      out.push_back(piece(world.rank(), other, i));
      in.emplace_back(out.back().size(), -1.0f);
    }
  }
  std::vector<Communicator::Piece> sent, received;
  std::size_t next = 0;
  for (int other = 0; other < world.size(); ++other) {
    for (int i = 0; i < 2 && other != world.rank(); ++i, ++next) {
      sent.push_back({other, out[next]});
      received.push_back({other, in[next]});
    }
  }
  world.exchange(sent, received);
  next = 0;
  for (int other = 0; other < world.size(); ++other) {
    for (int i = 0; i < 2 && other != world.rank(); ++i) {
      EXPECT(in[next++] == piece(other, world.rank(), i));
    }
  }
}

// Everybody sends to everybody, itself too, several large messages before anyone receives.
void messages_keep_their_order(Communicator& world) {
  const auto message = [&](int from, int to, int i) {
    return bytes_of(fmt::format("{}>{}#{}", from, to, i) + std::string(200000, char('a' + i)));
  };
  for (int to = 0; to < world.size(); ++to) {
    for (int i = 0; i < 3; ++i) world.send(to, Tag::kRollout, message(world.rank(), to, i));
    world.send(to, Tag::kScoredRollout, {});
  }
  for (int from = world.size() - 1; from >= 0; --from) {
    EXPECT(world.receive(from, Tag::kScoredRollout).empty());
    for (int i = 0; i < 3; ++i) {
      EXPECT(world.receive(from, Tag::kRollout) == message(from, world.rank(), i));
    }
  }
  world.finish_sends();
}

void splits(const Communicator& world) {
  const Communicator half = world.split(world.rank() % 2);
  EXPECT(half.rank() == world.rank() / 2);
  std::int64_t ones[] = {1};
  half.sum(ones);
  EXPECT(ones[0] == half.size());
  const Communicator first = world.split(world.rank() == 0 ? 5 : -1);
  EXPECT(first.size() == (world.rank() == 0 ? 1 : 0));
  Communicator moved = world.split(0);
  moved = world.split(1);
  const Communicator taken = std::move(moved);
  EXPECT(taken.size() == world.size());
  EXPECT(ranks_on_this_host(world) == world.size());
}

void one_error_for_all(const Communicator& world) {
  int ran = 0;
  world.agree_or_throw([&] { ++ran; });
  EXPECT(ran == 1);
  for (int failing = 0; failing < world.size(); ++failing) {
    try {
      world.agree_or_throw([&] {
        if (world.rank() >= failing) input_error("row {} is broken", world.rank());
      });
      EXPECT(!"no error");
    } catch (const Error& error) {
      EXPECT(error.code() == ExitCode::kInput);
      // What rank 0 has others may have, too; what it has not is said with its rank.
      const std::string whose =
          failing == 0 ? "" : fmt::format("rank {} (host {}): ", failing, host_name());
      EXPECT(error.what() == fmt::format("{}row {} is broken", whose, failing));
    }
  }
  try {
    world.agree_or_throw([&] {
      if (world.rank() > 0) input_error("rank {} names itself", world.rank());
    });
    EXPECT(world.size() == 1);
  } catch (const Error& error) {
    EXPECT(std::string(error.what()) == "rank 1 names itself");
  }
  // A part of the ranks, whose second one is another of the job.
  const Communicator half = world.split(world.rank() % 2);
  if (world.rank() % 2 == 0 && half.size() > 1) {
    try {
      half.agree_or_throw([&] {
        if (half.rank() == 1) input_error("is broken");
      });
      EXPECT(!"no error");
    } catch (const Error& error) {
      EXPECT(error.what() == fmt::format("rank 2 (host {}): is broken", host_name()));
    }
  }
  try {
    world.agree_or_throw([&] { throw std::bad_alloc(); });
    EXPECT(!"no error");
  } catch (const Error& error) {
    EXPECT(error.code() == ExitCode::kResource);
  }
}

void waiting_leaves_the_core(Communicator& world) {
  world.barrier();
  const double before = cpu_seconds();
  if (world.rank() == 0) usleep(1000000);
  world.barrier();
  if (world.rank() == 0) usleep(1000000);
  if (world.rank() == 0) {
    for (int to = 1; to < world.size(); ++to) world.send(to, Tag::kScoredRollout, bytes_of("x"));
  } else {
    world.receive(0, Tag::kScoredRollout);
  }
  world.finish_sends();
  const double used = cpu_seconds() - before;  // of two seconds
  if (used > 0.4) std::fprintf(stderr, "waiting used %.2f s of CPU\n", used);
  EXPECT(used <= 0.4);
}

int run(const std::string& mode) {
  const MpiSession session;
  Communicator world = Communicator::world();
  the_rank = world.rank();
  if (mode == "alone") {
    if (world.rank() == 1) input_error("only rank 1 has seen this");
    world.barrier();
    return 0;
  }
  if (mode == "together") world.agree_or_throw([] { resource_error("the disk is full"); });
  sums_and_maxima(world);
  broadcasts_and_gathers(world);
  pieces_are_exchanged(world);
  messages_keep_their_order(world);
  splits(world);
  one_error_for_all(world);
  waiting_leaves_the_core(world);
  if (world.rank() == 0) std::printf("%d ranks: all well\n", world.size());
  return 0;
}

}  // namespace

int main(int argc, char** argv) {
  try {
    return run(argc > 1 ? argv[1] : "");
  } catch (const Error& error) {
    std::fprintf(stderr, "rank %d: %s\n", the_rank, error.what());
    return static_cast<int>(error.code());
  }
}
