// Mutations of the JSON in an input: bytes alone seldom leave a document that parses. Every third
// mutation is of bytes all the same (with the target's dictionary).
#include <cstring>
#include <random>

#include "core/json.h"
#include "tests/fuzz/fuzz.h"

using namespace arf;

extern "C" std::size_t LLVMFuzzerMutate(std::uint8_t* data, std::size_t size, std::size_t most);

namespace {

using Random = std::minstd_rand;

std::size_t below(std::size_t bound, Random* random) { return (*random)() % bound; }

const SortedJson& odd_value(Random* random) {
  static const SortedJson kValues = SortedJson::parse(
      R"([null, true, false, "", "a", "\u0000", "\u4f60", [], {}, 0, 1, -1, 2, 255, 0.5, 1e308, 1e-308,
          65536, 16777216, 16777217, 2147483647, 4294967297, 9223372036854775807,
          9223372036854775808, 18446744073709551615, [[[[[[]]]]]]])");
  return kValues[below(kValues.size(), random)];
}

// All values below `root`, and itself.
void collect(SortedJson* root, std::vector<SortedJson*>* all) {
  all->push_back(root);
  if (!root->is_structured()) return;
  for (SortedJson& value : *root) collect(&value, all);
}

std::string changed(std::string text) {
  const std::size_t size = text.size();
  text.resize(size + 16);
  text.resize(LLVMFuzzerMutate(reinterpret_cast<std::uint8_t*>(text.data()), size, text.size()));
  return text;
}

// Takes an element out, puts one in (that of another place, or an odd one), or names it otherwise.
void change_container(SortedJson* value, const SortedJson& other, Random* random) {
  const bool remove = !value->empty() && below(2, random) == 0;
  if (value->is_array()) {
    const auto at = value->begin() + static_cast<std::ptrdiff_t>(below(value->size() + 1, random));
    if (remove) {
      value->erase(at == value->end() ? value->begin() : at);
    } else {
      value->insert(at, other);
    }
    return;
  }
  auto member = value->begin();
  for (std::size_t i = value->empty() ? 0 : below(value->size(), random); i > 0; --i) ++member;
  const std::string key = value->empty() ? "a" : member.key();
  if (remove) {
    value->erase(key);
  } else {
    (*value)[changed(key)] = below(2, random) == 0 || value->empty() ? other : *member;
  }
}

void change(SortedJson* root, Random* random) {
  std::vector<SortedJson*> all;
  collect(root, &all);
  SortedJson* const value = all[below(all.size(), random)];
  const SortedJson other =
      below(2, random) == 0 ? odd_value(random) : *all[below(all.size(), random)];
  if (value->is_structured() && below(4, random) != 0)
    return change_container(value, other, random);
  if (value->is_number_integer() && below(2, random) == 0) {
    *value = value->get<std::uint64_t>() + (below(2, random) == 0 ? 1 : ~std::uint64_t{0});
  } else if (value->is_string() && below(3, random) != 0) {
    *value = changed(value->get<std::string>());
  } else {
    *value = other;
  }
}

// The part with its JSON changed; what stands behind a NUL byte (a file's data) is kept. "": none.
std::string changed_part(std::string_view part, Random* random) {
  const std::size_t end = std::min(part.find('\0'), part.size());
  SortedJson json = SortedJson::parse(part.substr(0, end), nullptr, /*allow_exceptions=*/false);
  if (json.is_discarded()) return "";
  for (std::size_t i = 1 + below(3, random); i > 0; --i) change(&json, random);
  std::string text = json.dump(-1, ' ', false, SortedJson::error_handler_t::replace);
  return text.append(part.substr(end));
}

}  // namespace

extern "C" std::size_t LLVMFuzzerCustomMutator(std::uint8_t* data, std::size_t size,
                                               std::size_t most, unsigned seed) {
  Random random(seed);
  if (below(3, &random) == 0) return LLVMFuzzerMutate(data, size, most);
  const std::string_view input(reinterpret_cast<const char*>(data), size);
  const auto parts = fuzz::parts(input);
  const std::string_view part = parts[below(parts.size(), &random)];
  const std::string made = changed_part(part, &random);
  const std::size_t begin = static_cast<std::size_t>(part.data() - input.data());
  const std::size_t tail = size - begin - part.size();
  if (made.empty() || begin + made.size() + tail > most) return LLVMFuzzerMutate(data, size, most);
  std::memmove(data + begin + made.size(), data + begin + part.size(), tail);
  std::memcpy(data + begin, made.data(), made.size());
  return begin + made.size() + tail;
}
