#include "config/options.h"

#include <sys/stat.h>

#include <boost/test/unit_test.hpp>
#include <thread>

#include "core/file.h"
#include "tests/data_io/temporary_folder.h"

using namespace arf;

BOOST_AUTO_TEST_SUITE(options_test)

namespace {

struct Fields {
  int count = 3;
  double rate = 0.5;
  bool flag = false;
  std::string name = "plain";
  std::vector<std::string> files;
  std::string kind = "a";
};

struct Command {
  Fields fields;
  Options options{"try", "Tries."};
  Command() {
    options.add("train.count", &fields.count, "rows", "How many.");
    options.add("train.rate", &fields.rate, "", "How fast.");
    options.add("train.flag", &fields.flag, "", "Whether.");
    options.add("input.name", &fields.name, "", "Which.");
    options.add("input.files", &fields.files, "", "Which files.");
    options.add_choice("input.kind", &fields.kind, {"a", "b"}, "What kind.");
  }
};

bool parses(Command& command, const std::vector<std::string>& words) {
  return command.options.parse(words);
}

}  // namespace

BOOST_AUTO_TEST_CASE(CommandLineSetsTypedFields) {
  Command command;
  BOOST_TEST(parses(command, {"--train.count", "7", "--train.rate", "1e-3", "--train.flag", "true",
                              "--input.files", "x", "y", "--input.kind", "b"}));
  BOOST_TEST(command.fields.count == 7);
  BOOST_TEST(command.fields.rate == 1e-3);
  BOOST_TEST(command.fields.flag);
  BOOST_TEST((command.fields.files == std::vector<std::string>{"x", "y"}));
  BOOST_TEST(command.fields.kind == "b");
  BOOST_TEST(command.fields.name == "plain");
}

// config.ini must make the same again: values that trimming would change stand in quotes there.
BOOST_AUTO_TEST_CASE(WhatTheFileHoldsIsReadBack) {
  for (const std::string value :
       {" a", "a ", "a\t", "\n\n", "a\nb", "a\r", "\"a\"", "\"", "a \t\"b\" # ; = [c]", "\\n"}) {
    TemporaryFolder folder;
    Command given;
    BOOST_TEST(parses(given, {"--input.name", value, "--input.files", "x", value}));
    write_file_atomically(folder / "one.ini", given.options.resolved());
    Command writes;
    std::string output;
    writes.options.add("output", &output, "", "Where.");
    writes.options.require("output");
    BOOST_TEST(
        parses(writes, {"--output", " o ", "--input.name", value, "--input.files", "x", value}));
    BOOST_TEST(output == " o ");
    Command read;
    BOOST_TEST(parses(read, {"--config", (folder / "one.ini").string()}));
    BOOST_TEST(read.fields.name == value);
    BOOST_TEST((read.fields.files == std::vector<std::string>{"x", value}));
  }
  TemporaryFolder folder;
  Command emptied;  // "plain" would stand again
  BOOST_TEST(parses(emptied, {"--input.name", ""}));
  write_file_atomically(folder / "one.ini", emptied.options.resolved());
  Command read;
  BOOST_TEST(parses(read, {"--config", (folder / "one.ini").string()}));
  BOOST_TEST(read.fields.name == "");
  write_file_atomically(folder / "one.ini", "[input]\nname = \"a\n");
  Command command;
  BOOST_CHECK_EXCEPTION(parses(command, {"--config", (folder / "one.ini").string()}), Error,
                        has("one.ini:2: \"a is no string in quotes", ExitCode::kUsage));
}

BOOST_AUTO_TEST_CASE(AListOfOneEmptyValueIsNoEmptyList) {
  TemporaryFolder folder;
  Command wrote, read;
  BOOST_TEST(parses(wrote, {"--input.files", ""}));
  write_file_atomically(folder / "config.ini", wrote.options.resolved());
  BOOST_TEST(parses(read, {"--config", (folder / "config.ini").string()}));
  BOOST_TEST((read.fields.files == std::vector<std::string>{""}));
}

BOOST_AUTO_TEST_CASE(AValueThatIsNoUtf8IsRefused) {
  for (const auto& words : {std::vector<std::string>{"--input.name", "c\xff"},
                            {"--input.files", "x", "\xc3"},
                            {"--input.name", "\xc3 "}}) {
    Command command;
    BOOST_CHECK_EXCEPTION(parses(command, words), Error, has("is not UTF-8", ExitCode::kUsage));
  }
}

