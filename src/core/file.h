// Whole-file reads and writes that leave either the old file or the new one, never half of one.
#pragma once

#include <filesystem>
#include <string>
#include <string_view>

namespace arf {

// The whole file. input_error with the path and the system's reason.
std::string read_file(const std::filesystem::path& path);

// Writes beside, fsyncs, renames. resource_error (exit 4) names path, size and reason; what was
// there before is then untouched and the temporary file is gone.
void write_file_atomically(const std::filesystem::path& path, std::string_view bytes);

void fsync_path(const std::filesystem::path& path);  // a file or a directory

// Creates the directory and its parents; resource_error where it cannot.
void make_directories(const std::filesystem::path& path);

}  // namespace arf
