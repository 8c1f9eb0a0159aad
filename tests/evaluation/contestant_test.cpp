#include "evaluation/contestant.h"

#include <boost/test/unit_test.hpp>

#include "core/file.h"
#include "tests/data_io/temporary_folder.h"
#include "tests/generation/small_world.h"

using namespace arf;

namespace {

void touch(const std::filesystem::path& path, const std::string& text = "{}") {
  make_directories(path.parent_path());
  write_file_atomically(path, text);
}

std::vector<ContestantPlace> places(const std::vector<std::string>& names) {
  std::vector<ContestantPlace> made = {{"base", {}, ContestantPlace::Kind::kBase, false}};
  for (const std::string& name : names)
    made.push_back({name, {}, ContestantPlace::Kind::kAdapter, false});
  return made;
}

}  // namespace

BOOST_AUTO_TEST_SUITE(contestant_test)

BOOST_AUTO_TEST_CASE(adapters_runs_and_models_are_found_and_named) {
  const TemporaryFolder folder;
  touch(folder / "lora" / "adapter_config.json");
  touch(folder / "ppo" / "adapter" / "adapter_config.json");
  touch(folder / "whole" / "config.json");
  touch(folder / "whole" / "model.safetensors");
  const auto found = find_contestants(
      {folder / "lora", (folder / "ppo").string() + "/", "mine=" + (folder / "whole").string()},
      true);
  BOOST_REQUIRE_EQUAL(found.size(), 4u);
  BOOST_TEST(found[0].name == "base");
  BOOST_TEST(found[1].name == "lora");
  BOOST_TEST(found[2].name == "ppo");
  BOOST_TEST(found[2].directory == folder / "ppo" / "adapter");
  BOOST_TEST((found[2].kind == ContestantPlace::Kind::kAdapter));
  BOOST_TEST(found[3].name == "mine");
  BOOST_TEST((found[3].kind == ContestantPlace::Kind::kModel));
  BOOST_TEST(find_contestant(folder / "ppo" / "adapter").name == "ppo");
}

// Of link/../run the link is followed first; a run that is a link has the link's name.
BOOST_AUTO_TEST_CASE(a_run_is_where_the_system_finds_it) {
  const TemporaryFolder folder;
  touch(folder / "runs" / "17" / "adapter" / "adapter_config.json");
  std::filesystem::create_directory_symlink("runs/17", folder / "best");
  const ContestantPlace best = find_contestant(folder / "best");
  BOOST_TEST(best.name == "best");
  const ContestantPlace beside = find_contestant(folder / "best" / ".." / "17");
  BOOST_TEST(beside.directory == folder / "runs" / "17" / "adapter");
  BOOST_TEST(find_contestant(folder / "runs" / "17" / ".").name == "17");
}

BOOST_AUTO_TEST_CASE(what_is_no_adapter_and_names_given_twice_are_refused) {
  const TemporaryFolder folder;
  touch(folder / "a" / "adapter_config.json");
  touch(folder / "other" / "a" / "adapter_config.json");
  BOOST_CHECK_EXCEPTION(find_contestant(folder / "nothing"), Error,
                        has("holds no adapter_config.json", ExitCode::kUsage));
  BOOST_CHECK_EXCEPTION(find_contestants({folder / "a", folder / "other" / "a"}, true), Error,
                        has("give one as NAME=DIR", ExitCode::kUsage));
  BOOST_CHECK_EXCEPTION(find_contestants({}, false), Error,
                        has("nothing to evaluate", ExitCode::kUsage));
}

// As is a name with = in front of it that no file could have.
BOOST_AUTO_TEST_CASE(paths_that_lead_nowhere_are_no_adapters) {
  const TemporaryFolder folder;
  std::filesystem::create_symlink("loop", folder / "loop");
  const std::string longest(255, 'd'), longer(300, 'd');
  touch(folder / longest / "adapter_config.json");
  const std::string found = (folder / longest).string();
  BOOST_TEST(find_contestant("contestant=" + found).directory == found);
  const std::filesystem::path before = std::filesystem::current_path();
  std::filesystem::current_path(folder.path());
  BOOST_TEST(find_contestant("contestant=" + longest).name == "contestant");
  std::filesystem::current_path(before);
  for (const std::string& path : {(folder / "loop").string(), (folder / "loop/x").string(), longer,
                                  "x=" + longer, (folder / longer / "..").string()}) {
    BOOST_CHECK_EXCEPTION(find_contestant(path), Error,
                          has("holds no adapter_config.json", ExitCode::kUsage));
  }
}

BOOST_AUTO_TEST_CASE(the_baseline_is_asked_for_or_sft_or_the_first) {
  BOOST_TEST(find_baseline(places({"ppo", "sft", "dpo"}), "") == 2u);
  BOOST_TEST(find_baseline(places({"ppo", "sft", "dpo"}), "dpo") == 3u);
  BOOST_TEST(find_baseline(places({"ppo", "dpo"}), "") == 1u);
  BOOST_TEST(find_baseline(places({}), "") == 0u);
  BOOST_CHECK_EXCEPTION(find_baseline(places({"ppo"}), "sft"), Error,
                        has("base, ppo", ExitCode::kUsage));
}

BOOST_AUTO_TEST_CASE(a_runs_configuration_tells_that_it_was_sft) {
  const TemporaryFolder folder;
  touch(folder / "first" / "adapter" / "adapter_config.json");
  touch(folder / "first" / "config.ini", "[method]\nname = ppo\n[lora]\nname = sft\n");
  touch(folder / "second" / "adapter" / "adapter_config.json");
  touch(folder / "second" / "config.ini", "[run]\nseed = 1\n[method]\nname = sft\n");
  const auto found = find_contestants({folder / "first", folder / "second"}, false);
  BOOST_TEST(!found[0].trained_by_sft);
  BOOST_TEST(found[1].trained_by_sft);
  BOOST_TEST(find_baseline(found, "") == 1u);
}

BOOST_FIXTURE_TEST_CASE(adapters_and_models_load_and_misfits_are_refused, SmallWorld) {
  const TemporaryFolder folder;
  adapter.save(folder / "lora", "base");
  decoder.save(folder / "whole");
  const Contestant lora = Contestant::load(find_contestant(folder / "lora"), decoder, tokenizer);
  BOOST_TEST(lora.adapter() != nullptr);
  BOOST_TEST(&lora.decoder() == &decoder);
  BOOST_TEST(lora.hash().size() == 64u);
  const Contestant whole = Contestant::load(find_contestant(folder / "whole"), decoder, tokenizer);
  BOOST_TEST(whole.adapter() == nullptr);
  BOOST_TEST(&whole.decoder() != &decoder);
  BOOST_TEST(!whole.is_base());

  DecoderConfig config = decoder.config();
  config.vocabulary_size += 1;
  Decoder::random(config, 1).save(folder / "larger");
  BOOST_CHECK_EXCEPTION(Contestant::load(find_contestant(folder / "larger"), decoder, tokenizer),
                        Error, has("vocabulary", ExitCode::kInput));
  TokenizerTrainer trainer(290);
  trainer.add("quite another text, with other words in it");
  trainer.train().save(folder / "whole");
  BOOST_CHECK_EXCEPTION(Contestant::load(find_contestant(folder / "whole"), decoder, tokenizer),
                        Error, has("tokenizer.json differs", ExitCode::kInput));
}

BOOST_AUTO_TEST_SUITE_END()
