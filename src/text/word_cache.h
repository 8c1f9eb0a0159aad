// Tokens of words seen lately. Text repeats its words, and a look-up is some ten times cheaper
// than merging.
#pragma once

#include <array>
#include <cstdint>
#include <cstring>
#include <memory>
#include <mutex>
#include <string_view>
#include <vector>

#include "text/tokenizer.h"

namespace arf {

// Direct-mapped, one cache line an entry: a word has one place, and takes it from whichever word
// was there. Words that are long, or make many tokens, are not kept.
class WordCache {
 public:
  static constexpr std::size_t kLongestWord = 31, kMostTokens = 7;
  // The word's bytes, zeros, and its length in the last byte: compared and hashed as four numbers.
  using Key = std::array<std::uint64_t, 4>;
  struct alignas(64) Entry {
    Key key{};  // length 0: free
    std::uint32_t count = 0;
    TokenId tokens[kMostTokens];
  };

  // text[begin, end), at most kLongestWord bytes. Reads on to the end of `text` where that is safe:
  // a copy of known length is a few instructions.
  static Key key_of(std::string_view text, std::size_t begin, std::size_t end) {
    Key key{};
    const std::size_t length = end - begin;
    if (text.size() - begin >= sizeof key) {
      std::memcpy(key.data(), text.data() + begin, sizeof key);
      for (std::size_t i = 0; i < key.size(); ++i) key[i] &= kept_bits(length, i);
    } else {
      std::memcpy(key.data(), text.data() + begin, length);
    }
    key[3] |= std::uint64_t{length} << 56;
    return key;
  }
  Entry& place_of(const Key& key) {
    std::uint64_t hash = (key[0] ^ key[3]) * 0x9e3779b97f4a7c15ull;
    hash = (hash ^ hash >> 29 ^ key[1]) * 0xbf58476d1ce4e5b9ull;
    hash = (hash ^ hash >> 32 ^ key[2]) * 0x94d049bb133111ebull;
    return entries_[hash >> (64 - kEntryBits)];
  }
  static void store(const Key& key, const TokenId* tokens, std::size_t count, Entry* entry) {
    if (count > kMostTokens) return;
    entry->key = key;
    entry->count = static_cast<std::uint32_t>(count);
    std::memcpy(entry->tokens, tokens, count * sizeof(TokenId));
  }

 private:
  // Ones at the bytes of number `i` of a key that belong to a word (little-endian).
  static std::uint64_t kept_bits(std::size_t length, std::size_t i) {
    if (length >= 8 * (i + 1)) return ~std::uint64_t{0};
    return length <= 8 * i ? 0 : (std::uint64_t{1} << 8 * (length - 8 * i)) - 1;
  }
  static constexpr int kEntryBits = 15;  // 2 MiB
  std::vector<Entry> entries_ = std::vector<Entry>(std::size_t{1} << kEntryBits);
};

// Lends a cache to each call that runs; there are never more than calls at one time.
class WordCachePool {
 public:
  class Lease {
   public:
    explicit Lease(WordCachePool* pool) : pool_(pool), cache_(pool->take()) {}
    ~Lease() { pool_->give_back(std::move(cache_)); }
    Lease(const Lease&) = delete;
    Lease& operator=(const Lease&) = delete;
    WordCache& operator*() { return *cache_; }

   private:
    WordCachePool* pool_;
    std::unique_ptr<WordCache> cache_;
  };

 private:
  std::unique_ptr<WordCache> take() {
    const std::lock_guard lock(mutex_);
    if (free_.empty()) return std::make_unique<WordCache>();
    auto cache = std::move(free_.back());
    free_.pop_back();
    return cache;
  }
  void give_back(std::unique_ptr<WordCache> cache) {
    const std::lock_guard lock(mutex_);
    free_.push_back(std::move(cache));
  }
  std::mutex mutex_;
  std::vector<std::unique_ptr<WordCache>> free_;
};

}  // namespace arf
