#include "scoring/sliced_sum.h"

#include <algorithm>
#include <cmath>
#include <limits>
#include <numeric>

#include "core/error.h"
#include "core/parallel.h"

namespace arf {

std::size_t SlicedSum::begin_of(std::size_t rank) const {
  return std::min(size_, num_parts() * rank / workers_.size() * kPart);
}

void SlicedSum::for_each_part(const std::function<void(std::size_t, std::size_t)>& body) const {
  const std::size_t begin = first(), end = last();
  parallel_for((end - begin + kPart - 1) / kPart, workers_.threads, [&](std::size_t part) {
    const std::size_t from = begin + part * kPart;
    body(from, std::min(end, from + kPart));
  });
}

// Each unit's gradient becomes this rank's slice of it.
void SlicedSum::exchange(std::vector<std::vector<float>>* gradients) const {
  std::vector<Communicator::Piece> sent, received;
  std::vector<std::vector<float>> slices(gradients->size());
  for (std::size_t u = 0; u < gradients->size(); ++u) {
    std::vector<float>& gradient = (*gradients)[u];
    const std::size_t owner = workers_.owner(u);
    if (owner != workers_.rank()) {
      slices[u].resize(last() - first());
      received.push_back({static_cast<int>(owner), slices[u]});
      continue;
    }
    ARF_CHECK(gradient.size() == size_, "a gradient of {} elements, not {}", gradient.size(),
              size_);
    for (std::size_t to = 0; to < workers_.size(); ++to) {
      const std::size_t begin = begin_of(to);
      if (to == owner) continue;
      sent.push_back({static_cast<int>(to),
                      std::span<float>(gradient).subspan(begin, begin_of(to + 1) - begin)});
    }
  }
  workers_.ranks->exchange(sent, received);
  for (std::size_t u = 0; u < gradients->size(); ++u) {
    std::vector<float>& gradient = (*gradients)[u];
    if (!workers_.has(u)) {
      gradient = std::move(slices[u]);
    } else {
      gradient.erase(gradient.begin() + static_cast<std::ptrdiff_t>(last()), gradient.end());
      gradient.erase(gradient.begin(), gradient.begin() + static_cast<std::ptrdiff_t>(first()));
    }
  }
}

std::vector<float> SlicedSum::add(std::vector<std::vector<float>>* gradients) const {
  ARF_CHECK(!gradients->empty(), "no unit");
  if (workers_.size() > 1) exchange(gradients);
  std::vector<float> sum = std::move(gradients->front());
  for_each_part([&](std::size_t from, std::size_t to) {
    for (std::size_t u = 1; u < gradients->size(); ++u) {
      const float* gradient = (*gradients)[u].data();
      for (std::size_t i = from - first(); i < to - first(); ++i) sum[i] += gradient[i];
    }
  });
  return sum;
}

double SlicedSum::norm(const std::vector<float>& slice) const {
  std::vector<double> squares(num_parts(), 0.0);
  for_each_part([&](std::size_t from, std::size_t to) {
    double square = 0;
    for (std::size_t i = from - first(); i < to - first(); ++i)
      square += static_cast<double>(slice[i]) * slice[i];
    // A maximum over ranks may lose what is not a number.
    squares[from / kPart] =
        std::isfinite(square) ? square : std::numeric_limits<double>::infinity();
  });
  if (workers_.size() > 1) workers_.ranks->max(squares);  // one rank has each, the others 0
  return std::sqrt(std::accumulate(squares.begin(), squares.end(), 0.0));
}

void SlicedSum::share(std::vector<float>* all) const {
  for (std::size_t rank = 0; workers_.size() > 1 && rank < workers_.size(); ++rank) {
    const std::size_t begin = begin_of(rank);
    workers_.ranks->broadcast(std::span<float>(*all).subspan(begin, begin_of(rank + 1) - begin),
                              static_cast<int>(rank));
  }
}

}  // namespace arf
