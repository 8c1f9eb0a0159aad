#include "programs/train_options.h"

#include "programs/guarded_ranks.h"
#include "programs/model_options.h"
#include "programs/sampling_options.h"

namespace arf {
namespace {

void add_input_keys(Options& options, TrainSettings* s) {
  add_model_settings(options, &s->model);
  add_chat_settings(options, &s->model);
  options.add("corpus.path", &s->corpora, "",
              "Corpora to train on; their rows follow one another.");
  options.require("corpus.path");
  options.add("scorer.path", &s->scorer, "",
              "The scorer whose rewards ppo and tracebias follow; a scorer's folder or its run's.");
}

void add_method_keys(Options& options, TrainSettings* s) {
  options.add_choice("method.name", &s->method.name, {"sft", "dpo", "ppo", "tracebias"},
                     "How the policy learns.");
  options.add_choice("method.variant", &s->method.variant,
                     {"generated", "teacher_forced", "literal"},
                     "tracebias: which reply's probability moves, and which way. `literal` is the "
                     "paper's text, which lowers the reward; see README.");
  options.add_choice(
      "method.reference", &s->method.reference, {"previous", "base"},
      "tracebias: whose lp_ref is in the weight exp(lp - lp_ref): that of the policy "
      "that sampled, or of the base model; to the base the weight has no bound.");
  options.add_choice("method.train_on", &s->train_on, {"replies", "all"},
                     "sft: the assistant's replies, or every turn (pretraining).");
  options.add("method.gamma", &s->method.gamma, "",
              "Discount per turn (tracebias) and per token (ppo).");
  options.add("method.clip", &s->method.clip, "", "ppo: epsilon of the clipped ratio.");
  options.add("method.gae_lambda", &s->method.gae_lambda, "", "ppo: lambda of the advantages.");
  options.add("method.value_coefficient", &s->method.value_coefficient, "",
              "ppo: weight of the value loss.");
  options.add("method.entropy_coefficient", &s->method.entropy_coefficient, "",
              "ppo: weight of the entropy bonus.");
  options.add("method.kl_coefficient", &s->method.kl_coefficient, "",
              "ppo, tracebias: weight of the KL divergence from the reference in the loss.");
  options.add("method.epochs", &s->method.epochs, "", "ppo: passes over an iteration's rollouts.");
  options.add("method.beta", &s->method.beta, "", "dpo: strength of the pull to the reference.");
}

void add_generation_keys(Options& options, TrainSettings* s) {
  options.add("generate.max_tokens", &s->sampling.max_new_tokens, "tokens",
              "Longest sampled reply.");
  add_sampling_settings(options, &s->sampling, "");
  options.add("generate.max_context", &s->sampling.max_context, "tokens",
              "Longest trace, L_max; 0: the model's context.");
  options.at_least("generate.max_context", 0);
  options.add("generate.samples", &s->samples, "", "Replies sampled per prompt.");
}

void add_optimizer_keys(Options& options, TrainSettings* s) {
  options.add("lora.rank", &s->lora.rank, "", "Rank of the adapter; 0 trains all weights.");
  options.add("lora.alpha", &s->lora.alpha, "", "The adapter's output is scaled by alpha / rank.");
  options.add("lora.rslora", &s->lora.rank_stabilised, "", "By alpha / sqrt(rank) instead.");
  options.add("lora.target_modules", &s->lora.target_modules, "",
              "Linear layers that get an adapter.");
  options.add("train.iterations", &s->iterations, "iterations", "Updates of the policy.");
  options.add("train.batch", &s->batch, "dialogues", "Dialogues (or pairs) of an iteration.");
  options.add("train.unit", &s->unit, "dialogues",
              "Dialogues of a work unit, which one thread of one rank works on.");
  options.add("train.staleness", &s->staleness, "iterations",
              "k learns from the replies of the policy k before the newest, so that generation and "
              "learning overlap.");
  options.add("train.learning_rate", &s->learning_rate.peak, "",
              "Peak of the schedule; 0: 1e-4 for an adapter, 1e-3 for all weights.");
  options.add_choice("train.schedule", &s->learning_rate.schedule, {"constant", "linear", "cosine"},
                     "How the learning rate goes on from its peak.");
  options.add("train.warmup", &s->learning_rate.warmup, "iterations",
              "The learning rate rises over these.");
  options.add("train.weight_decay", &s->adamw.weight_decay, "", "AdamW's decoupled decay.");
  options.add("train.clip", &s->clip, "", "Largest norm of the gradient; 0: any.");
  options.add("train.checkpoint_every", &s->checkpoint_every, "iterations",
              "Between checkpoints; the last iteration has one, too.");
  options.mark_no_effect_on_result("train.checkpoint_every");
  options.add("train.journal", &s->journal, "",
              "Keep the replies sampled since the last checkpoint, so that a run that goes on need "
              "not sample them again.");
  options.mark_no_effect_on_result("train.journal");
  options.add("train.check_every", &s->check_every, "iterations",
              "Between comparisons of the log-probs that generators recorded with the learners' of "
              "the same tokens; one is at the start in any case. 0: only that.");
  options.at_least("train.check_every", 0);
  options.mark_no_effect_on_result("train.check_every");
  options.add("report.samples", &s->report_samples, "prompts",
              "Replies before and after training in the report.");
  options.mark_no_effect_on_result("report.samples");
}

void add_feed_keys(Options& options, FeedSettings* feed) {
  options.add("feed.path", &feed->path, "",
              "A folder into which others rename files of feedback while the run goes on: the "
              "scorer learns from them between iterations; empty: it stays as it is.");
  options.add("feed.replay", &feed->replay, "",
              "A run that had a feed: what it took is taken again, at the same iterations.");
  options.add("static_scorer.path", &feed->static_scorer, "",
              "The static scorer: reads the users' reactions in messages without a satisfaction.");
  options.add("feed.replay_corpus", &feed->replay_corpora, "",
              "Static satisfaction data that the scorer replays, so that it forgets less.");
  options.add("feed.replay_ratio", &feed->replay_ratio, "",
              "ER_ratio: probability that a step trains on static satisfaction data, while the "
              "messages wait.");
  options.add("feed.batch", &feed->batch, "messages", "Messages (or texts of a replay) a step.");
  options.add("feed.files", &feed->files, "files",
              "Most files that are taken before one iteration; 0: any number.");
  options.add("feed.learning_rate", &feed->learning_rate, "", "Of the scorer; constant.");
  options.add("feed.weight_decay", &feed->weight_decay, "", "AdamW's decoupled decay.");
  options.add("feed.clip", &feed->clip, "", "Largest norm of the scorer's gradient; 0: any.");
  options.add_choice("feed.on_error", &feed->on_error, {"skip", "stop"},
                     "A file that cannot be taken is refused for good with a warning, or ends the "
                     "run.");
  options.mark_no_effect_on_result("feed.on_error");
}

void add_alarm_keys(Options& options, TrainSettings* s) {
  options.add("alarm.grad_norm", &s->alarms.grad_norm, "",
              "Warn where the gradient's norm is above, before clipping; 0: never.");
  options.add("alarm.kl", &s->alarms.kl, "nats",
              "Warn where the KL to the base is above, a token.");
  options.add("alarm.entropy", &s->alarms.entropy, "nats",
              "ppo: warn where the entropy is below, a token.");
  options.add("alarm.ratio", &s->alarms.ratio, "",
              "ppo: warn where a token's ratio is above, or below its inverse.");
  options.add("alarm.reward", &s->alarms.reward, "",
              "Warn where the mean reward of 20 iterations is below the best such mean by more.");
  for (const char* key :
       {"alarm.grad_norm", "alarm.kl", "alarm.entropy", "alarm.ratio", "alarm.reward"}) {
    options.mark_no_effect_on_result(key);
  }
}

void add_role_keys(Options& options, TrainSettings* s) {
  options.add("roles.generators", &s->roles.generators, "ranks",
              "Ranks that sample replies; 0: every rank.");
  options.add("roles.scorers", &s->roles.scorers, "ranks", "Ranks that score; 0: every rank.");
  options.add("roles.learners", &s->roles.learners, "ranks", "Ranks that learn; 0: every rank.");
  options.add_choice("roles.hand_out", &s->hand_out, {"dynamic", "static"},
                     "Generators take the next unit when they are ready, so that a slow one gets "
                     "fewer, or each its share, as always with --run.deadline 0.");
  for (const char* key :
       {"roles.generators", "roles.scorers", "roles.learners", "roles.hand_out"}) {
    options.mark_no_effect_on_result(key);
  }
}

}  // namespace

void add_train_settings(Options& options, TrainSettings* settings) {
  add_input_keys(options, settings);
  add_method_keys(options, settings);
  add_generation_keys(options, settings);
  add_optimizer_keys(options, settings);
  add_feed_keys(options, &settings->feed);
  add_alarm_keys(options, settings);
  add_role_keys(options, settings);
  add_run_settings(options, &settings->run);
  add_resume_setting(options, &settings->run);
  add_deadline_keys(options, &settings->deadlines);
  options.require("output");
}

}  // namespace arf
