// Whole-file reads and writes that leave either the old file or the new one, never half of one.
#pragma once

#include <cstdint>
#include <filesystem>
#include <string>
#include <string_view>
#include <system_error>

namespace arf {

// What a file may have that is read whole; a larger one is not what it is taken for.
inline constexpr std::uint64_t kMostFileBytes = std::uint64_t{1} << 30;

// The whole file. input_error with the path: the system's reason, no regular file, more bytes.
std::string read_file(const std::filesystem::path& path, std::uint64_t most_bytes = kMostFileBytes);
// The same of what the user himself named, which may be a pipe: `--config <(...)`.
std::string read_file_or_pipe(const std::filesystem::path& path, std::uint64_t most_bytes);
// Fewer bytes where the file has no more. input_error as above.
std::string read_beginning(const std::filesystem::path& path, std::size_t most_bytes);
// input_error where it is no regular file.
std::uint64_t size_of_file(const std::filesystem::path& path);

// Writes beside, fsyncs, renames. resource_error (exit 4) names path, size and reason; what was
// there before is then untouched and the temporary file is gone.
void write_file_atomically(const std::filesystem::path& path, std::string_view bytes);

// Puts a copy in the place of a file of several names (hard links), synced, so that what is written
// to it changes none of the others; nothing where it has one, or is none. resource_error.
void give_one_name(const std::filesystem::path& path);

// Syncs the name of a file or folder into the folder that has it, which need not be one that may be
// listed. resource_error where that fails.
void sync_name(const std::filesystem::path& path);

std::filesystem::path without_trailing_slash(std::filesystem::path path);
// The folder that has `path`'s name: "." of "x" and of "x/".
std::filesystem::path folder_of(const std::filesystem::path& path);

// Whether `path` leads to what is open as `file`; `failure` where that cannot be told.
bool is_at(int file, const std::filesystem::path& path, std::error_code& failure);

// Creates the directory and its parents; resource_error where it cannot.
void make_directories(const std::filesystem::path& path);

}  // namespace arf
