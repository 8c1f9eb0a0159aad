#include "report/html.h"

#include <fmt/format.h>

#include <cmath>

#include "report/style_sheet.h"

namespace arf {

std::string escape_html(std::string_view text) {
  std::string out;
  out.reserve(text.size());
  constexpr const char* kReplacement = "\xEF\xBF\xBD";
  for (std::size_t i = 0; i < text.size(); ++i) {
    const char c = text[i];
    // U+0080 to U+009F are control characters, too; in UTF-8 two bytes.
    if (c == '\xC2' && i + 1 < text.size() && text[i + 1] >= '\x80' && text[i + 1] <= '\x9F') {
      out += kReplacement;
      ++i;
      continue;
    }
    switch (c) {
      case '&':
        out += "&amp;";
        break;
      case '<':
        out += "&lt;";
        break;
      case '>':
        out += "&gt;";
        break;
      case '"':
        out += "&quot;";
        break;
      case '\'':
        out += "&#39;";
        break;
      default:
        if ((static_cast<unsigned char>(c) < 0x20 && c != '\n' && c != '\t') || c == 0x7f) {
          out += kReplacement;
        } else {
          out += c;
        }
    }
  }
  return out;
}

std::string readable_number(double value) {
  if (!std::isfinite(value)) return "–";
  const double size = std::abs(value);
  if (size < 1000) {
    if (size != 0 && size < 0.001) return fmt::format("{:.1e}", value);
    return fmt::format("{:.{}f}", value, size < 10 ? 3 : size < 100 ? 2 : 1);
  }
  std::string digits = fmt::format("{:.0f}", value);
  const std::size_t first = digits[0] == '-' ? 1 : 0;
  for (std::size_t i = digits.size(); i > first + 3; i -= 3) digits.insert(i - 3, 1, ',');
  return digits;
}

HtmlPage::HtmlPage(std::string title, std::string lead)
    : title_(std::move(title)), lead_(std::move(lead)) {}

void HtmlPage::section(const std::string& title, const std::string& note) {
  body_ += fmt::format("<h2>{}</h2>\n", escape_html(title));
  if (!note.empty()) paragraph(note);
}

void HtmlPage::paragraph(const std::string& text) {
  body_ += fmt::format("<p class=\"note\">{}</p>\n", escape_html(text));
}

void HtmlPage::table(const HtmlTable& table) {
  body_ += fmt::format("<div class=\"wide\"><table{}>\n<thead><tr>",
                       table.text_only ? " class=\"words\"" : "");
  for (const auto& cell : table.head) body_ += fmt::format("<th>{}</th>", escape_html(cell));
  body_ += "</tr></thead>\n<tbody>\n";
  for (std::size_t r = 0; r < table.rows.size(); ++r) {
    body_ += static_cast<int>(r) == table.marked_row ? "<tr class=\"marked\">" : "<tr>";
    for (const auto& cell : table.rows[r]) body_ += fmt::format("<td>{}</td>", escape_html(cell));
    body_ += "</tr>\n";
  }
  body_ += "</tbody></table></div>\n";
}

void HtmlPage::figures(const std::vector<std::string>& svgs) {
  body_ += "<div class=\"charts\">\n";
  for (const auto& svg : svgs) body_ += fmt::format("<figure>{}</figure>\n", svg);
  body_ += "</div>\n";
}

void HtmlPage::comparison(const std::string& prompt, const std::vector<Column>& columns) {
  body_ += fmt::format("<article><p class=\"prompt\">{}</p>\n<div class=\"replies\">\n",
                       escape_html(prompt));
  for (const Column& column : columns) {
    body_ += fmt::format("<div><h3>{}</h3><p>{}</p></div>\n", escape_html(column.heading),
                         column.text.empty() ? "<em>(empty)</em>" : escape_html(column.text));
  }
  body_ += "</div></article>\n";
}

void HtmlPage::folded(const std::string& summary, const std::string& text) {
  body_ += fmt::format("<details><summary>{}</summary><pre>{}</pre></details>\n",
                       escape_html(summary), escape_html(text));
}

std::string HtmlPage::html() const {
  return fmt::format(
      "<!doctype html>\n<html lang=\"en\">\n<head>\n<meta charset=\"utf-8\">\n"
      "<meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\n"
      "<title>{0}</title>\n<style>\n{2}</style>\n</head>\n<body>\n<main>\n"
      "<h1>{0}</h1>\n<p class=\"lead\">{1}</p>\n{3}</main>\n</body>\n</html>\n",
      escape_html(title_), escape_html(lead_), kStyleSheet, body_);
}

}  // namespace arf
