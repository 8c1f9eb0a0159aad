#include "data_io/stratified_split.h"

#include <algorithm>
#include <cmath>
#include <map>
#include <numeric>

#include "core/error.h"
#include "core/hash.h"

namespace arf {
namespace {

// Numbers of a stratum's rows, in the order of their hashes.
using Strata = std::map<std::size_t, std::vector<std::size_t>>;

template <typename Hash>
Strata strata_of(std::span<const HashedRow> rows, const Hash& hash) {
  Strata strata;
  for (std::size_t i = 0; i < rows.size(); ++i) strata[rows[i].stratum].push_back(i);
  for (auto& [stratum, members] : strata) {
    std::stable_sort(members.begin(), members.end(), [&](std::size_t a, std::size_t b) {
      return hash(rows[a].hash) < hash(rows[b].hash);
    });
  }
  return strata;
}

std::size_t rounded(double rows) { return static_cast<std::size_t>(std::floor(rows + 0.5)); }

std::uint64_t other_hash(std::uint64_t hash) {
  return xxh3(std::as_bytes(std::span<const std::uint64_t>(&hash, 1)));
}

// How many of each stratum make up `count` of `all`: the largest remainders are rounded up.
std::map<std::size_t, std::size_t> quotas_of(const Strata& strata, std::size_t count,
                                             std::size_t all) {
  std::map<std::size_t, std::size_t> quotas;
  std::vector<std::pair<std::uint64_t, std::size_t>> remainders;  // and the stratum
  std::size_t given = 0;
  for (const auto& [stratum, members] : strata) {
    const std::uint64_t product = std::uint64_t{members.size()} * count;
    given += quotas[stratum] = product / all;
    remainders.emplace_back(product % all, stratum);
  }
  std::stable_sort(remainders.begin(), remainders.end(),
                   [](const auto& a, const auto& b) { return a.first > b.first; });
  for (std::size_t i = 0; given < count; ++i, ++given) ++quotas[remainders[i].second];
  return quotas;
}

}  // namespace

std::vector<SplitPart> split_by_hash(std::span<const HashedRow> rows, const SplitShares& shares) {
  ARF_CHECK(shares.validation >= 0 && shares.test >= 0 && shares.validation + shares.test < 1,
            "shares {} and {}", shares.validation, shares.test);
  std::vector<SplitPart> parts(rows.size(), SplitPart::kTrain);
  const Strata strata = strata_of(rows, [](std::uint64_t hash) { return hash; });
  for (const auto& [stratum, members] : strata) {
    const auto size = static_cast<double>(members.size());
    const std::size_t test = rounded(shares.test * size);
    const std::size_t held = std::max(test, rounded((shares.test + shares.validation) * size));
    for (std::size_t i = 0; i < held; ++i)
      parts[members[i]] = i < test ? SplitPart::kTest : SplitPart::kValidation;
  }
  return parts;
}

std::vector<bool> draw_by_hash(std::span<const HashedRow> rows, std::size_t count) {
  if (count >= rows.size()) return std::vector<bool>(rows.size(), true);
  std::vector<bool> taken(rows.size(), false);
  const Strata strata = strata_of(rows, other_hash);
  const auto quotas = quotas_of(strata, count, rows.size());
  for (const auto& [stratum, members] : strata) {
    for (std::size_t i = 0; i < quotas.at(stratum); ++i) taken[members[i]] = true;
  }
  return taken;
}

}  // namespace arf
