#include "core/printable_json.h"

#include <fmt/format.h>

namespace arf {

std::string printable_json(const Json& value, int indent) {
  const std::string text = value.dump(indent, ' ', false, Json::error_handler_t::replace);
  std::string printable;
  for (std::size_t i = 0; i < text.size(); ++i) {
    const auto byte = static_cast<unsigned char>(text[i]);
    const auto next = static_cast<unsigned char>(i + 1 < text.size() ? text[i + 1] : 0);
    if (byte == 0xC2 && next < 0xA0) {
      printable += fmt::format("\\u{:04x}", next);
      ++i;
    } else if (byte == 0x7F) {
      printable += "\\u007f";
    } else {
      printable += text[i];
    }
  }
  return printable;
}

}  // namespace arf
