// Character references of HTML, as web data sets have them left in their texts.
#pragma once

#include <string>
#include <string_view>

namespace arf {

// With &amp; &lt; &gt; &quot; &apos; &nbsp; and numeric references (&#39; &#x2019;) as the
// characters that they stand for: once, so that &amp;lt; becomes &lt;. A reference of anything
// else, or without its semicolon, is left as it is.
std::string decode_entities(std::string_view text);

}  // namespace arf
