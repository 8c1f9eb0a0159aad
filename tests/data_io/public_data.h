// The public data sets beside the project.
#pragma once

#include <boost/test/unit_test.hpp>
#include <cstdio>
#include <filesystem>

namespace arf {

inline const std::filesystem::path kPublicData = ARF_PUBLIC_DATA;

// False, with a line that says so, where they are absent.
inline bool public_data_is_there() {
  if (std::filesystem::exists(kPublicData)) return true;
  BOOST_TEST_MESSAGE("public data is absent: " << kPublicData);
  std::fprintf(stderr, "the public data is not at %s: this test looks at nothing\n",
               kPublicData.c_str());
  return false;
}

}  // namespace arf
