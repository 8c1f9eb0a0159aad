// Run under mpirun by tests.cmake: the sum of gradients and metrics over any distribution of units
// over ranks has the bits of one rank's.
#include <bit>
#include <cmath>
#include <cstdio>
#include <cstring>
#include <limits>

#include "core/philox.h"
#include "learning/gradient_sum.h"
#include "learning/unit_metrics.h"
#include "tests/comm/expect.h"

using namespace arf;

namespace {

constexpr std::size_t kParameters = 1000;

// Elements of many sizes; `scale` moves all of them.
std::vector<float> gradient_of(std::uint32_t unit, double scale) {
  const RandomStream stream(1, Purpose::kTest, unit);
  std::vector<float> gradient(kParameters);
  for (std::uint32_t i = 0; i < kParameters; ++i) {
    gradient[i] = float(scale * stream.normal(i) * std::pow(10.0, double(i % 7) - 6));
  }
  return gradient;
}

UnitMetrics metrics_of(std::uint32_t unit) {
  const RandomStream stream(2, Purpose::kTest, unit);
  std::vector<double> values(metrics_to_doubles({}).size());
  for (std::uint32_t i = 0; i < values.size(); ++i) values[i] = stream.normal(i);
  return metrics_from_doubles(values);
}

// Which rank holds a unit: in turns, in blocks, all at the last rank, by chance.
int holder(int way, std::uint32_t unit, std::uint32_t num_units, int ranks) {
  switch (way) {
    case 0:
      return int(unit) % ranks;
    case 1:
      return int(unit * std::uint32_t(ranks) / num_units);
    case 2:
      return ranks - 1;
    default:
      return int(
          RandomStream(3, Purpose::kTest, std::uint64_t(way)).below(unit, std::uint32_t(ranks)));
  }
}

std::vector<float> summed(const Communicator& learners, int way, std::uint32_t num_units,
                          double scale, double divisor, int* taken) {
  GradientSum sum(learners, kParameters, num_units);
  for (std::uint32_t n = 0; n < num_units; ++n) {
    const std::uint32_t unit = way % 2 ? num_units - 1 - n : n;
    if (holder(way, unit, num_units, learners.size()) != learners.rank()) continue;
    sum.add(unit, gradient_of(unit, scale));
  }
  std::vector<float> result = sum.reduce(divisor);
  *taken = sum.scale();
  return result;
}

bool same_bits(const std::vector<float>& a, const std::vector<float>& b) {
  return a.size() == b.size() && std::memcmp(a.data(), b.data(), a.size() * sizeof(float)) == 0;
}

void any_distribution_gives_the_bits_of_one_rank(const Communicator& world) {
  const Communicator alone = world.split(world.rank());
  for (const std::uint32_t num_units : {1u, 5u, 16u, 37u}) {
    for (const double scale : {1.0, 1e-30, 1e30, 1e-42}) {
      int expected_scale = 0, scale_taken = 0;
      const auto expected = summed(alone, 0, num_units, scale, 3, &expected_scale);
      for (int way = 0; way < 6; ++way) {
        EXPECT(same_bits(summed(world, way, num_units, scale, 3, &scale_taken), expected));
        EXPECT(scale_taken == expected_scale);
      }
    }
  }
}

// The oracle: a sum in float64 in the order of units.
void the_error_is_within_the_stated_bound(const Communicator& world) {
  for (const std::uint32_t num_units : {1u, 16u, 300u}) {
    int scale = 0;
    const auto found = summed(world, 0, num_units, 1.0, 1, &scale);
    std::vector<double> exact(kParameters, 0.0), sizes(kParameters, 0.0);
    double most = 0;
    for (std::uint32_t unit = 0; unit < num_units; ++unit) {
      const std::vector<float> gradient = gradient_of(unit, 1.0);
      for (std::size_t i = 0; i < kParameters; ++i) {
        exact[i] += gradient[i];
        sizes[i] += std::abs(gradient[i]);
        most = std::max(most, std::abs(double(gradient[i])));
      }
    }
    for (std::size_t i = 0; i < kParameters; ++i) {
      const double quantised = num_units * std::ldexp(1.0, -scale - 1);
      const double rounded = std::abs(exact[i]) * std::ldexp(1.0, -24);
      const double oracle = num_units * std::ldexp(sizes[i], -53);
      EXPECT(std::abs(double(found[i]) - exact[i]) <= quantised + rounded + oracle);
    }
    // As fine as the headroom allows: num_units elements of the largest size use 60 or 61 bits.
    const double used = std::ldexp(most, scale) * std::ldexp(1.0, std::bit_width(num_units));
    EXPECT(used >= std::ldexp(1.0, 60) && used < std::ldexp(1.0, 61));
  }
}

// A sum that needs more bits than a double has: what that loses is in the bound, too.
void the_bound_counts_the_way_to_double(const Communicator& world) {
  const float small = 0x1.00004p-35f;
  GradientSum sum(world, 1, std::size_t(2 * world.size()));
  for (int i = 0; i < 2; ++i) {
    const int unit = 2 * world.rank() + i;
    sum.add(std::uint32_t(unit), {unit == 0 ? 1.0f : unit == 1 ? small : 0.0f});
  }
  sum.reduce(1);
  const long double exact = 1.0L + small;
  const double lost =
      static_cast<double>(exact - static_cast<long double>(static_cast<double>(exact)));
  EXPECT(lost != 0 && sum.error_bound(1) >= std::abs(lost));
}

// Equal elements of the largest size: where a sum would overflow first.
void the_headroom_is_enough(const Communicator& world) {
  for (const float size : {1.0f, 0x1.fffffep127f, std::numeric_limits<float>::denorm_min()}) {
    GradientSum sum(world, 2, 64);
    for (std::uint32_t unit = 0; unit < 64; ++unit) {
      if (int(unit) % world.size() == world.rank()) sum.add(unit, {size, -size});
    }
    const auto mean = sum.reduce(64);
    EXPECT(mean[0] == size && mean[1] == -size);
  }
  GradientSum zeros(world, 2, std::size_t(world.size()));
  zeros.add(std::uint32_t(world.rank()), {0.0f, -0.0f});
  EXPECT(zeros.reduce(1) == std::vector<float>(2, 0.0f));
}

std::string error_of(ExitCode code, const std::function<void()>& body) {
  try {
    body();
  } catch (const Error& error) {
    EXPECT(error.code() == code);
    return error.what();
  }
  EXPECT(!"no error");
  return "";
}

// Every rank comes to the same sentence, also where the broken units are others'.
void a_gradient_that_is_not_finite_names_its_unit(const Communicator& world) {
  for (const float strange : {NAN, INFINITY, -INFINITY}) {
    GradientSum sum(world, kParameters, 12);
    for (std::uint32_t unit = 0; unit < 12; ++unit) {
      if (int(unit) % world.size() != world.rank()) continue;
      auto gradient = gradient_of(unit, 1.0);
      if (unit == 5 || unit == 9 || unit == 10) gradient[kParameters - 1] = strange;
      sum.add(unit, gradient);
    }
    const std::string text = error_of(ExitCode::kInput, [&] { sum.reduce(1); });
    EXPECT(text.find("the gradient of unit 5 is not finite") != std::string::npos);
  }
  GradientSum first(world, 1, std::size_t(world.size()));
  first.add(std::uint32_t(world.rank()), {NAN});
  const std::string text = error_of(ExitCode::kInput, [&] { first.reduce(1); });
  EXPECT(text.find("unit 0 is not finite") != std::string::npos);
}

void units_must_be_all_and_once(const Communicator& world) {
  GradientSum few(world, 1, std::size_t(world.size()) + 1);
  few.add(std::uint32_t(world.rank()), {1.0f});
  error_of(ExitCode::kDefect, [&] { few.reduce(1); });
  GradientSum sum(world, 2, 1);
  error_of(ExitCode::kDefect, [&] { sum.add(0, {1.0f}); });
  sum.add(0, {1.0f, 2.0f});
  error_of(ExitCode::kDefect, [&] { sum.add(0, {1.0f, 2.0f}); });
}

void metrics_come_in_the_order_of_units(const Communicator& world) {
  for (int way = 0; way < 6; ++way) {
    std::map<std::uint32_t, UnitMetrics> mine;
    std::vector<UnitMetrics> expected;
    for (std::uint32_t unit = 0; unit < 23; ++unit) {
      expected.push_back(metrics_of(unit));
      if (holder(way, unit, 23, world.size()) == world.rank()) mine[unit] = metrics_of(unit);
    }
    const auto all = gather_metrics(world, mine);
    EXPECT(all.size() == expected.size());
    for (std::size_t i = 0; i < all.size(); ++i) {
      EXPECT(metrics_to_doubles(all[i]) == metrics_to_doubles(expected[i]));
    }
    EXPECT(metrics_to_doubles(total_metrics(all)) == metrics_to_doubles(total_metrics(expected)));
  }
  if (world.size() > 1) {
    error_of(ExitCode::kDefect, [&] { gather_metrics(world, {{7, UnitMetrics{}}}); });
  }
  EXPECT(gather_metrics(world, {}).empty());
}

void run() {
  const MpiSession session;
  const Communicator world = Communicator::world();
  the_rank = world.rank();
  any_distribution_gives_the_bits_of_one_rank(world);
  the_bound_counts_the_way_to_double(world);
  the_error_is_within_the_stated_bound(world);
  the_headroom_is_enough(world);
  a_gradient_that_is_not_finite_names_its_unit(world);
  units_must_be_all_and_once(world);
  metrics_come_in_the_order_of_units(world);
  if (world.rank() == 0) std::printf("%d ranks: all well\n", world.size());
}

}  // namespace

int main() {
  try {
    run();
  } catch (const Error& error) {
    std::fprintf(stderr, "rank %d: %s\n", the_rank, error.what());
    return static_cast<int>(error.code());
  }
}
