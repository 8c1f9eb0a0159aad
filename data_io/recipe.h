// A recipe: a corpus in three parts from several sources, each a line of an INI file.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "data_io/importers.h"
#include "data_io/stratified_split.h"

namespace arf {

// One line: NAME FORMAT FILE... [KEY=VALUE]... Several lines may have one name: they are one source
// in several files.
// Example: "isear isear isear/isear.csv.gz", "tweets sentiment140 a.csv.gz limit=15000 part=train".
struct RecipeLine {
  std::string name;               // letters, digits, _; its rows' Dialogue.source
  std::string place;              // "FILE:LINE" or "command line", for messages
  ImportSettings import;          // format, input, on_error, utterances, single_label
  std::optional<SplitPart> part;  // nothing: split
  std::size_t limit = 0;          // rows after cleaning, drawn by hash; 0: all
};

struct Recipe {
  std::vector<RecipeLine> lines;
  std::string task;    // of all rows; "": their format's own
  SplitShares shares;  // of lines without a part
};

// What KEY may be, for --help.
extern const char* const kRecipeLineHelp;

// The line `text` at `place`; its files are named below `root` ("": as they are). usage_error that
// begins with the place: no name, an unknown format, no file, an unknown or repeated key, a value
// of another type.
RecipeLine parse_recipe_line(const std::string& text, const std::string& place,
                             const std::string& root);

// input_error with the line's place where a file is not there or is none: before anything is read.
void check_recipe_files(const Recipe& recipe);

}  // namespace arf
