#include "text/bpe.h"

#include <bit>
#include <queue>
#include <tuple>

#include "core/text_hash.h"

namespace arf {
namespace {

constexpr std::size_t kShortWord = 48;  // bytes; up to here scanning beats a heap

std::uint64_t pair_key(TokenId left, TokenId right) {
  return std::uint64_t{static_cast<std::uint32_t>(left)} << 32 | static_cast<std::uint32_t>(right);
}

// One multiplication alone puts neighbouring pairs into one place for one salt of a hundred.
std::uint64_t scatter(std::uint64_t key) {
  key *= 0x9e3779b97f4a7c15ull;  // 2^64 / golden ratio
  return (key ^ key >> 32) * 0xbf58476d1ce4e5b9ull;
}

// A token of a long word in a doubly linked list; -1: none.
struct Link {
  TokenId token = 0;
  std::int32_t before = -1, after = -1;
  bool gone = false;
};

struct Candidate {
  std::uint32_t rank;
  std::int32_t left;  // index of the pair's left token
  TokenId left_token, right_token, made;
  // The queue gives out its largest: the smallest rank, then the leftmost.
  bool operator<(const Candidate& other) const {
    return std::tie(other.rank, other.left) < std::tie(rank, left);
  }
};

}  // namespace

MergeRanks::MergeRanks(const std::vector<Merge>& merges)
    : slots_(std::bit_ceil(2 * merges.size() + 2), Slot{0, kNoRank, 0}),
      salt_(process_salt()),
      shift_(64 - std::countr_zero(slots_.size())) {
  std::uint32_t rank = 0;
  for (const Merge& merge : merges) insert(merge, rank++);
}

void MergeRanks::insert(const Merge& merge, std::uint32_t rank) {
  const std::uint64_t key = pair_key(merge.left, merge.right);
  const std::size_t mask = slots_.size() - 1;
  std::size_t at = scatter(key ^ salt_) >> shift_;
  while (slots_[at].rank != kNoRank && slots_[at].pair != key) at = (at + 1) & mask;
  slots_[at] = {key, rank, merge.made};
}

const MergeRanks::Slot& MergeRanks::find(TokenId left, TokenId right) const {
  const std::uint64_t key = pair_key(left, right);
  const std::size_t mask = slots_.size() - 1;
  std::size_t at = scatter(key ^ salt_) >> shift_;
  while (slots_[at].rank != kNoRank && slots_[at].pair != key) at = (at + 1) & mask;
  return slots_[at];
}

void MergeRanks::merge(std::size_t begin, std::vector<TokenId>* tokens) const {
  const std::size_t count = tokens->size() - begin;
  TokenId* const parts = tokens->data() + begin;
  tokens->resize(begin +
                 (count <= kShortWord ? merge_short(parts, count) : merge_long(parts, count)));
}

std::size_t MergeRanks::merge_short(TokenId* parts, std::size_t count) const {
  if (count < 2) return count;
  Slot pairs[kShortWord];  // pairs[i]: what becomes of parts[i] and parts[i + 1]
  for (std::size_t i = 0; i + 1 < count; ++i) pairs[i] = find(parts[i], parts[i + 1]);
  pairs[count - 1] = {0, kNoRank, 0};
  while (count > 1) {
    std::size_t best = 0;
    for (std::size_t i = 1; i + 1 < count; ++i)
      if (pairs[i].rank < pairs[best].rank) best = i;
    if (pairs[best].rank == kNoRank) break;
    parts[best] = pairs[best].made;
    --count;
    for (std::size_t i = best + 1; i < count; ++i) {
      parts[i] = parts[i + 1];
      pairs[i] = pairs[i + 1];
    }
    if (best + 1 < count) pairs[best] = find(parts[best], parts[best + 1]);
    if (best > 0) pairs[best - 1] = find(parts[best - 1], parts[best]);
  }
  return count;
}

std::size_t MergeRanks::merge_long(TokenId* parts, std::size_t count) const {
  std::vector<Link> links(count);
  std::priority_queue<Candidate> queue;
  const auto consider = [&](std::int32_t left) {
    if (left < 0 || links[static_cast<std::size_t>(left)].after < 0) return;
    const Link& a = links[static_cast<std::size_t>(left)];
    const Link& b = links[static_cast<std::size_t>(a.after)];
    const Slot& slot = find(a.token, b.token);
    if (slot.rank != kNoRank) queue.push({slot.rank, left, a.token, b.token, slot.made});
  };
  const auto size = static_cast<std::int32_t>(count);
  for (std::int32_t i = 0; i < size; ++i) {
    links[static_cast<std::size_t>(i)] = {parts[i], i - 1, i + 1 < size ? i + 1 : -1};
  }
  for (std::int32_t i = 0; i + 1 < size; ++i) consider(i);
  while (!queue.empty()) {
    const Candidate top = queue.top();
    queue.pop();
    Link& left = links[static_cast<std::size_t>(top.left)];
    // A pair that has changed since it was put in the queue is there anew.
    if (left.gone || left.after < 0 || left.token != top.left_token) continue;
    Link& right = links[static_cast<std::size_t>(left.after)];
    if (right.token != top.right_token) continue;
    left.token = top.made;
    left.after = right.after;
    right.gone = true;
    if (left.after >= 0) links[static_cast<std::size_t>(left.after)].before = top.left;
    consider(left.before);
    consider(top.left);
  }
  std::size_t kept = 0;
  for (const Link& link : links)
    if (!link.gone) parts[kept++] = link.token;
  return kept;
}

}  // namespace arf
