// Options of a command: each key is bound to a field of a typed struct that lives beside its
// owner. Loaded once, from the command line and INI files; unknown, repeated and ill-typed keys
// are errors that name the key, the place and the nearest real key.
#pragma once

#include <cstdint>
#include <filesystem>
#include <functional>
#include <optional>
#include <string>
#include <vector>

namespace arf {

inline constexpr std::uint64_t kMostConfigBytes = 16 << 20;  // of a file of keys

class Options {
 public:
  // command: "train"; summary: one sentence for --help.
  Options(std::string command, std::string summary);

  // Binds a key ("section.name") to a field, whose present value is the default. unit: "" or what
  // the number counts. Supported: bool, int, int64, uint64, double, string, list of strings (given
  // one after another on the command line, one `key = value` line each in a file).
  void add(const std::string& key, bool* field, const std::string& unit, const std::string& help);
  void add(const std::string& key, int* field, const std::string& unit, const std::string& help);
  void add(const std::string& key, std::int64_t* field, const std::string& unit,
           const std::string& help);
  void add(const std::string& key, std::uint64_t* field, const std::string& unit,
           const std::string& help);
  void add(const std::string& key, double* field, const std::string& unit, const std::string& help);
  void add(const std::string& key, std::string* field, const std::string& unit,
           const std::string& help);
  void add(const std::string& key, std::vector<std::string>* field, const std::string& unit,
           const std::string& help);
  // A string that must be one of `allowed`.
  void add_choice(const std::string& key, std::string* field, std::vector<std::string> allowed,
                  const std::string& help);
  // A whole number that must not be below `least`.
  void at_least(const std::string& key, std::int64_t least);
  // The result does not depend on it (threads, log format): left out of the comparison at resume.
  void mark_no_effect_on_result(const std::string& key);
  // The run cannot start without it; or without it and without `instead`, in whose place it is.
  void require(const std::string& key);
  void require_unless(const std::string& instead, const std::string& key);

  // Parses `arguments` (after the command's name) and the --config files. False: --help was asked
  // for and printed on stdout. usage_error otherwise on anything wrong.
  bool parse(const std::vector<std::string>& arguments);

  const std::string& command() const { return command_; }
  bool was_given(const std::string& key) const;
  // Where a list's value stands: "FILE:LINE" or "command line".
  std::string place_of(const std::string& key, std::size_t index) const;
  // The resolved configuration as INI text that reproduces the run; keys in order of `add`.
  std::string resolved(bool only_what_affects_the_result = false) const;
  // Every key with its value (of a list, all of them), as resolved() writes it.
  std::vector<std::pair<std::string, std::string>> values() const;

 private:
  struct Entry {
    std::string key, unit, help;
    std::vector<std::string> allowed;
    std::optional<std::int64_t> least;
    std::function<void(const std::vector<std::string>&, const std::string& place)> set;
    std::function<std::vector<std::string>()> get;
    std::vector<std::string> initial;  // what get() gave before parse()
    std::vector<std::string> places;   // of the values that a file has
    std::string instead;               // required where this key is not given
    bool is_flag = false, is_list = false, affects_result = true, required = false, given = false;
  };
  Entry& push(const std::string& key, const std::string& unit, const std::string& help);
  Entry* find(const std::string& key);
  void assign(const std::string& key, const std::vector<std::string>& values,
              const std::string& place);
  void parse_file(const std::filesystem::path& path);
  void print_help() const;
  std::string nearest(const std::string& key) const;

  std::string command_, summary_;
  std::vector<Entry> entries_;
};

// Keys that every command has; `--output DIR` is output. `resume` only where a command can go on.
struct RunSettings {
  std::string output;           // directory of the results
  std::string resume = "auto";  // auto | never | require
  std::uint64_t seed = 1;
  int threads = 0;                  // worker threads of a rank; 0: cores / ranks on this host
  std::string log_format = "text";  // text | json
  bool json = false;                // result on stdout as one JSON document
};
void add_run_settings(Options& options, RunSettings* settings);
void add_resume_setting(Options& options, RunSettings* settings);

}  // namespace arf
