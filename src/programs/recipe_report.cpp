#include "programs/recipe_report.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>

#include "data_io/recipe_source.h"
#include "report/html.h"

namespace arf {
namespace {

using Counts = std::array<std::uint64_t, kNumLabels>;  // by class

std::uint64_t sum_of(const Counts& counts) {
  std::uint64_t sum = 0;
  for (const std::uint64_t count : counts) sum += count;
  return sum;
}

// A source, or all of them.
struct Line {
  std::string name;
  std::array<Counts, kNumParts> parts{};

  Counts classes() const {
    Counts sums{};
    for (const Counts& counts : parts) {
      for (std::size_t label = 0; label < kNumLabels; ++label) sums[label] += counts[label];
    }
    return sums;
  }
  void add(const Line& other) {
    for (std::size_t part = 0; part < kNumParts; ++part) {
      for (std::size_t label = 0; label < kNumLabels; ++label)
        parts[part][label] += other.parts[part][label];
    }
  }
};

// The sources, and their sum as the last.
std::vector<Line> lines_of(const Json& recipe) {
  std::vector<Line> lines;
  Line all{"all"};
  for (const Json& source : recipe["sources"]) {
    Line line{source["name"].get<std::string>()};
    for (std::size_t part = 0; part < kNumParts; ++part) {
      for (std::size_t label = 0; label < kNumLabels; ++label) {
        line.parts[part][label] =
            source["parts"][kPartNames[part]][kLabelNames[label]].get<std::uint64_t>();
      }
    }
    all.add(line);
    lines.push_back(line);
  }
  lines.push_back(all);
  return lines;
}

// How many of kLabelNames are shown: "none" only where a row has no class.
std::size_t labels_shown(const std::vector<Line>& lines) {
  return lines.back().classes()[kNumLabels - 1] > 0 ? kNumLabels : kNumLabels - 1;
}

std::string share(std::uint64_t part, std::uint64_t whole) {
  const double percent = whole ? 100 * static_cast<double>(part) / static_cast<double>(whole) : 0.0;
  return fmt::format("{:.1f} %", percent);
}

HtmlTable counts_table(const std::vector<Line>& lines) {
  const std::size_t shown = labels_shown(lines);
  HtmlTable table{{"source"}, {}};
  table.head.insert(table.head.end(), kLabelNames, kLabelNames + shown);
  for (const char* head : {"rows", "largest class", "train", "validation", "test"})
    table.head.emplace_back(head);
  for (const Line& line : lines) {
    const Counts classes = line.classes();
    std::vector<std::string> row{line.name};
    for (std::size_t i = 0; i < shown; ++i) row.push_back(std::to_string(classes[i]));
    row.push_back(std::to_string(sum_of(classes)));
    row.push_back(share(*std::max_element(classes.begin(), classes.end()), sum_of(classes)));
    for (const Counts& part : line.parts) row.push_back(std::to_string(sum_of(part)));
    table.rows.push_back(row);
  }
  table.marked_row = static_cast<int>(lines.size()) - 1;
  return table;
}

HtmlTable parts_table(const std::vector<Line>& lines) {
  const std::size_t shown = labels_shown(lines);
  HtmlTable table{{"part, source"}, {}};
  table.head.insert(table.head.end(), kLabelNames, kLabelNames + shown);
  for (std::size_t part = 0; part < kNumParts; ++part) {
    for (const Line& line : lines) {
      const Counts& counts = line.parts[part];
      std::vector<std::string> row{fmt::format("{}, {}", kPartNames[part], line.name)};
      for (std::size_t i = 0; i < shown; ++i)
        row.push_back(fmt::format("{} ({})", counts[i], share(counts[i], sum_of(counts))));
      if (sum_of(counts) > 0) table.rows.push_back(row);
    }
  }
  return table;
}

// Rows of `key` (left_out, not_read, cleaned): reason, source, how many, and `share_of_read`.
void add_reasons(const Json& source, const char* key, bool share_of_read, HtmlTable* table) {
  for (const auto& [reason, count] : source[key].items()) {
    const auto texts = count.get<std::uint64_t>();
    table->rows.push_back({reason, source["name"].get<std::string>(), std::to_string(texts),
                           share_of_read ? share(texts, source["read"].get<std::uint64_t>()) : ""});
  }
}

HtmlTable left_out_table(const Json& recipe) {
  HtmlTable table{{"left out", "source", "count", "of the texts read"}, {}};
  for (const Json& source : recipe["sources"]) {
    add_reasons(source, "not_read", false, &table);
    const auto skipped = source["skipped"].get<std::uint64_t>();
    if (skipped > 0) {
      table.rows.push_back({"records that could not be read (on_error=skip)",
                            source["name"].get<std::string>(), std::to_string(skipped), ""});
    }
    add_reasons(source, "left_out", true, &table);
  }
  return table;
}

HtmlTable cleaned_table(const Json& recipe) {
  HtmlTable table{{"cleaned", "source", "texts", "of the texts read"}, {}};
  for (const Json& source : recipe["sources"]) add_reasons(source, "cleaned", true, &table);
  return table;
}

std::size_t width_of(const HtmlTable& table, std::size_t column) {
  std::size_t width = table.head[column].size();
  for (const auto& row : table.rows) width = std::max(width, row[column].size());
  return width;
}

// All cells are ASCII: names of sources, our own words, numbers.
std::string text_of(const HtmlTable& table, std::size_t left_columns) {
  std::string text;
  const auto add = [&](const std::vector<std::string>& row) {
    std::string line;
    for (std::size_t i = 0; i < row.size(); ++i) {
      const std::size_t width = width_of(table, i);
      line += i < left_columns ? fmt::format("{:<{}}  ", row[i], width)
                               : fmt::format("{:>{}}  ", row[i], width);
    }
    text += line.substr(0, line.find_last_not_of(' ') + 1) + "\n";
  };
  add(table.head);
  for (const auto& row : table.rows) add(row);
  return text;
}

}  // namespace

std::string recipe_text(const Json& recipe) {
  const HtmlTable left_out = left_out_table(recipe);
  const HtmlTable cleaned = cleaned_table(recipe);
  std::string text = text_of(counts_table(lines_of(recipe)), 1);
  if (!left_out.rows.empty()) text += "\n" + text_of(left_out, 2);
  if (!cleaned.rows.empty()) text += "\n" + text_of(cleaned, 2);
  return text;
}

std::string recipe_report(const Json& recipe, const std::string& config) {
  const std::vector<Line> lines = lines_of(recipe);
  const std::string task = recipe["task"].get<std::string>();
  HtmlPage page(task.empty() ? "A corpus by recipe" : task + ", a corpus by recipe",
                fmt::format("{} rows of {} sources; digest {}", recipe["rows"].get<std::uint64_t>(),
                            recipe["sources"].size(), recipe["digest"].get<std::string>()));
  page.section(
      "Sources and classes",
      "A row's class is that of its label (of several, of their mean). \"Largest class\" is "
      "the accuracy of always saying it.");
  page.table(counts_table(lines));
  page.section(
      "Parts",
      "Split by a hash of the text, source by source and class by class. No text is in two "
      "parts: texts are the same where they differ in case, white space or the form of "
      "quotation marks only.");
  page.table(parts_table(lines));
  page.section("What was left out",
               "Where copies of a text in one source have several classes, that of most copies is "
               "taken; without one the text is left out. Between sources the first has it.");
  page.table(left_out_table(recipe));
  page.section(
      "What was changed in texts",
      "Links became `http`, users' names and e-mail addresses `@user`; HTML references and "
      "UTF-8 read as Latin-1 became what they mean. Emoji and placeholders as [NAME] are as "
      "they were.");
  page.table(cleaned_table(recipe));
  page.section("The run");
  page.folded("config.ini", config);
  page.folded("recipe.json", recipe.dump(2, ' ', false, Json::error_handler_t::replace));
  return page.html();
}

}  // namespace arf
