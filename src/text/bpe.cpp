#include "text/bpe.h"

#include <bit>
#include <queue>
#include <tuple>

namespace arf {
namespace {

constexpr std::size_t kShortWord = 48;  // bytes; up to here scanning beats a heap

std::uint64_t pair_key(TokenId left, TokenId right) {
  return std::uint64_t{static_cast<std::uint32_t>(left)} << 32 | static_cast<std::uint32_t>(right);
}

std::uint64_t scatter(std::uint64_t key) {
  key *= 0x9e3779b97f4a7c15ull;  // 2^64 / golden ratio
  return key ^ key >> 32;
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

BytePairEncoder::BytePairEncoder(const std::array<TokenId, 256>& byte_tokens,
                                 const std::vector<Merge>& merges,
                                 std::unordered_map<std::string, TokenId> whole_words)
    : byte_tokens_(byte_tokens),
      slots_(std::bit_ceil(2 * merges.size() + 2), Slot{0, kNoRank, 0}),
      mask_(slots_.size() - 1),
      whole_words_(std::move(whole_words)) {
  std::uint32_t rank = 0;
  for (const Merge& merge : merges) insert(merge, rank++);
}

void BytePairEncoder::insert(const Merge& merge, std::uint32_t rank) {
  const std::uint64_t key = pair_key(merge.left, merge.right);
  std::uint64_t at = scatter(key) & mask_;
  while (slots_[at].rank != kNoRank && slots_[at].pair != key) at = (at + 1) & mask_;
  slots_[at] = {key, rank, merge.made};
}

const BytePairEncoder::Slot& BytePairEncoder::find(TokenId left, TokenId right) const {
  const std::uint64_t key = pair_key(left, right);
  std::uint64_t at = scatter(key) & mask_;
  while (slots_[at].rank != kNoRank && slots_[at].pair != key) at = (at + 1) & mask_;
  return slots_[at];
}

void BytePairEncoder::encode(std::string_view word, std::vector<TokenId>* tokens) const {
  if (!whole_words_.empty()) {
    const auto whole = whole_words_.find(std::string(word));
    if (whole != whole_words_.end()) return tokens->push_back(whole->second);
  }
  word.size() <= kShortWord ? merge_short(word, tokens) : merge_long(word, tokens);
}

void BytePairEncoder::merge_short(std::string_view word, std::vector<TokenId>* tokens) const {
  TokenId parts[kShortWord];
  Slot pairs[kShortWord];  // pairs[i]: what becomes of parts[i] and parts[i + 1]
  std::size_t count = 0;
  for (const char byte : word) parts[count++] = byte_tokens_[static_cast<unsigned char>(byte)];
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
  tokens->insert(tokens->end(), parts, parts + count);
}

void BytePairEncoder::merge_long(std::string_view word, std::vector<TokenId>* tokens) const {
  std::vector<Link> links(word.size());
  std::priority_queue<Candidate> queue;
  const auto consider = [&](std::int32_t left) {
    if (left < 0 || links[static_cast<std::size_t>(left)].after < 0) return;
    const Link& a = links[static_cast<std::size_t>(left)];
    const Link& b = links[static_cast<std::size_t>(a.after)];
    const Slot& slot = find(a.token, b.token);
    if (slot.rank != kNoRank) queue.push({slot.rank, left, a.token, b.token, slot.made});
  };
  const auto size = static_cast<std::int32_t>(word.size());
  for (std::int32_t i = 0; i < size; ++i) {
    const auto byte = static_cast<unsigned char>(word[static_cast<std::size_t>(i)]);
    links[static_cast<std::size_t>(i)] = {byte_tokens_[byte], i - 1, i + 1 < size ? i + 1 : -1};
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
  for (const Link& link : links)
    if (!link.gone) tokens->push_back(link.token);
}

}  // namespace arf
