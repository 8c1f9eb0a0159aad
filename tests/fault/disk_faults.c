/* Preloaded into a program, makes one of its changes to a folder fail: counts the calls that write,
 * sync, create, rename, cut or remove something under FAULT_FOLDER, and at number FAULT_AT does as
 * FAULT_KIND says:
 *   kill     signal 9 before the call            torn     half of a write, then signal 9
 *   power    signal 9, and what was not synced by then is gone (power_cut.h)
 *   ENOSPC, EIO, EROFS, EDQUOT                   the call fails so, and all behind it
 *   slow     the call takes FAULT_MS milliseconds longer, and so do all behind it
 * FAULT_COUNT names a file that gets the number of calls at the end. Built by the tests:
 *   cc -shared -fPIC -o disk_faults.so disk_faults.c -ldl
 */
#define _GNU_SOURCE
#include <dlfcn.h>
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <pthread.h>
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
static int torn, killing, powering;
static long slow_ms;
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
  powering = !strcmp(kind, "power");
  killing = torn || powering || !strcmp(kind, "kill");
  if (!strcmp(kind, "slow")) slow_ms = atol(getenv("FAULT_MS"));
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

static int whole_path(const char* path, char whole[PATH_MAX]) {
  whole[0] = 0;
  if (path[0] != '/' && !getcwd(whole, PATH_MAX)) return 0;
  const size_t size = strlen(whole);
  return snprintf(whole + size, PATH_MAX - size, "%s%s", size ? "/" : "", path) < (int)(PATH_MAX - size);
}

static int path_of(int file, char path[PATH_MAX]) {
  char link[64];
  snprintf(link, sizeof link, "/proc/self/fd/%d", file);
  const ssize_t size = readlink(link, path, PATH_MAX - 1);
  path[size > 0 ? size : 0] = 0;
  return size > 0;
}

static int is_ours(const char* path) {
  char whole[PATH_MAX];
  return folder[0] && path && whole_path(path, whole) && strncmp(whole, folder, strlen(folder)) == 0;
}

static int is_our_file(int file) {
  char path[PATH_MAX];
  return path_of(file, path) && is_ours(path);
}

#include "power_cut.h"

/* With `power`, one change after the other: a cut meets all threads at once. */
static pthread_mutex_t turn = PTHREAD_RECURSIVE_MUTEX_INITIALIZER_NP;
static int take_turn(void) { return powering && pthread_mutex_lock(&turn) == 0; }
static void end_turn(const int* taken) {
  if (*taken) pthread_mutex_unlock(&turn);
}
#define TAKE_TURN __attribute__((cleanup(end_turn), unused)) const int taken = take_turn()

/* 0: go on; 1: fail with errno set. Does not return where the process is to die. */
static int meets(void) {
  const long number = atomic_fetch_add(&calls, 1) + 1;
  if (!fail_at || number < fail_at) return 0;
  if (killing && number == fail_at) {
    if (torn) return 2;
    if (powering) power_cut();
    raise(SIGKILL);
  }
  if (slow_ms) usleep((useconds_t)(1000 * slow_ms));
  if (!code) return 0;
  errno = code;
  return 1;
}

ssize_t write(int file, const void* bytes, size_t size) {
  REAL(write);
  if (!is_our_file(file)) return real(file, bytes, size);
  TAKE_TURN;
  const int fault = meets();
  if (fault == 1) return -1;
  if (fault == 2) {
    real(file, bytes, size / 2);
    raise(SIGKILL);
  }
  return real(file, bytes, size);
}

ssize_t writev(int file, const struct iovec* parts, int count) {
  REAL(writev);
  if (!is_our_file(file)) return real(file, parts, count);
  TAKE_TURN;
  const int fault = meets();
  if (fault == 1) return -1;
  if (fault == 2) {
    real(file, parts, count > 1 ? count / 2 : 0);
    raise(SIGKILL);
  }
  return real(file, parts, count);
}

ssize_t pwrite64(int file, const void* bytes, size_t size, off64_t at) {
  REAL(pwrite64);
  if (!is_our_file(file)) return real(file, bytes, size, at);
  TAKE_TURN;
  const int fault = meets();
  if (fault == 1) return -1;
  if (fault == 2) {
    real(file, bytes, size / 2, at);
    raise(SIGKILL);
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
  if (!is_our_file(file)) return real(file);
  TAKE_TURN;
  if (meets_whole()) return -1;
  if (powering) power_synced(file);
  return real(file);
}

int fdatasync(int file) {
  REAL(fdatasync);
  if (!is_our_file(file)) return real(file);
  TAKE_TURN;
  if (meets_whole()) return -1;
  if (powering) power_synced(file);
  return real(file);
}

int rename(const char* from, const char* to) {
  REAL(rename);
  if (!is_ours(to)) return real(from, to);
  TAKE_TURN;
  if (meets_whole()) return -1;
  if (powering) power_moves(from, to);
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

static int writes(const char* path, int flags) { return (flags & O_ACCMODE) != O_RDONLY && is_ours(path); }

int open64(const char* path, int flags, ...) {
  REAL(open64);
  va_list list;
  va_start(list, flags);
  const mode_t mode = va_arg(list, mode_t);
  va_end(list);
  if (!writes(path, flags)) return real(path, flags, mode);
  TAKE_TURN;
  if ((flags & O_CREAT) && meets_whole()) return -1;
  const int file = real(path, flags, mode);
  if (powering && file >= 0) power_opened(file, flags);
  return file;
}

int open(const char* path, int flags, ...) {
  REAL(open);
  va_list list;
  va_start(list, flags);
  const mode_t mode = va_arg(list, mode_t);
  va_end(list);
  if (!writes(path, flags)) return real(path, flags, mode);
  TAKE_TURN;
  if ((flags & O_CREAT) && meets_whole()) return -1;
  const int file = real(path, flags, mode);
  if (powering && file >= 0) power_opened(file, flags);
  return file;
}
