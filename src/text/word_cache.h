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

#include "core/hash.h"
#include "text/tokenizer.h"

namespace arf {

// Direct-mapped, one cache line an entry: a word has one place, and takes it from whichever word
// was there. Words that are long, or make many tokens, are not kept.
class WordCache {
 public:
  static constexpr std::size_t kLongestWord = 30, kMostTokens = 8;
  struct Entry {
    char word[kLongestWord];
    std::uint8_t length = 0, count = 0;  // length 0: free
    TokenId tokens[kMostTokens];
  };

  Entry& place_of(std::string_view word) { return entries_[xxh64(word) & (kEntries - 1)]; }
  static bool holds(const Entry& entry, std::string_view word) {
    return entry.length == word.size() && std::memcmp(entry.word, word.data(), word.size()) == 0;
  }
  static void store(std::string_view word, const TokenId* tokens, std::size_t count, Entry* entry) {
    if (word.size() > kLongestWord || count > kMostTokens) return;
    std::memcpy(entry->word, word.data(), word.size());
    std::memcpy(entry->tokens, tokens, count * sizeof(TokenId));
    entry->length = static_cast<std::uint8_t>(word.size());
    entry->count = static_cast<std::uint8_t>(count);
  }

 private:
  static constexpr std::size_t kEntries = 1 << 15;  // 2 MiB
  std::vector<Entry> entries_ = std::vector<Entry>(kEntries);
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
