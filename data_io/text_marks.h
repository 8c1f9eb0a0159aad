// Links and users' names in texts, and the marks that take their places: that one stood there is
// worth knowing, which one is not, and a name is somebody's.
#pragma once

#include <string>
#include <string_view>

namespace arf {

inline constexpr std::string_view kLinkMark = "http", kUserMark = "@user";

// http://..., https://... and www....; marks at the end belong to the sentence around the link.
std::string without_links(std::string_view text);

// Twitter's @names, Reddit's u/names, e-mail addresses.
std::string without_user_names(std::string_view text);

// Whether a cleaned text holds more than blanks, kLinkMark and kUserMark.
bool says_something(std::string_view cleaned);

}  // namespace arf
