#include "programs/build_id.h"

#include <elf.h>
#include <fmt/ranges.h>
#include <link.h>

#include <algorithm>
#include <cstring>
#include <span>
#include <string_view>

#include "core/error.h"

namespace arf {
namespace {

// One after the other: sizes, a name, bytes (elf(5)), each at a place that `align` divides. Empty
// where none is a build ID.
std::string build_id_of(std::span<const std::uint8_t> notes, std::size_t align) {
  const auto padded = [align](std::size_t size) { return (size + align - 1) / align * align; };
  ElfW(Nhdr) sizes;
  while (notes.size() >= sizeof sizes) {
    std::memcpy(&sizes, notes.data(), sizeof sizes);
    const std::size_t begin = padded(sizeof sizes + sizes.n_namesz), end = begin + sizes.n_descsz;
    if (end > notes.size()) break;
    const std::string_view name(reinterpret_cast<const char*>(notes.data() + sizeof sizes),
                                sizes.n_namesz);
    if (sizes.n_type == NT_GNU_BUILD_ID && name == std::string_view("GNU", 4)) {
      return fmt::format("{:02x}", fmt::join(notes.subspan(begin, sizes.n_descsz), ""));
    }
    notes = notes.subspan(std::min(padded(end), notes.size()));
  }
  return "";
}

int find_in_program(dl_phdr_info* program, std::size_t, void* id) {
  for (const auto& part : std::span(program->dlpi_phdr, program->dlpi_phnum)) {
    if (part.p_type != PT_NOTE) continue;
    const auto* first = reinterpret_cast<const std::uint8_t*>(program->dlpi_addr + part.p_vaddr);
    const std::string found = build_id_of({first, part.p_memsz}, part.p_align == 8 ? 8 : 4);
    if (!found.empty()) *static_cast<std::string*>(id) = found;
  }
  return 1;  // behind it are libraries
}

}  // namespace

std::string build_id() {
  std::string id;
  dl_iterate_phdr(find_in_program, &id);
  ARF_CHECK(!id.empty(), "linked without --build-id");
  return id;
}

}  // namespace arf
