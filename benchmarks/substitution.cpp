// Synonym substitution by itself: texts in, one variant of each out, the words that a text may lose
// found anew for each. Target `substitution`, not built by default:
//   build/benchmarks/substitution TEXTS [THREADS]         one JSON object: texts, seconds, changed
//   build/benchmarks/substitution TEXTS print [SEED]      the variants, a JSON string a line
// TEXTS has a JSON string a line, as `benchmarks/peers/nlpaug_speed.py texts` writes them.
#include <chrono>
#include <cstdio>
#include <ctime>
#include <fstream>
#include <string>
#include <vector>

#include "augment/synonym_substitution.h"
#include "core/json.h"
#include "core/parallel.h"

using namespace arf;

namespace {

double seconds() {
  return std::chrono::duration<double>(std::chrono::steady_clock::now().time_since_epoch()).count();
}

// Of all threads of the process.
double processor_seconds() {
  timespec now{};
  clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &now);
  return static_cast<double>(now.tv_sec) + static_cast<double>(now.tv_nsec) * 1e-9;
}

std::vector<std::string> read_texts(const char* path) {
  std::ifstream file(path);
  std::vector<std::string> texts;
  for (std::string line; std::getline(file, line);) {
    texts.push_back(parse_json(line, path).get<std::string>());
  }
  return texts;
}

std::vector<std::string> variants_of(const std::vector<std::string>& texts,
                                     const SynonymTools& tools, int threads, std::uint64_t seed) {
  std::vector<std::string> variants(texts.size());
  parallel_for(texts.size(), threads, [&](std::size_t i) {
    std::uint32_t number = 0;
    variants[i] = substitute(texts[i], find_sites(texts[i], tools), {},
                             RandomStream(seed, Purpose::kSynonym, i), &number);
  });
  return variants;
}

}  // namespace

int main(int count, char** arguments) {
  if (count < 2) {
    std::fprintf(stderr, "usage: substitution TEXTS [THREADS | print [SEED]]\n");
    return 2;
  }
  const std::vector<std::string> texts = read_texts(arguments[1]);
  const bool print = count > 2 && std::string(arguments[2]) == "print";
  const double loading = processor_seconds();
  const WordNet wordnet(WordNet::kDirectory);
  const SynonymTools tools(wordnet);
  const double began = seconds(), processor_began = processor_seconds();
  const auto variants = variants_of(texts, tools, print || count < 3 ? 1 : std::stoi(arguments[2]),
                                    count > 3 ? std::stoull(arguments[3]) : 1);
  const double took = seconds() - began, processor = processor_seconds() - processor_began;
  std::size_t changed = 0;
  for (std::size_t i = 0; i < texts.size(); ++i) {
    changed += variants[i] != texts[i];
    if (print) std::printf("%s\n", Json(variants[i]).dump().c_str());
  }
  if (print) return 0;
  std::printf(
      "{\"texts\": %zu, \"seconds\": %.6f, \"cpu_seconds\": %.6f, \"changed\": %zu, "
      "\"load_cpu_seconds\": %.3f}\n",
      texts.size(), took, processor, changed, processor_began - loading);
  return 0;
}
