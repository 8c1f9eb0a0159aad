#!/bin/bash
# includes.sh must be able to fail: plants one violation of each kind in a copy of the sources and
# expects it to be named. usage: violations.sh SOURCE_FOLDER
here=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
source=$(cd "$1" && pwd) || exit 1
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
failed=0

fresh_copy() { rm -rf "$work/copy"; mkdir "$work/copy"; cp -r "$source"/{src,data_io,launch} "$work/copy"; }

# expect WHAT WORDS: includes.sh fails on the copy and says the words.
expect() {
  local output
  if output=$("$here/includes.sh" "$work/copy"); then
    echo "not seen: $1"; failed=1
  elif ! grep -qF -- "$2" <<<"$output"; then
    echo "$1: nothing says: $2"; echo "$output"; failed=1
  else
    echo "seen: $1: $(grep -F -- "$2" <<<"$output" | head -n 1)"
  fi
  fresh_copy
}

plant() { echo "$2" >>"$work/copy/$1"; }

fresh_copy
plant src/records/dialogue.h '#include "comm/communicator.h"'
expect "an include that goes up" "src/records includes comm/communicator.h"
plant src/scoring/scorer.h '#include "generation/generator.h"'
expect "a sibling's header" "src/scoring includes generation/generator.h"
plant src/model/policy.cpp '#include "roles/layout.h"'
expect "a model that knows roles" "src/model includes roles/layout.h"
plant src/core/file.h '#include "error.h"'
expect "an include without its folder" 'includes "error.h" without its folder'
plant src/text/planted.cpp '#include <hdf5.h>'
expect "HDF5 outside of data_io" "src/text/planted.cpp:1: includes HDF5"
mkdir "$work/copy/src/planted" && plant src/planted/planted.h '#include "core/error.h"'
expect "a folder without a target" "its folder src/planted has no arf_folder"
sed -i 's/^arf_folder(records .*/arf_folder(records DIR src\/records USES arf_core arf_text)/' "$work/copy/launch/folders.cmake"
expect "a target that uses what stands below it" "arf_records uses arf_text, which does not stand above it"
sed -i 's/^arf_folder(learning .*/arf_folder(learning DIR src\/learning TENSORS USES arf_scoring arf_comm)/' "$work/copy/launch/folders.cmake"
expect "learning allowed to use scoring" "src/learning must not use src/scoring"
exit $failed
