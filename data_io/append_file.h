// Text files of a run that grow line by line and are cut to a checkpoint's position when it goes
// on.
#pragma once

#include <cstdint>
#include <filesystem>
#include <string>

namespace arf {

// 0: an empty file. input_error where it is shorter than that.
void cut_to(const std::filesystem::path& path, std::uint64_t bytes);

// Writes the line through; the bytes with its end. resource_error where it cannot be written: what
// was written of it is cut off again.
std::uint64_t append_line(const std::filesystem::path& path, const std::string& line);

}  // namespace arf
