// What the fuzzing targets share. An input is accepted, or refused with an input_error (exit 3;
// where a target says so, also with a usage_error, exit 2); anything else ends the process, and
// libFuzzer keeps the input: another exception, a failed ARF_CHECK, another exit code, memory
// beyond memory_bound().
#pragma once

#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <functional>
#include <string>
#include <string_view>
#include <vector>

#include "core/error.h"

namespace arf::fuzz {

// Bytes that reading and using an input of `size` bytes may hold at one time.
std::size_t memory_bound(std::size_t size);

// Runs `body` on an input of `size` bytes under the rules above; it may be refused with exit `also`
// too. With FUZZ_SAY in the environment, says why an input was refused. True: it was accepted.
bool accept_or_refuse(std::size_t size, const std::function<void()>& body,
                      ExitCode also = ExitCode::kInput);

// Ends the process with this sentence unless `holds`: for what must be true of an accepted input.
void require(bool holds, const char* sentence);

// The committed seed of that name (TARGET/FILE). A target whose hashes or layouts are not the
// program's any more refuses every input and finds nothing: it requires first that it accepts one.
std::string seed(const std::string& name);

// The files of an input: its parts lie between lines "%%%%", since a target reads several files.
std::vector<std::string_view> parts(std::string_view input);

// A folder of this process in TMPDIR, which should be in memory (run.sh sees to that).
class Folder {
 public:
  Folder();
  ~Folder();
  Folder(const Folder&) = delete;
  Folder& operator=(const Folder&) = delete;
  const std::filesystem::path& path() const { return path_; }
  // The file with these bytes; no file where there are none.
  void put(const std::string& name, std::string_view bytes) const;

 private:
  std::filesystem::path path_;
};

// A part as the bytes of a safetensors file. One that begins with `{` is the header alone, up to
// its end or a NUL byte, behind which the data begins: its length, which no mutation would keep
// right, is put before it. Any other is the file as it is.
std::string safetensors_file(std::string_view part);

}  // namespace arf::fuzz
