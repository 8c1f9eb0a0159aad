#include "augment/synonym_substitution.h"

#include <algorithm>
#include <cmath>
#include <numeric>

#include "augment/inflection.h"
#include "augment/tagger.h"

namespace arf {
namespace {

// `count` of the numbers below `size`, in order.
std::vector<std::size_t> choose(std::size_t size, std::size_t count, const RandomStream& stream,
                                std::uint32_t* number) {
  std::vector<std::size_t> order(size);
  std::iota(order.begin(), order.end(), 0);
  for (std::size_t i = 0; i < count; ++i) {
    const auto left = static_cast<std::uint32_t>(size - i);
    std::swap(order[i], order[i + stream.below((*number)++, left)]);
  }
  order.resize(count);
  std::sort(order.begin(), order.end());
  return order;
}

std::string article_for(std::string_view article, std::string_view word) {
  const bool upper = article.size() > 1 && article[1] == 'N';
  const std::string a(1, article[0]);
  return takes_an(lower_case(word)) ? a + (upper ? "N" : "n") : a;
}

}  // namespace

std::size_t num_replaced(std::size_t sites, const SubstitutionSettings& settings) {
  const auto wanted =
      static_cast<std::size_t>(std::lround(settings.share * static_cast<double>(sites)));
  return std::min({std::max<std::size_t>(wanted, 1), settings.most, sites});
}

std::string substitute(std::string_view text, const std::vector<Site>& sites,
                       const SubstitutionSettings& settings, const RandomStream& stream,
                       std::uint32_t* number) {
  if (sites.empty()) return std::string(text);
  const std::size_t count = num_replaced(sites.size(), settings);
  std::string result;
  std::size_t copied = 0;
  const auto copy_until = [&](std::size_t end) {
    result += text.substr(copied, end - copied);
    copied = end;
  };
  for (const std::size_t which : choose(sites.size(), count, stream, number)) {
    const Site& site = sites[which];
    const auto options = static_cast<std::uint32_t>(site.replacements.size());
    const std::string& word = site.replacements[stream.below((*number)++, options)];
    if (site.article_end > 0) {
      copy_until(site.article_begin);
      result +=
          article_for(text.substr(site.article_begin, site.article_end - site.article_begin), word);
      copied = site.article_end;
    }
    copy_until(site.begin);
    result += word;
    copied = site.end;
  }
  copy_until(text.size());
  return result;
}

}  // namespace arf