// The system would take what stands before it for the whole name.
BOOST_AUTO_TEST_CASE(AValueWithANulIsRefused) {
  using namespace std::string_literals;
  TemporaryFolder folder;
  for (const std::string& value : {"a\0b"s, "\"a\\u0000b\""s}) {
    write_file_atomically(folder / "one.ini", "[input]\nname = " + value + "\n");
    Command command;
    BOOST_CHECK_EXCEPTION(
        parses(command, {"--config", (folder / "one.ini").string()}), Error,
        has("one.ini:2: the value of --input.name holds a NUL", ExitCode::kUsage));
  }
}

BOOST_AUTO_TEST_CASE(NumberThatTheFieldCannotHoldIsRefusedWithWhatItCan) {
  const auto refused = [](const char* key, const char* value, const char* wanted) {
    Command command;
    BOOST_CHECK_EXCEPTION(parses(command, {key, value}), Error, has(wanted, ExitCode::kUsage));
  };
  refused("--train.count", "4294967296", "it takes a number from -2147483648 to 2147483647");
  refused("--train.count", "4294967296x", "it takes a whole number");
  refused("--train.rate", "1e999", "it takes a number from -1.79");
  refused("--train.rate", "inf", "it takes a finite number");
  refused("--train.rate", "-nan", "it takes a finite number");
}

BOOST_AUTO_TEST_CASE(NumberBelowItsLeastIsRefusedWithItsPlace) {
  TemporaryFolder folder;
  write_file_atomically(folder / "one.ini", "[train]\ncount = 1\n");
  for (const auto& words : {std::vector<std::string>{"--train.count", "1"},
                            {"--config", (folder / "one.ini").string()}}) {
    Command command;
    command.options.at_least("train.count", 2);
    BOOST_CHECK_EXCEPTION(parses(command, words), Error,
                          has("--train.count is 1; it takes 2 or more", ExitCode::kUsage));
  }
  Command command;
  command.options.at_least("train.count", 2);
  BOOST_TEST(parses(command, {"--train.count", "2"}));
}

BOOST_AUTO_TEST_CASE(FileMayBeginWithAByteOrderMarkAndMustBeAFile) {
  TemporaryFolder folder;
  write_file_atomically(folder / "one.ini", "\xef\xbb\xbf[train]\r\ncount = 1\r\n");
  Command command;
  BOOST_TEST(parses(command, {"--config", (folder / "one.ini").string()}));
  BOOST_TEST(command.fields.count == 1);
  Command other;
  BOOST_CHECK_EXCEPTION(parses(other, {"--config", (folder / ".").string()}), Error,
                        has("is a directory", ExitCode::kUsage));
}

BOOST_AUTO_TEST_CASE(CommandLineBeatsFilesAndTheFirstFileWins) {
  TemporaryFolder folder;
  write_file_atomically(folder / "one.ini", "[train]\ncount = 1\n");
  write_file_atomically(folder / "two.ini", "[train]\ncount = 2\nrate = 2\n[input]\nname = two\n");
  Command command;
  parses(command, {"--config", (folder / "one.ini").string(), "--config",
                   (folder / "two.ini").string(), "--input.name", "mine"});
  BOOST_TEST(command.fields.count == 1);
  BOOST_TEST(command.fields.rate == 2.0);
  BOOST_TEST(command.fields.name == "mine");
}

BOOST_AUTO_TEST_CASE(UnknownKeyNamesTheNearestOne) {
  Command command;
  BOOST_CHECK_EXCEPTION(parses(command, {"--train.cuont", "7"}), Error,
                        has("train.count", ExitCode::kUsage));
}

BOOST_AUTO_TEST_CASE(UnknownKeyInAFileNamesFileAndLine) {
  TemporaryFolder folder;
  write_file_atomically(folder / "bad.ini", "# a comment\n[train]\nrat = 2\n");
  Command command;
  BOOST_CHECK_EXCEPTION(parses(command, {"--config", (folder / "bad.ini").string()}), Error,
                        has("bad.ini:3", ExitCode::kUsage));
}

