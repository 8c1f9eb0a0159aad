#include "tests/fuzz/fuzz.h"

#include <sanitizer/allocator_interface.h>
#include <unistd.h>

#include <atomic>
#include <cstdio>
#include <cstdlib>
#include <fstream>

#include "core/file.h"
#include "core/log.h"

namespace arf::fuzz {
namespace {

constexpr std::size_t kConstantBytes = std::size_t{16} << 20;  // caches, buffers, static tables
constexpr std::size_t kBytesPerByte = 1024;                    // a JSON value of "0," has 16

// Bytes on the heap, and the most of them since the last reset.
std::atomic<std::int64_t> live{0}, most{0};

void count_new(const volatile void*, std::size_t size) {
  const std::int64_t now = live += static_cast<std::int64_t>(size);
  if (now > most) most = now;
}

void count_freed(const volatile void* pointer) {
  if (!pointer) return;
  live -=
      static_cast<std::int64_t>(__sanitizer_get_allocated_size(const_cast<const void*>(pointer)));
}

const int kCounting = __sanitizer_install_malloc_and_free_hooks(count_new, count_freed);

[[noreturn]] void find(const std::string& sentence) {
  std::fprintf(stderr, "finding: %s\n", sentence.c_str());
  std::abort();
}

}  // namespace

std::size_t memory_bound(std::size_t size) { return kConstantBytes + kBytesPerByte * size; }

void require(bool holds, const char* sentence) {
  if (!holds) find(sentence);
}

bool accept_or_refuse(std::size_t size, const std::function<void()>& body, ExitCode also) {
  require(kCounting != 0, "no room for the hooks that count memory");
  const std::int64_t before = live;
  most = before;
  bool is_accepted = false;
  try {
    body();
    is_accepted = true;
  } catch (const Error& error) {
    if (std::getenv("FUZZ_SAY")) std::fprintf(stderr, "refused: %s\n", error.what());
    if (error.code() != ExitCode::kInput && error.code() != also) {
      find(fmt::format("exit {}: {}", static_cast<int>(error.code()), error.what()));
    }
  }
  const auto used = static_cast<std::size_t>(most - before);
  if (used > memory_bound(size)) {
    find(fmt::format("{} bytes of memory for an input of {}", used, size));
  }
  return is_accepted;
}

std::string seed(const std::string& name) {
  return read_file(std::filesystem::path(ARF_FUZZ_SEEDS) / name);
}

std::vector<std::string_view> parts(std::string_view input) {
  constexpr std::string_view kLine = "\n%%%%\n";
  std::vector<std::string_view> all;
  for (std::size_t at = input.find(kLine); at != std::string_view::npos; at = input.find(kLine)) {
    all.push_back(input.substr(0, at));
    input.remove_prefix(at + kLine.size());
  }
  all.push_back(input);
  return all;
}

Folder::Folder() {
  std::string name = (std::filesystem::temp_directory_path() / "arf-fuzz-XXXXXX").string();
  require(::mkdtemp(name.data()) != nullptr, "no folder could be made in TMPDIR");
  path_ = name;
}

Folder::~Folder() {
  std::error_code ignored;
  std::filesystem::remove_all(path_, ignored);
}

void Folder::put(const std::string& name, std::string_view bytes) const {
  const std::filesystem::path file = path_ / name;
  if (bytes.empty()) {
    std::filesystem::remove(file);
    return;
  }
  std::ofstream out(file, std::ios::binary | std::ios::trunc);
  out.write(bytes.data(), static_cast<std::streamsize>(bytes.size()));
  require(static_cast<bool>(out.flush()), "TMPDIR is full");
}

std::string safetensors_file(std::string_view part) {
  if (!part.starts_with('{')) return std::string(part);
  const std::string_view header = part.substr(0, part.find('\0'));
  const std::uint64_t length = header.size();
  std::string file(reinterpret_cast<const char*>(&length), sizeof length);
  file += header;
  if (header.size() < part.size()) file += part.substr(header.size() + 1);
  return file;
}

}  // namespace arf::fuzz

// What a target says of an input, as warnings or --help, is not what is looked for.
extern "C" int LLVMFuzzerInitialize(int*, char***) {
  arf::start_log("text", /*rank=*/1);
  arf::fuzz::require(std::freopen("/dev/null", "w", stdout) != nullptr, "no /dev/null");
  return 0;
}
