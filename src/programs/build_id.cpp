#include "programs/build_id.h"

#include <elf.h>
#include <fmt/ranges.h>
#include <link.h>

#include <cstring>
#include <span>
#include <string_view>

#include "core/error.h"

namespace arf {
namespace {

// One after the other: sizes, a name, bytes (elf(5)). Empty where none is a build ID.
std::string build_id_of(std::span<const std::uint8_t> notes) {
  constexpr auto padded = [](std::size_t size) { return (size + 3) / 4 * 4; };
  while (!notes.empty()) {
    ElfW(Nhdr) sizes;
    std::memcpy(&sizes, notes.data(), sizeof sizes);
    notes = notes.subspan(sizeof sizes);
    const std::string_view name(reinterpret_cast<const char*>(notes.data()), sizes.n_namesz);
    notes = notes.subspan(padded(sizes.n_namesz));
    if (sizes.n_type == NT_GNU_BUILD_ID && name.starts_with("GNU")) {
      return fmt::format("{:02x}", fmt::join(notes.first(sizes.n_descsz), ""));
    }
    notes = notes.subspan(padded(sizes.n_descsz));
  }
  return "";
}

int find_in_program(dl_phdr_info* program, std::size_t, void* id) {
  for (const auto& part : std::span(program->dlpi_phdr, program->dlpi_phnum)) {
    if (part.p_type != PT_NOTE) continue;
    const auto* first = reinterpret_cast<const std::uint8_t*>(program->dlpi_addr + part.p_vaddr);
    const std::string found = build_id_of({first, part.p_memsz});
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
