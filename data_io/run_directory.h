// The directory a run leaves: config.ini, manifest.json, what the command adds; never another
// run's results overwritten.
#pragma once

#include <filesystem>
#include <memory>
#include <string>

#include "core/descriptor.h"
#include "core/file_lock.h"
#include "core/json.h"

namespace arf {

class RunDirectory {
 public:
  // Opens `path` for a run of `command` with this resolved configuration (and its part that affects
  // the result). resume: auto | never | require. A fresh directory is made; an unfinished one of
  // the same configuration is resumed; anything else is a usage_error that names the difference,
  // and so is a directory that another process writes to. No other process may until finish().
  RunDirectory(const std::filesystem::path& path, const std::string& command,
               const std::string& resolved_config, const std::string& config_of_result,
               const std::string& resume);
  // Of a run that an exception takes down, the directory stays open for note_exit().
  ~RunDirectory();
  RunDirectory(RunDirectory&&) noexcept = default;
  // The errors of the constructor, with nothing made yet: inputs are read between the two, so that
  // a bad one leaves nothing behind and a bad path is told before minutes of reading.
  static void check(const std::filesystem::path& path, const std::string& command,
                    const std::string& config_of_result, const std::string& resume);
  const std::filesystem::path& path() const { return path_; }
  bool resumed() const { return resumed_; }
  // From any thread. resource_error where the directory was removed, moved away or replaced since,
  // or its file system is gone: what is written from here on would be found by nobody; or its lock,
  // so that another process may write here.
  void require_in_place() const;
  // Adds to manifest.json (written at once).
  void note(const std::string& key, const Json& value);
  void finish(int exit_code);  // manifest: "exit", "finished": true at 0
  // Of the run that an exception has taken down, if there is one: finish() with the code that this
  // process ends with. What fails at it is not told of, since that exception is.
  static void note_exit(int exit_code) noexcept;
  // A fresh directory is removed again, for a run that turned out to have no usable input.
  void withdraw();

 private:
  std::filesystem::path path_;
  Descriptor folder_;
  std::unique_ptr<FileLock> lock_;
  Json manifest_;
  bool resumed_ = false;
};

}  // namespace arf
