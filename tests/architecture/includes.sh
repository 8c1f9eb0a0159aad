#!/bin/bash
# Includes go one way: a folder includes only what its target in launch/folders.cmake uses,
# directly or through others, and a target uses only what stands above it. Also: every folder has
# its target, generation, scoring and learning never meet, and only data_io knows HDF5.
#   includes.sh [SOURCE_FOLDER]      names every violation as file:line; exit 1 where there is one
cd "${1:-$(dirname "${BASH_SOURCE[0]}")/../..}" || exit 1
mapfile -t sources < <(find src data_io -name '*.h' -o -name '*.cpp' -o -name '*.inl' -o -name '*.cu' | sort)

awk '
function wrong(place, what) { print place ": " what; violations++ }
# The folder that owns a file: data_io/x.h, src/model/ops/x.h -> data_io, src/model/ops
function owner(file) { sub(/\/[^\/]*$/, "", file); return file }

# One arf_folder(NAME [TENSORS] DIR dir [USES arf_a lib ...]): what it uses, all of it.
function declare(words, place,    n, w, i, j, uses, parts, m, folder) {
  n = split(words, w, /[ \t]+/)
  for (i = 2; i <= n; i++) if (w[i] == "DIR") folder = w[i + 1]
  folder_of["arf_" w[1]] = folder
  declared[folder] = place
  allowed[folder, folder] = 1
  for (i = 2; i <= n; i++) {
    if (w[i] == "USES") uses = 1
    if (!uses || w[i] !~ /^arf_/ || w[i] ~ /^arf_(hdf5|cuda|tensors)$/) continue
    if (!(w[i] in folder_of)) {
      wrong(place, "arf_" w[1] " uses " w[i] ", which does not stand above it")
      continue
    }
    for (j in allowed) {
      split(j, parts, SUBSEP)
      if (parts[1] == folder_of[w[i]]) reached[parts[2]] = 1
    }
    for (j in reached) allowed[folder, j] = 1
    delete reached
  }
}

FILENAME == "launch/folders.cmake" {
  sub(/#.*/, "")
  if ($0 ~ /^arf_folder\(/) { call = ""; calling = 1; place = FILENAME ":" FNR }
  if (calling) call = call " " $0
  if (calling && /\)/) {
    calling = 0
    sub(/^ *arf_folder\( */, "", call); sub(/\).*/, "", call)
    declare(call, place)
  }
  next
}

FNR == 1 {
  files++
  folder = owner(FILENAME)
  if (folder != "src/programs" && !(folder in declared) && !(folder in missing)) {
    missing[folder] = 1
    wrong(FILENAME, "its folder " folder " has no arf_folder in launch/folders.cmake")
  }
}
folder != "data_io" && /^[ \t]*#[ \t]*include[ \t]*[<"](hdf5|H5)/ {
  wrong(FILENAME ":" FNR, "includes HDF5, which only data_io may")
}
/^[ \t]*#[ \t]*include[ \t]*"/ {
  split($0, quoted, "\"")
  target = quoted[2] ~ /^data_io\// ? owner(quoted[2]) : "src/" owner(quoted[2])
  if (quoted[2] !~ /\//) {
    wrong(FILENAME ":" FNR, "includes \"" quoted[2] "\" without its folder")
  } else if (folder == "src/programs") {
    if (target != folder && !(target in declared)) wrong(FILENAME ":" FNR, "includes " quoted[2] ", a folder without a target")
  } else if (!((folder, target) in allowed)) {
    wrong(FILENAME ":" FNR, folder " includes " quoted[2] ", which its target does not use")
  }
  checked++
}

END {
  n = split("src/generation src/scoring src/learning", apart, " ")
  for (i = 1; i <= n; i++) for (j = 1; j <= n; j++)
    if (i != j && (apart[i], apart[j]) in allowed) wrong(declared[apart[i]], apart[i] " must not use " apart[j])
  for (name in declared) if (system("test -d " name) != 0) wrong(declared[name], name " is not there")
  if (files < 50 || checked < 200) wrong("includes.sh", "read only " files " files with " checked " includes: it looked in the wrong place")
  printf "%d files, %d includes, %d violations\n", files, checked, violations
  exit violations > 0
}' launch/folders.cmake "${sources[@]}"