BOOST_AUTO_TEST_CASE(RepeatedIllTypedAndForeignValuesAreRefused) {
  const std::vector<std::vector<std::string>> wrong = {{"--train.count", "1", "--train.count", "2"},
                                                       {"--train.count", "seven"},
                                                       {"--train.count", "1.5"},
                                                       {"--train.rate", "fast"},
                                                       {"--train.flag", "perhaps"},
                                                       {"--input.kind", "c"},
                                                       {"stray"},
                                                       {"--train"}};
  for (const auto& words : wrong) {
    Command command;
    BOOST_CHECK_EXCEPTION(parses(command, words), Error, has("", ExitCode::kUsage));
  }
}

// Boost puts names into its sentence until no mark of a name is left in it.
BOOST_AUTO_TEST_CASE(NameWithAMarkOfBoostIsRefused) {
  for (const char* word :
       {"--%canonical_option%=", "--train.count=", "-%prefix%=", "--%original_token%="}) {
    Command command;
    BOOST_CHECK_EXCEPTION(parses(command, {word}), Error, has("command line: ", ExitCode::kUsage));
  }
}

BOOST_AUTO_TEST_CASE(MissingRequiredKeyIsNamed) {
  Command command;
  command.options.require("input.name");
  BOOST_CHECK_EXCEPTION(parses(command, {}), Error, has("input.name", ExitCode::kUsage));
}

BOOST_AUTO_TEST_CASE(ResolvedConfigurationReproducesItself) {
  TemporaryFolder folder;
  Command first;
  parses(first, {"--train.rate", "0.1", "--input.files", "x", "y z", "--train.flag", "true"});
  write_file_atomically(folder / "config.ini", first.options.resolved());
  Command second;
  parses(second, {"--config", (folder / "config.ini").string()});
  BOOST_TEST(second.options.resolved() == first.options.resolved());
  BOOST_TEST((second.fields.files == first.fields.files));
}

BOOST_AUTO_TEST_CASE(KeysWithoutEffectAreLeftOutOfTheComparison) {
  Command command;
  command.options.mark_no_effect_on_result("train.count");
  parses(command, {"--train.count", "9"});
  BOOST_TEST(command.options.resolved(true).find("count") == std::string::npos);
  BOOST_TEST(command.options.resolved(false).find("count = 9") != std::string::npos);
}

BOOST_AUTO_TEST_CASE(AKeyOfAnyLengthIsRefusedAtOnce, *boost::unit_test::timeout(5)) {
  const TemporaryFolder folder;
  const auto file = folder.write("long.ini", std::string(4'000'000, 'k') + " = 1\n");
  Command command;
  BOOST_CHECK_EXCEPTION(
      parses(command, {"--config", file.string()}), Error, [](const Error& error) {
        const std::string sentence = error.what();
        return error.code() == ExitCode::kUsage && sentence.size() < 2100 &&
               sentence.ends_with("is not a key of `arf try` (`arf try --help` lists all)");
      });
}

BOOST_AUTO_TEST_CASE(AConfigurationMayBeAPipe) {
  const TemporaryFolder folder;
  const auto pipe = folder / "pipe";
  BOOST_REQUIRE(::mkfifo(pipe.c_str(), 0600) == 0);
  std::thread writer([&] { std::ofstream(pipe) << "[train]\ncount = 7\n"; });
  Command command;
  BOOST_TEST(parses(command, {"--config", pipe.string()}));
  writer.join();
  BOOST_TEST(command.fields.count == 7);
}

BOOST_AUTO_TEST_CASE(EachValueOfAListHasItsPlace) {
  const TemporaryFolder folder;
  const std::string file = folder.write("c.ini", "[input]\n# two\nfiles = x\n\nfiles = y\n");
  Command command;
  BOOST_TEST(parses(command, {"--config", file}));
  BOOST_TEST(command.options.place_of("input.files", 0) == file + ":3");
  BOOST_TEST(command.options.place_of("input.files", 1) == file + ":5");
  Command line;  // which wins
  BOOST_TEST(parses(line, {"--config", file, "--input.files", "z"}));
  BOOST_TEST(line.options.place_of("input.files", 0) == "command line");
}

BOOST_AUTO_TEST_CASE(OneKeyMayStandInForAnother) {
  Command none, first, instead;
  for (Command* command : {&none, &first, &instead})
    command->options.require_unless("input.files", "input.name");
  BOOST_CHECK_EXCEPTION(parses(none, {}), Error,
                        has("arf try needs --input.name", ExitCode::kUsage));
  BOOST_TEST(parses(first, {"--input.name", "x"}));
  BOOST_TEST(parses(instead, {"--input.files", "x"}));
}

BOOST_AUTO_TEST_SUITE_END()
