#include "core/json.h"

#include "core/error.h"
#include "core/file.h"

namespace arf {

Json read_json(const std::filesystem::path& path) {
  const std::string text = read_file(path);
  try {
    return Json::parse(text);
  } catch (const Json::exception& error) {
    input_error("{}: is not valid JSON: {}", path.string(), error.what());
  }
}

}  // namespace arf
