// `arf generate`: a reply to one prompt, or a chat on a terminal; streamed as it is sampled.
#include <ATen/Parallel.h>
#include <unistd.h>

#include <algorithm>
#include <csignal>
#include <cstdio>
#include <iostream>
#include <optional>

#include "core/json.h"
#include "core/log.h"
#include "core/printable_json.h"
#include "core/utf8.h"
#include "generation/generator.h"
#include "generation/trace_plan.h"
#include "programs/commands.h"
#include "programs/model_options.h"
#include "programs/sampling_options.h"
#include "text/streamed_text.h"

namespace arf {
namespace {

struct GenerateSettings {
  RunSettings run;
  ModelSettings model;
  SamplingSettings sampling;
  std::string adapter, prompt, system;
};

GenerateSettings defaults() {
  GenerateSettings settings;
  settings.sampling.max_new_tokens = 256;
  return settings;
}

// Set by Ctrl-C: the reply ends, the chat goes on.
volatile std::sig_atomic_t interrupted = 0;

void catch_interrupts() {
  struct sigaction action {};
  action.sa_handler = [](int) { interrupted = 1; };
  ::sigaction(SIGINT, &action, nullptr);
}

class Chat {
 public:
  explicit Chat(const GenerateSettings& settings)
      : settings_(settings),
        tokenizer_(load_model_tokenizer(settings.model)),
        chat_(tokenizer_, settings.model.chat),
        decoder_(load_decoder(settings.model, settings.run.seed, &tokenizer_)),
        generator_(decoder_, tokenizer_, chat_, settings.sampling),
        context_(chat_.opening(settings.system)) {
    decoder_.freeze();
    if (!settings.adapter.empty()) adapter_ = Lora::load(settings.adapter, decoder_.config());
  }

  // Appends the user's turn and the reply to the conversation; prints the reply as it comes.
  std::string answer(const std::string& text, bool stream) {
    append(chat_.user_then_prompt(text));
    StreamedText streamed(tokenizer_);
    std::size_t printed = 0;
    const auto print = [&](bool more) {
      if (!stream) return;
      const std::size_t ready = generator_.end().settled(streamed.text(), printed, more);
      if (ready <= printed) return;
      const std::string part = streamed.text().substr(printed, ready - printed);
      std::cout << (to_terminal_ ? for_terminal(part) : part) << std::flush;
      printed = ready;
    };
    const auto on_token = [&](const std::vector<TokenId>& so_far) {
      streamed.append(so_far.back());
      print(/*more=*/true);
      return !interrupted;
    };
    interrupted = 0;
    const std::vector<TokenId> tokens = generator_.reply(context_, adapter_ ? &*adapter_ : nullptr,
                                                         stream_of_turn(), on_token, &cache_);
    streamed.finish();
    print(/*more=*/false);
    num_tokens_ = tokens.size();
    append(tokens);
    generator_.close_turn(&context_);
    append(chat_.after_reply());
    return generator_.end().text(tokens);
  }
  // Forgets what was said.
  void begin() {
    context_ = chat_.opening(settings_.system);
    cache_ = {};
  }
  std::size_t num_tokens() const { return num_tokens_; }  // of the last reply

 private:
  void append(const std::vector<TokenId>& tokens) {
    context_.insert(context_.end(), tokens.begin(), tokens.end());
  }
  // However long one chats: behind the most turns of a dialogue come those of its next sample.
  RandomStream stream_of_turn() {
    const std::uint32_t turn = turn_++, turns = kMostTurns + 1;
    return reply_stream(settings_.run.seed, Purpose::kSampling, 0, 0, turn / turns, turn % turns);
  }

  const GenerateSettings& settings_;
  Tokenizer tokenizer_;
  ChatTemplate chat_;
  Decoder decoder_;
  Generator generator_;
  std::optional<Lora> adapter_;
  std::vector<TokenId> context_;
  KvCache cache_;  // of a prefix of context_
  // What a model says can move a terminal's cursor; a file or pipe gets it as it is.
  bool to_terminal_ = ::isatty(STDOUT_FILENO) == 1;
  std::uint32_t turn_ = 0;
  std::size_t num_tokens_ = 0;
};

int answer_once(Chat& chat, const GenerateSettings& settings) {
  const std::string reply = chat.answer(settings.prompt, /*stream=*/!settings.run.json);
  if (settings.run.json) {
    const Json json = {
        {"prompt", settings.prompt}, {"reply", reply}, {"tokens", chat.num_tokens()}};
    std::cout << printable_json(json);
  }
  std::cout << std::endl;
  return 0;
}

// False where the chat ends. Ctrl-C leaves the line and asks again.
bool read_message(std::string* line) {
  for (;;) {
    interrupted = 0;
    std::cerr << "> " << std::flush;
    if (std::getline(std::cin, *line)) return !line->empty();
    if (!interrupted) return false;
    std::cin.clear();
    std::clearerr(stdin);
    std::cerr << '\n';
  }
}

int converse(Chat& chat) {
  catch_interrupts();
  std::cerr
      << "Type a message and press return; Ctrl-C stops a reply or a line, an empty line or Ctrl-D "
         "ends the chat.\n";
  std::string line;
  while (read_message(&line)) {
    if (first_invalid_utf8(line) < line.size()) {
      log_error("that line is not UTF-8; it was not sent");
      continue;
    }
    try {
      chat.answer(line, /*stream=*/true);
      std::cout << std::endl;
    } catch (const Error& error) {  // the context is full
      if (error.code() != ExitCode::kInput) throw;
      log_error("{}; the chat begins anew", error.what());
      chat.begin();
    }
  }
  return 0;
}

}  // namespace

int run_generate(const Arguments& arguments) {
  GenerateSettings settings = defaults();
  Options options("generate", "Reply to a prompt, or chat on a terminal.");
  add_model_settings(options, &settings.model);
  add_chat_settings(options, &settings.model);
  options.add("adapter.path", &settings.adapter, "",
              "Adapter folder, in PEFT's layout; empty: none.");
  options.add("prompt", &settings.prompt, "", "The user's message; absent: a chat on a terminal.");
  options.add("generate.system", &settings.system, "", "System prompt; empty: the template's own.");
  options.add("generate.max_tokens", &settings.sampling.max_new_tokens, "tokens", "Longest reply.");
  add_sampling_settings(options, &settings.sampling, "");
  options.add("generate.ignore_end", &settings.sampling.ignore_end, "",
              "Go on after the end token, to generate.max_tokens.");
  add_run_settings(options, &settings.run);
  if (!options.parse(arguments)) return 0;
  start_log(settings.run.log_format, 0);
  if (!settings.run.output.empty()) usage_error("generate writes to stdout; leave --output out");
  at::set_num_threads(1);
  const bool once = options.was_given("prompt");
  if (!once && !::isatty(STDIN_FILENO)) {
    usage_error("generate needs --prompt TEXT where stdin is not a terminal");
  }
  settings.sampling.end_tokens = read_end_tokens(settings.model);
  Chat chat(settings);
  return once ? answer_once(chat, settings) : converse(chat);
}

}  // namespace arf
