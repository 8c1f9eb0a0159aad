// A report page: one file, no network, light and dark, readable on paper.
#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace arf {

// Text as text, whatever it holds: & < > " ' become references; control characters that HTML
// forbids become U+FFFD.
std::string escape_html(std::string_view text);

// A number to read: 3 to 4 significant digits, thousands with commas, "not a number" as a dash.
std::string readable_number(double value);

// Cells are text (they are escaped); columns after the first hold numbers and stand on the right.
struct HtmlTable {
  std::vector<std::string> head;
  std::vector<std::vector<std::string>> rows;
  int marked_row = -1;     // set in bold
  bool text_only = false;  // all columns stand on the left
};

class HtmlPage {
 public:
  HtmlPage(std::string title, std::string lead);

  void section(const std::string& title, const std::string& note = "");
  void paragraph(const std::string& text);
  void table(const HtmlTable& table);
  void figures(const std::vector<std::string>& svgs);  // side by side where there is room
  // Texts under one prompt, side by side. A column: its heading and its text.
  struct Column {
    std::string heading, text;
  };
  void comparison(const std::string& prompt, const std::vector<Column>& columns);
  void folded(const std::string& summary,
              const std::string& text);  // preformatted, opened on demand
  std::string html() const;

 private:
  std::string title_, lead_, body_;
};

}  // namespace arf
