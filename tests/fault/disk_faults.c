/* Preloaded into a program, makes one of its changes to a folder fail: counts the calls that write,
 * sync, create, rename, cut or remove something under FAULT_FOLDER, and at number FAULT_AT does as
 * FAULT_KIND says:
 *   kill     signal 9 before the call            torn     half of a write, then signal 9
 *   ENOSPC, EIO, EROFS, EDQUOT                   the call fails so, and all behind it
 * FAULT_COUNT names a file that gets the number of calls at the end. Built by the tests:
 *   cc -shared -fPIC -o disk_faults.so disk_faults.c -ldl
 */
#define _GNU_SOURCE
#include <dlfcn.h>
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <signal.h>
#include <stdarg.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/uio.h>
#include <unistd.h>

static atomic_long calls;
static long fail_at;
static int code; /* errno of the failing calls; 0: none */
static int torn, killing;
static char folder[PATH_MAX];

#define REAL(name) \
  static __typeof__(name)* real; \
  if (!real) real = (__typeof__(name)*)dlsym(RTLD_NEXT, #name)

__attribute__((constructor)) static void read_plan(void) {
  const char* kind = getenv("FAULT_KIND");
  const char* at = getenv("FAULT_AT");
  const char* under = getenv("FAULT_FOLDER");
  if (under) snprintf(folder, sizeof folder, "%s", under);
  fail_at = at ? atol(at) : 0;
  if (!kind) return;
  torn = !strcmp(kind, "torn");
  killing = torn || !strcmp(kind, "kill");
  if (!strcmp(kind, "ENOSPC")) code = ENOSPC;
  if (!strcmp(kind, "EIO")) code = EIO;
  if (!strcmp(kind, "EROFS")) code = EROFS;
  if (!strcmp(kind, "EDQUOT")) code = EDQUOT;
}

__attribute__((destructor)) static void tell(void) {
  const char* to = getenv("FAULT_COUNT");
  if (!to || !atomic_load(&calls)) return;
  FILE* file = fopen(to, "w");
  if (!file) return;
  fprintf(file, "%ld\n", atomic_load(&calls));
  fclose(file);
}

static int is_ours(const char* path) {
  char whole[PATH_MAX];
  if (!folder[0] || !path) return 0;
  if (path[0] != '/') {
    if (!getcwd(whole, sizeof whole)) return 0;
    strncat(whole, "/", sizeof whole - strlen(whole) - 1);
    strncat(whole, path, sizeof whole - strlen(whole) - 1);
    path = whole;
  }
  return strncmp(path, folder, strlen(folder)) == 0;
}

static int is_our_file(int file) {
  char link[64], path[PATH_MAX];
  snprintf(link, sizeof link, "/proc/self/fd/%d", file);
  const ssize_t size = readlink(link, path, sizeof path - 1);
  if (size <= 0) return 0;
  path[size] = 0;
  return is_ours(path);
}

/* 0: go on; 1: fail with errno set. Does not return where the process is to die. */
static int meets(void) {
  const long number = atomic_fetch_add(&calls, 1) + 1;
  if (!fail_at || number < fail_at) return 0;
  if (killing && number == fail_at) {
    if (torn) return 2;
    raise(SIGKILL);
  }
  if (!code) return 0;
  errno = code;
  return 1;
}

ssize_t write(int file, const void* bytes, size_t size) {
  REAL(write);
  if (is_our_file(file)) {
    const int fault = meets();
    if (fault == 1) return -1;
    if (fault == 2) {
      real(file, bytes, size / 2);
      raise(SIGKILL);
    }
  }
  return real(file, bytes, size);
}

ssize_t writev(int file, const struct iovec* parts, int count) {
  REAL(writev);
  if (is_our_file(file)) {
    const int fault = meets();
    if (fault == 1) return -1;
    if (fault == 2) {
      real(file, parts, count > 1 ? count / 2 : 0);
      raise(SIGKILL);
    }
  }
  return real(file, parts, count);
}

ssize_t pwrite64(int file, const void* bytes, size_t size, off64_t at) {
  REAL(pwrite64);
  if (is_our_file(file)) {
    const int fault = meets();
    if (fault == 1) return -1;
    if (fault == 2) {
      real(file, bytes, size / 2, at);
      raise(SIGKILL);
    }
  }
  return real(file, bytes, size, at);
}

/* Calls that have no half: torn is kill. */
static int meets_whole(void) {
  const int fault = meets();
  if (fault == 2) raise(SIGKILL);
  return fault;
}

int fsync(int file) {
  REAL(fsync);
  if (is_our_file(file) && meets_whole()) return -1;
  return real(file);
}

int fdatasync(int file) {
  REAL(fdatasync);
  if (is_our_file(file) && meets_whole()) return -1;
  return real(file);
}

int rename(const char* from, const char* to) {
  REAL(rename);
  if (is_ours(to) && meets_whole()) return -1;
  return real(from, to);
}

int unlink(const char* path) {
  REAL(unlink);
  if (is_ours(path) && meets_whole()) return -1;
  return real(path);
}

int remove(const char* path) {
  REAL(remove);
  if (is_ours(path) && meets_whole()) return -1;
  return real(path);
}

int unlinkat(int folder_file, const char* path, int flags) {
  REAL(unlinkat);
  const int ours = path[0] == '/' || folder_file == AT_FDCWD ? is_ours(path) : is_our_file(folder_file);
  if (ours && meets_whole()) return -1;
  return real(folder_file, path, flags);
}

int mkdir(const char* path, mode_t mode) {
  REAL(mkdir);
  if (is_ours(path) && meets_whole()) return -1;
  return real(path, mode);
}

int truncate64(const char* path, off64_t size) {
  REAL(truncate64);
  if (is_ours(path) && meets_whole()) return -1;
  return real(path, size);
}

int truncate(const char* path, off_t size) {
  REAL(truncate);
  if (is_ours(path) && meets_whole()) return -1;
  return real(path, size);
}

static int creates(const char* path, int flags) { return (flags & O_CREAT) && is_ours(path); }

int open64(const char* path, int flags, ...) {
  REAL(open64);
  va_list list;
  va_start(list, flags);
  const mode_t mode = va_arg(list, mode_t);
  va_end(list);
  if (creates(path, flags) && meets_whole()) return -1;
  return real(path, flags, mode);
}

int open(const char* path, int flags, ...) {
  REAL(open);
  va_list list;
  va_start(list, flags);
  const mode_t mode = va_arg(list, mode_t);
  va_end(list);
  if (creates(path, flags) && meets_whole()) return -1;
  return real(path, flags, mode);
}
