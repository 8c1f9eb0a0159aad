#include "config/options.h"

#include <algorithm>
#include <boost/program_options/errors.hpp>
#include <boost/program_options/options_description.hpp>
#include <boost/program_options/parsers.hpp>
#include <charconv>
#include <cmath>
#include <cstdio>
#include <limits>
#include <map>
#include <sstream>

#include "core/error.h"
#include "core/file.h"
#include "core/json.h"
#include "core/utf8.h"

namespace arf {
namespace {

constexpr std::size_t kLongestKey = 64;

template <typename T>
T parse_number(const std::string& text, const std::string& key, const std::string& place,
               const char* wanted) {
  T value{};
  const char* begin = text.data();
  const auto [end, code] = std::from_chars(begin, begin + text.size(), value);
  if (code == std::errc::result_out_of_range && end == begin + text.size()) {
    usage_error("{}: --{} is `{}`; it takes a number from {} to {}", place, key, text,
                std::numeric_limits<T>::lowest(), std::numeric_limits<T>::max());
  }
  if constexpr (std::is_floating_point_v<T>) {
    if (!std::isfinite(value)) {  // an alarm at NaN would never be one
      usage_error("{}: --{} is `{}`; it takes a finite number", place, key, text);
    }
  }
  if (code != std::errc() || end != begin + text.size()) {
    usage_error("{}: --{} is `{}`; it takes {}", place, key, text, wanted);
  }
  return value;
}

bool parse_flag(const std::string& text, const std::string& key, const std::string& place) {
  if (text == "true" || text == "1" || text == "yes" || text.empty()) return true;
  if (text == "false" || text == "0" || text == "no") return false;
  usage_error("{}: --{} is `{}`; it takes true or false", place, key, text);
}

std::size_t edit_distance(const std::string& a, const std::string& b) {
  std::vector<std::size_t> row(b.size() + 1);
  for (std::size_t j = 0; j <= b.size(); ++j) row[j] = j;
  for (std::size_t i = 1; i <= a.size(); ++i) {
    std::size_t diagonal = row[0];
    row[0] = i;
    for (std::size_t j = 1; j <= b.size(); ++j) {
      const std::size_t kept = diagonal + (a[i - 1] != b[j - 1]);
      diagonal = row[j];
      row[j] = std::min({row[j] + 1, row[j - 1] + 1, kept});
    }
  }
  return row[b.size()];
}

std::string trim(const std::string& text) {
  const auto first = text.find_first_not_of(" \t\r");
  if (first == std::string::npos) return "";
  return text.substr(first, text.find_last_not_of(" \t\r") - first + 1);
}

std::string number_text(double value) {
  char buffer[64];
  const auto end = std::to_chars(buffer, buffer + sizeof buffer, value).ptr;
  return {buffer, end};
}

std::string from_file(const std::string& value, const std::string& place) {
  if (!value.starts_with('"')) return value;
  const Json json = Json::parse(value, nullptr, /*allow_exceptions=*/false);
  if (!json.is_string())
    usage_error("{}: {} is no string in quotes, as JSON has them", place, value);
  return json.get<std::string>();
}

}  // namespace

Options::Options(std::string command, std::string summary)
    : command_(std::move(command)), summary_(std::move(summary)) {}

Options::Entry& Options::push(const std::string& key, const std::string& unit,
                              const std::string& help) {
  ARF_CHECK(find(key) == nullptr, "option {} is declared twice", key);
  entries_.push_back({});
  entries_.back().key = key;
  entries_.back().unit = unit;
  entries_.back().help = help;
  return entries_.back();
}

void Options::add(const std::string& key, bool* field, const std::string& unit,
                  const std::string& help) {
  Entry& entry = push(key, unit, help);
  entry.is_flag = true;
  entry.set = [=](const auto& v, const auto& place) { *field = parse_flag(v.at(0), key, place); };
  entry.get = [=] { return std::vector<std::string>{*field ? "true" : "false"}; };
}

void Options::add(const std::string& key, int* field, const std::string& unit,
                  const std::string& help) {
  Entry& entry = push(key, unit, help);
  entry.set = [=](const auto& v, const auto& place) {
    *field = parse_number<int>(v.at(0), key, place, "a whole number");
  };
  entry.get = [=] { return std::vector<std::string>{std::to_string(*field)}; };
}

void Options::add(const std::string& key, std::int64_t* field, const std::string& unit,
                  const std::string& help) {
  Entry& entry = push(key, unit, help);
  entry.set = [=](const auto& v, const auto& place) {
    *field = parse_number<std::int64_t>(v.at(0), key, place, "a whole number");
  };
  entry.get = [=] { return std::vector<std::string>{std::to_string(*field)}; };
}

void Options::add(const std::string& key, std::uint64_t* field, const std::string& unit,
                  const std::string& help) {
  Entry& entry = push(key, unit, help);
  entry.set = [=](const auto& v, const auto& place) {
    *field = parse_number<std::uint64_t>(v.at(0), key, place, "a whole number >= 0");
  };
  entry.get = [=] { return std::vector<std::string>{std::to_string(*field)}; };
}

void Options::add(const std::string& key, double* field, const std::string& unit,
                  const std::string& help) {
  Entry& entry = push(key, unit, help);
  entry.set = [=](const auto& v, const auto& place) {
    *field = parse_number<double>(v.at(0), key, place, "a number");
  };
  entry.get = [=] { return std::vector<std::string>{number_text(*field)}; };
}

void Options::add(const std::string& key, std::string* field, const std::string& unit,
                  const std::string& help) {
  Entry& entry = push(key, unit, help);
  entry.set = [=](const auto& v, const auto&) { *field = v.at(0); };
  entry.get = [=] { return std::vector<std::string>{*field}; };
}

void Options::add(const std::string& key, std::vector<std::string>* field, const std::string& unit,
                  const std::string& help) {
  Entry& entry = push(key, unit, help);
  entry.is_list = true;
  entry.set = [=](const auto& v, const auto&) { *field = v; };
  entry.get = [=] { return *field; };
}

void Options::add_choice(const std::string& key, std::string* field,
                         std::vector<std::string> allowed, const std::string& help) {
  Entry& entry = push(key, "", help);
  entry.allowed = allowed;
  entry.set = [=](const auto& v, const auto& place) {
    if (std::find(allowed.begin(), allowed.end(), v.at(0)) == allowed.end()) {
      usage_error("{}: --{} is `{}`; it takes one of {}", place, key, v.at(0),
                  fmt::format("{}", fmt::join(allowed, ", ")));
    }
    *field = v.at(0);
  };
  entry.get = [=] { return std::vector<std::string>{*field}; };
}

void Options::at_least(const std::string& key, std::int64_t least) {
  ARF_CHECK(find(key), "no option {}", key);
  find(key)->least = least;
}

void Options::mark_no_effect_on_result(const std::string& key) {
  ARF_CHECK(find(key), "no option {}", key);
  find(key)->affects_result = false;
}

void Options::require(const std::string& key) {
  ARF_CHECK(find(key), "no option {}", key);
  find(key)->required = true;
}

void Options::require_unless(const std::string& instead, const std::string& key) {
  require(key);
  find(key)->instead = instead;
}

Options::Entry* Options::find(const std::string& key) {
  const auto at = std::find_if(entries_.begin(), entries_.end(),
                               [&](const Entry& entry) { return entry.key == key; });
  return at == entries_.end() ? nullptr : &*at;
}

bool Options::was_given(const std::string& key) const {
  return std::any_of(entries_.begin(), entries_.end(),
                     [&](const Entry& entry) { return entry.key == key && entry.given; });
}

std::string Options::place_of(const std::string& key, std::size_t index) const {
  for (const Entry& entry : entries_) {
    if (entry.key == key && index < entry.places.size()) return entry.places[index];
  }
  return "command line";
}

// Nothing for what is no key at all: the distance takes a time of both lengths' product.
std::string Options::nearest(const std::string& key) const {
  if (key.size() > kLongestKey) return "";
  std::string best;
  std::size_t least = std::string::npos;
  for (const Entry& entry : entries_) {
    const std::size_t distance = edit_distance(entry.key, key);
    if (distance < least) best = entry.key;
    least = std::min(least, distance);
  }
  return best;
}

void Options::assign(const std::string& key, const std::vector<std::string>& values,
                     const std::string& place) {
  Entry* entry = find(key);
  if (!entry) {
    const std::string near = nearest(key);
    usage_error("{}: --{} is not a key of `arf {}`{} (`arf {} --help` lists all)", place, key,
                command_, near.empty() ? "" : "; the nearest is --" + near, command_);
  }
  if (values.empty() && !entry->is_flag) usage_error("{}: --{} needs a value", place, key);
  if (values.size() > 1 && !entry->is_list) {
    usage_error("{}: --{} takes one value, not {} (`{}`)", place, key, values.size(), values[1]);
  }
  for (const std::string& value : values) {
    if (!is_utf8(value)) {
      usage_error("{}: the value of --{} is not UTF-8, and config.ini cannot hold it", place, key);
    }
    if (value.find('\0') != std::string::npos) {
      usage_error("{}: the value of --{} holds a NUL, and no command line and no name can", place,
                  key);
    }
  }
  entry->set(values.empty() ? std::vector<std::string>{""} : values, place);
  if (entry->least && std::stoll(entry->get().at(0)) < *entry->least) {
    usage_error("{}: --{} is {}; it takes {} or more", place, key, values[0], *entry->least);
  }
  entry->given = true;
}

void Options::parse_file(const std::filesystem::path& path) {
  if (!std::filesystem::exists(path)) {
    usage_error("--config {}: there is no such file", path.string());
  }
  if (std::filesystem::is_directory(path)) {
    usage_error("--config {}: is a directory; name its config.ini", path.string());
  }
  // Boost's INI parser loses line numbers, and an error must name the line.
  std::istringstream lines(read_file_or_pipe(path, kMostConfigBytes));
  std::string line, section;
  struct Value {
    std::string key;
    std::vector<std::string> values, places;
  };
  std::vector<Value> found;
  std::map<std::string, std::size_t> where;  // by key, in `found`
  for (int number = 1; std::getline(lines, line); ++number) {
    const std::string place = fmt::format("{}:{}", path.string(), number);
    if (number == 1 && line.starts_with("\xef\xbb\xbf")) line.erase(0, 3);  // byte-order mark
    line = trim(line);
    if (line.empty() || line[0] == '#' || line[0] == ';') continue;
    if (line.front() == '[' && line.back() == ']') {
      section = trim(line.substr(1, line.size() - 2));
      continue;
    }
    const auto equals = line.find('=');
    if (equals == std::string::npos) {
      usage_error("{}: `{}` is neither [section] nor key = value", place, line);
    }
    std::string key = trim(line.substr(0, equals));
    if (!section.empty()) key = section + "." + key;
    const std::string value = from_file(trim(line.substr(equals + 1)), place);
    const auto [same, is_new] = where.emplace(key, found.size());
    const Entry* entry = find(key);
    if (is_new) {
      found.push_back({key, {value}, {place}});
    } else if (entry && entry->is_list) {
      found[same->second].values.push_back(value);
      found[same->second].places.push_back(place);
    } else {
      usage_error("{}: {} is given twice, first at {}", place, key, found[same->second].places[0]);
    }
  }
  for (const Value& value : found) {
    Entry* entry = find(value.key);
    if (entry && entry->given) continue;  // the command line, or an earlier file, has it
    assign(value.key, value.values, value.places[0]);
    entry->places = value.places;
  }
}

bool Options::parse(const std::vector<std::string>& arguments) {
  namespace po = boost::program_options;
  po::options_description description;
  for (Entry& entry : entries_) {
    entry.initial = entry.get();
    auto* value = po::value<std::vector<std::string>>();
    if (entry.is_list) value->multitoken();
    if (entry.is_flag) value->implicit_value({"true"}, "true");
    description.add_options()(entry.key.c_str(), value);
  }
  std::vector<std::string> files;
  description.add_options()("config", po::value<std::vector<std::string>>())("help,h", "");
  try {
    const auto parsed =
        po::command_line_parser(arguments)
            .options(description)
            .style(po::command_line_style::allow_long |
                   po::command_line_style::long_allow_adjacent |
                   po::command_line_style::long_allow_next | po::command_line_style::allow_short |
                   po::command_line_style::short_allow_next |
                   po::command_line_style::allow_dash_for_short)
            .allow_unregistered()
            .run();
    for (const auto& option : parsed.options) {
      if (option.string_key == "help") {
        print_help();
        return false;
      }
    }
    for (const auto& option : parsed.options) {
      if (option.position_key >= 0) {
        usage_error("command line: `{}` is not an option; options are written --section.key VALUE",
                    option.value.empty() ? option.original_tokens.at(0) : option.value[0]);
      }
      if (option.string_key == "config") {
        files.insert(files.end(), option.value.begin(), option.value.end());
        continue;
      }
      const Entry* entry = find(option.string_key);
      if (entry && entry->given) {
        usage_error("command line: --{} is given twice{}", option.string_key,
                    entry->is_list ? "; the values of a list follow one key" : "");
      }
      assign(option.string_key, option.value, "command line");
    }
  } catch (const po::error& error) {
    // Boost's sentence has marks like %option% for names, and is endless where a name has one in
    // it.
    const bool is_safe = std::none_of(arguments.begin(), arguments.end(), [](const auto& word) {
      return word.find('%') != std::string::npos;
    });
    usage_error("command line: {} (`arf {} --help` lists all keys)",
                is_safe ? error.what() : "an option cannot be understood", command_);
  }
  for (const std::string& file : files) parse_file(file);
  for (const Entry& entry : entries_) {
    if (entry.required && !entry.given && !was_given(entry.instead)) {
      usage_error("arf {} needs --{}: {}", command_, entry.key, entry.help);
    }
  }
  return true;
}

void add_run_settings(Options& options, RunSettings* settings) {
  options.add("output", &settings->output, "",
              "Directory of the results; made if it is not there.");
  options.add("run.seed", &settings->seed, "", "Key of all random numbers.");
  options.add("run.threads", &settings->threads, "threads",
              "Worker threads of a rank; 0: the cores divided among the ranks of the host.");
  options.add_choice("log.format", &settings->log_format, {"text", "json"},
                     "Form of the log on stderr.");
  options.add("json", &settings->json, "", "Print the result on stdout as one JSON document.");
  options.at_least("run.threads", 0);
  for (const char* key : {"output", "run.threads", "log.format", "json"}) {
    options.mark_no_effect_on_result(key);
  }
}

void add_resume_setting(Options& options, RunSettings* settings) {
  options.add_choice("run.resume", &settings->resume, {"auto", "never", "require"},
                     "Whether an unfinished run in the output directory is continued.");
  options.mark_no_effect_on_result("run.resume");
}

}  // namespace arf
