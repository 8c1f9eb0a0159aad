// Scoring without gradient: units of texts side by side.
#include <algorithm>
#include <cmath>
#include <functional>

#include "core/error.h"
#include "core/parallel.h"
#include "model/one_thread.h"
#include "scoring/scorer.h"

namespace arf {
namespace {

// Texts that are scored together without gradient: few enough to spread a small call over threads.
constexpr std::size_t kTextsPerUnit = 16;
// Inputs whose frames are held at one time: a frame may be larger than its text.
constexpr std::size_t kInputsPerBlock = 4096;

std::vector<Satisfaction> to_satisfaction(const Tensor& log_probabilities_B3) {
  const Tensor values = log_probabilities_B3.detach().to(at::kDouble).contiguous();
  const double* row = values.data_ptr<double>();
  std::vector<Satisfaction> scores;
  for (std::int64_t b = 0; b < values.size(0); ++b, row += 3) {
    const auto p = [&](int c) { return static_cast<float>(std::exp(row[c])); };
    scores.push_back({p(0), p(1), p(2)});
  }
  return scores;
}

// body(first, last) for the consecutive ranges of at most kTextsPerUnit that are this rank's.
void for_each_unit(std::size_t count, const Workers& workers,
                   const std::function<void(std::size_t, std::size_t)>& body) {
  const std::size_t units = (count + kTextsPerUnit - 1) / kTextsPerUnit;
  parallel_for(workers.count(units), workers.threads, [&](std::size_t i) {
    use_one_thread();
    const std::size_t first = workers.unit(i) * kTextsPerUnit;
    body(first, std::min(count, first + kTextsPerUnit));
  });
}

}  // namespace

std::vector<Satisfaction> any_scores(const Scorer& scorer, const std::vector<FramedText>& texts,
                                     const Workers& workers) {
  std::vector<Satisfaction> scores(texts.size());
  for_each_unit(texts.size(), workers, [&](std::size_t first, std::size_t last) {
    const at::NoGradGuard no_grad;
    const auto begin = texts.begin() + static_cast<std::ptrdiff_t>(first);
    const auto end = texts.begin() + static_cast<std::ptrdiff_t>(last);
    const auto unit = to_satisfaction(scorer.log_satisfaction({begin, end}));
    std::copy(unit.begin(), unit.end(), scores.begin() + static_cast<std::ptrdiff_t>(first));
  });
  workers.share(&scores, [](std::size_t i) { return i / kTextsPerUnit; });
  return scores;
}

std::vector<Satisfaction> score_all(const Scorer& scorer, const std::vector<FramedText>& texts,
                                    const Workers& workers) {
  auto scores = any_scores(scorer, texts, workers);
  const auto broken = std::find_if(scores.begin(), scores.end(), [](const Satisfaction& score) {
    return !std::isfinite(score.reward());
  });
  if (broken == scores.end()) return scores;
  error_is_agreed = workers.size() > 1;  // all have the same scores
  input_error(
      "the scorer gives a satisfaction that is not finite: its weights are broken; fit it anew");
}

std::vector<FramedText> frame_all(const Scorer& scorer, const std::vector<ScorerInput>& inputs,
                                  const Workers& workers) {
  std::vector<FramedText> texts(inputs.size());
  for_each_unit(inputs.size(), workers, [&](std::size_t first, std::size_t last) {
    auto unit = scorer.frames(std::span(inputs).subspan(first, last - first));
    std::move(unit.begin(), unit.end(), texts.begin() + static_cast<std::ptrdiff_t>(first));
  });
  return texts;
}

std::vector<Satisfaction> score_all(const Scorer& scorer, const std::vector<ScorerInput>& inputs,
                                    const Workers& workers) {
  std::vector<Satisfaction> scores;
  for (std::size_t first = 0; first < inputs.size(); first += kInputsPerBlock) {
    const auto begin = inputs.begin() + static_cast<std::ptrdiff_t>(first);
    const std::vector<ScorerInput> block(
        begin,
        begin + static_cast<std::ptrdiff_t>(std::min(kInputsPerBlock, inputs.size() - first)));
    const auto more = score_all(scorer, frame_all(scorer, block, workers), workers);
    scores.insert(scores.end(), more.begin(), more.end());
  }
  return scores;
}

std::vector<Satisfaction> Scorer::score_framed(const std::vector<FramedText>& texts) const {
  return score_all(*this, texts, 1);
}

std::vector<Satisfaction> Scorer::score(const std::vector<ScorerInput>& inputs) const {
  return score_all(*this, inputs, 1);
}

}  // namespace arf
