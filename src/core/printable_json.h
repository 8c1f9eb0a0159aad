// JSON for stdout, which may be a terminal.
#pragma once

#include <string>

#include "core/json.h"

namespace arf {

// The value's text; control characters that JSON allows raw (DEL, U+0080 to U+009F) are escaped,
// and bytes that are not UTF-8 (of a file's name) stand as U+FFFD.
// indent: -1 for one line.
std::string printable_json(const Json& value, int indent = -1);

}  // namespace arf
