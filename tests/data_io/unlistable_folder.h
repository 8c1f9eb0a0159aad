// A folder below which may be written but which may not be listed, as of another user on a shared
// machine; and, where the tests are root's, who may do everything, a plain user from its making to
// its end.
#pragma once

#include <sys/stat.h>

#include "tests/data_io/temporary_folder.h"

namespace arf {

class UnlistableFolder {
 public:
  UnlistableFolder() {
    std::filesystem::create_directory(path());
    BOOST_REQUIRE(::chmod(outer_.path().c_str(), 0711) == 0);
    BOOST_REQUIRE(::chmod(path().c_str(), 0333) == 0);
    if (is_root_) BOOST_REQUIRE(::seteuid(65534) == 0);
  }
  ~UnlistableFolder() {
    if (is_root_) BOOST_CHECK(::seteuid(0) == 0);
    ::chmod(path().c_str(), 0700);
  }
  UnlistableFolder(const UnlistableFolder&) = delete;
  UnlistableFolder& operator=(const UnlistableFolder&) = delete;
  std::filesystem::path path() const { return outer_ / "unlistable"; }
  std::filesystem::path operator/(const std::string& name) const { return path() / name; }

 private:
  const TemporaryFolder outer_;
  const bool is_root_ = ::geteuid() == 0;
};

}  // namespace arf
