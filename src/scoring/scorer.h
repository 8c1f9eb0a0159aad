// The satisfaction scorer (paper 3.1): an encoder, an MLP on every token's last hidden state, the
// mean of the token logits, softmax. Static scorer: input is a user's follow-up. ARF scorer: input
// is (prompt, response).
#pragma once

#include <cstdint>
#include <filesystem>
#include <map>
#include <memory>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "model/encoder.h"
#include "records/dialogue.h"
#include "scoring/head_form.h"
#include "scoring/input_frame.h"
#include "scoring/workers.h"
#include "text/tokenizer.h"

namespace arf {

// prompt empty: a lone text. Both given: prompt and response joined as a pair. Views, for a
// dialogue has one prompt for many replies: the texts must outlive it.
struct ScorerInput {
  std::string_view prompt, text;
};
// Of a response and the prompt that it answers, if any (prompts_of).
inline ScorerInput response_input(const std::string* prompt, std::string_view text) {
  return {prompt == nullptr ? std::string_view() : *prompt, text};
}

class Scorer {
 public:
  static constexpr std::int64_t kMlpHidden = 328;  // paper, table 7

  // A scorer's folder, or a run's that holds scorer/ (find_scorer). input_error: a folder that is
  // neither, tensors that do not fit, a tokenizer that has more ids than the encoder has rows.
  static Scorer load(const std::filesystem::path& directory);
  // "roberta-mini" of the paper: 4 layers, hidden 256, 4 heads, MLP hidden 328; random weights.
  // vocabulary_size 0: the tokenizer's.
  static Scorer create(Tokenizer tokenizer, const EncoderConfig& config, std::uint64_t seed,
                       Pooling pooling = Pooling::kTokenLogits);
  // A trained encoder under an MLP drawn from the seed.
  static Scorer with_encoder(Tokenizer tokenizer, Encoder encoder, std::uint64_t seed,
                             Pooling pooling = Pooling::kTokenLogits);
  // config.json, model.safetensors, tokenizer.json and `more` (name -> bytes); written beside and
  // renamed. usage_error where `directory` holds something already.
  void save(const std::filesystem::path& directory,
            const std::map<std::string, std::string>& more = {}) const;

  // Tokens of an input between its special ones, cut to what the encoder takes (whatever
  // `truncation` of tokenizer.json says): a lone text keeps its beginning, a pair the ends of both.
  FramedText frame(const ScorerInput& input) const;
  // Of each; inputs that follow each other in one prompt (the same view) have it read once.
  std::vector<FramedText> frames(std::span<const ScorerInput> inputs) const;
  // Token logits (eq. 8), softmax of their mean over a text's tokens (eq. 9), or as head_form() has
  // it: log-probabilities [B, 3].
  Tensor log_satisfaction(const std::vector<FramedText>& texts) const;
  // Without gradient; a text's result does not depend on the others in the call.
  std::vector<Satisfaction> score(const std::vector<ScorerInput>& inputs) const;
  std::vector<Satisfaction> score_framed(const std::vector<FramedText>& texts) const;

  // Trained tensors in one fixed order, flat form as of Policy.
  std::vector<std::pair<std::string, Tensor>> parameters() const;
  std::int64_t num_parameters() const;
  std::vector<float> flat() const;
  void set_flat(const std::vector<float>& values, int num_threads = 1);
  std::vector<float> gradient(const Tensor& loss) const;  // safe from several threads
  std::string hash() const;                               // SHA-256 of flat()
  void to_dtype(at::ScalarType type);                     // float64 for gradient checks
  // Lays the products' matrices out for the kernels once, until a weight changes: the same bits,
  // sooner. load() has done it.
  void pack(int num_threads);
  const Tokenizer& tokenizer() const { return tokenizer_; }
  const Encoder& encoder() const { return encoder_; }
  const HeadForm& head_form() const { return form_; }
  void set_temperature(double temperature) { form_.temperature = temperature; }

 private:
  Scorer(Tokenizer tokenizer, Encoder encoder, std::map<std::string, Tensor> head,
         const HeadForm& form);
  void require_gradients();
  Tokenizer tokenizer_;
  Encoder encoder_;
  InputFrame frame_;
  HeadForm form_;
  Tensor mlp_weight_, mlp_bias_;  // [328, H], [328]
  Tensor out_weight_, out_bias_;  // [3, 328], [3]
  std::shared_ptr<void> packed_;  // gives the packed matrices back
};

// score() with the units of the work side by side; collective where the workers are several ranks.
// Inputs are framed some thousands at a time. input_error where a score is not finite, which is the
// scorer's own defect.
std::vector<Satisfaction> score_all(const Scorer& scorer, const std::vector<ScorerInput>& inputs,
                                    const Workers& workers);
std::vector<Satisfaction> score_all(const Scorer& scorer, const std::vector<FramedText>& texts,
                                    const Workers& workers);
// For who looks at the scores himself: the frames, each on the rank that scores it, and any scores.
std::vector<FramedText> frame_all(const Scorer& scorer, const std::vector<ScorerInput>& inputs,
                                  const Workers& workers);
std::vector<Satisfaction> any_scores(const Scorer& scorer, const std::vector<FramedText>& texts,
                                     const Workers& workers);

}  // namespace arf
