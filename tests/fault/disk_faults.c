/* Preloaded into a program, makes one of its changes to a folder fail: counts the calls that write,
 * sync, create, rename, cut or remove something under FAULT_FOLDER, or beside it under a name that
 * begins so, and at number FAULT_AT does as FAULT_KIND says:
 *   kill     signal 9 before the call            torn     half of a write, then signal 9
 *   power    signal 9, and what was not synced by then is gone (power_cut.h)
 *   ENOSPC, EIO, EROFS, EDQUOT                   the call fails so, and all behind it
 *   slow     the call takes FAULT_MS milliseconds longer, and so do all behind it
 * FAULT_UNSYNCED is a pattern (fnmatch) of paths whose syncs before a power cut are not made, though the
 * program is told so: to see that a test would notice a sync that is missing.
 * FAULT_LOG names a file that gets a line for each call that was not made to fail: the thread, the
 * call, its path, and where a rename leads. Built by the tests:
 *   cc -shared -fPIC -o disk_faults.so disk_faults.c -ldl
 */
#define _GNU_SOURCE
#include <dlfcn.h>
#include <errno.h>
#include <fcntl.h>
#include <fnmatch.h>
#include <limits.h>
#include <pthread.h>
#include <signal.h>
#include <stdarg.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/uio.h>
#include <unistd.h>

static atomic_long calls;
static long fail_at;
static int code; /* errno of the failing calls; 0: none */
static int torn, killing, powering;
static long slow_ms;
static const char* unsynced;
static char folder[PATH_MAX];
static int log_file = -1;

#define REAL(name) \
  static __typeof__(name)* real; \
  if (!real) real = (__typeof__(name)*)dlsym(RTLD_NEXT, #name)

__attribute__((constructor)) static void read_plan(void) {
  const char* kind = getenv("FAULT_KIND");
  const char* at = getenv("FAULT_AT");
  const char* under = getenv("FAULT_FOLDER");
  const char* log = getenv("FAULT_LOG");
  if (under) snprintf(folder, sizeof folder, "%s", under);
  const int appends = O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC;
  if (log) log_file = (int)syscall(SYS_openat, AT_FDCWD, log, appends, 0644);
  fail_at = at ? atol(at) : 0;
  unsynced = getenv("FAULT_UNSYNCED");
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

/* A shim that cannot do what it says must not let a test pass. */
static void give_up(const char* what, const char* path) {
  dprintf(STDERR_FILENO, "disk_faults: %s: %s: %s\n", what, path, strerror(errno));
  abort();
}

static int path_of(int file, char path[PATH_MAX]) {
  char link[64];
  snprintf(link, sizeof link, "/proc/self/fd/%d", file);
  const ssize_t size = readlink(link, path, PATH_MAX - 1);
  path[size > 0 ? size : 0] = 0;
  return size > 0;
}

/* `path` as seen from the folder that is open as `from`, or from the working one with AT_FDCWD. */
static int whole_path(int from, const char* path, char whole[PATH_MAX]) {
  whole[0] = 0;
  if (path[0] != '/') {
    if (from == AT_FDCWD ? !getcwd(whole, PATH_MAX) : !path_of(from, whole)) return 0;
  }
  const size_t size = strlen(whole);
  const int rest = snprintf(whole + size, PATH_MAX - size, "%s%s", size ? "/" : "", path);
  return rest < (int)(PATH_MAX - size);
}

static int begins_ours(const char* whole) {
  return folder[0] && strncmp(whole, folder, strlen(folder)) == 0;
}

/* Both leave the whole path. */
static int is_ours(int from, const char* path, char whole[PATH_MAX]) {
  return path && whole_path(from, path, whole) && begins_ours(whole);
}
static int is_our_file(int file, char whole[PATH_MAX]) {
  return path_of(file, whole) && begins_ours(whole);
}

/* Where the process is to die, one change after the other: that meets all threads at once, and no call
 * that the log has is not made. */
static pthread_mutex_t turn = PTHREAD_RECURSIVE_MUTEX_INITIALIZER_NP;
static int take_turn(void) { return killing && pthread_mutex_lock(&turn) == 0; }
static void end_turn(const int* taken) {
  if (*taken) pthread_mutex_unlock(&turn);
}
#define TAKE_TURN __attribute__((cleanup(end_turn), unused)) const int taken = take_turn()

#include "power_cut.h"

/* 0: go on; 1: fail with errno set; 2: half of it. Does not return where the process is to die. */
static int meets(const char* call, const char* path, const char* to) {
  const long number = atomic_fetch_add(&calls, 1) + 1;
  if (killing && number == fail_at) {
    if (torn) return 2;
    if (powering) power_cut();
    raise(SIGKILL);
  }
  if (fail_at && number >= fail_at) {
    if (slow_ms) usleep((useconds_t)(1000 * slow_ms));
    if (code) {
      errno = code;
      return 1;
    }
  }
  if (log_file >= 0) dprintf(log_file, "%d %s %s %s\n", gettid(), call, path, to);
  return 0;
}

/* Calls that have no half: torn is kill. */
static int meets_whole(const char* call, const char* path, const char* to) {
  const int fault = meets(call, path, to);
  if (fault == 2) raise(SIGKILL);
  return fault;
}

ssize_t write(int file, const void* bytes, size_t size) {
  REAL(write);
  char path[PATH_MAX];
  if (!is_our_file(file, path)) return real(file, bytes, size);
  TAKE_TURN;
  const int fault = meets("write", path, "");
  if (fault == 1) return -1;
  if (fault == 2) {
    real(file, bytes, size / 2);
    raise(SIGKILL);
  }
  return real(file, bytes, size);
}

ssize_t writev(int file, const struct iovec* parts, int count) {
  REAL(writev);
  char path[PATH_MAX];
  if (!is_our_file(file, path)) return real(file, parts, count);
  TAKE_TURN;
  const int fault = meets("writev", path, "");
  if (fault == 1) return -1;
  if (fault == 2) {
    real(file, parts, count > 1 ? count / 2 : 0);
    raise(SIGKILL);
  }
  return real(file, parts, count);
}

#define PWRITE(name) \
  ssize_t name(int file, const void* bytes, size_t size, off_t at) { \
    REAL(name); \
    char path[PATH_MAX]; \
    if (!is_our_file(file, path)) return real(file, bytes, size, at); \
    TAKE_TURN; \
    const int fault = meets(#name, path, ""); \
    if (fault == 1) return -1; \
    if (fault == 2) { \
      real(file, bytes, size / 2, at); \
      raise(SIGKILL); \
    } \
    return real(file, bytes, size, at); \
  }
PWRITE(pwrite)
PWRITE(pwrite64)

/* Not of ours alone: the folder above has the name of ours. */
#define SYNC(name) \
  int name(int file) { \
    REAL(name); \
    char path[PATH_MAX]; \
    TAKE_TURN; \
    if (is_our_file(file, path) && meets_whole(#name, path, "")) return -1; \
    if (powering && unsynced && fnmatch(unsynced, path, 0) == 0) return 0; \
    if (powering) power_synced(file); \
    return real(file); \
  }
SYNC(fsync)
SYNC(fdatasync)

int rename(const char* from, const char* to) {
  REAL(rename);
  char old_path[PATH_MAX], path[PATH_MAX];
  if (!is_ours(AT_FDCWD, to, path) || !whole_path(AT_FDCWD, from, old_path)) return real(from, to);
  TAKE_TURN;
  if (meets_whole("rename", old_path, path)) return -1;
  if (powering) power_moves(old_path, path);
  return power_did(real(from, to));
}

#define REMOVE(name) \
  int name(const char* named) { \
    REAL(name); \
    char path[PATH_MAX]; \
    if (!is_ours(AT_FDCWD, named, path)) return real(named); \
    TAKE_TURN; \
    if (meets_whole(#name, path, "")) return -1; \
    if (powering) power_removes(path); \
    return power_did(real(named)); \
  }
REMOVE(unlink)
REMOVE(remove)
REMOVE(rmdir)

int unlinkat(int from, const char* named, int flags) {
  REAL(unlinkat);
  char path[PATH_MAX];
  if (!is_ours(from, named, path)) return real(from, named, flags);
  TAKE_TURN;
  if (meets_whole("unlinkat", path, "")) return -1;
  if (powering) power_removes(path);
  return power_did(real(from, named, flags));
}

int mkdir(const char* named, mode_t mode) {
  REAL(mkdir);
  char path[PATH_MAX];
  if (!is_ours(AT_FDCWD, named, path)) return real(named, mode);
  TAKE_TURN;
  if (meets_whole("mkdir", path, "")) return -1;
  if (powering) power_makes(path);
  return power_did(real(named, mode));
}

#define TRUNCATE(name) \
  int name(const char* named, off_t size) { \
    REAL(name); \
    char path[PATH_MAX]; \
    if (!is_ours(AT_FDCWD, named, path)) return real(named, size); \
    TAKE_TURN; \
    if (meets_whole(#name, path, "")) return -1; \
    if (powering) power_opens(path); \
    return real(named, size); \
  }
TRUNCATE(truncate)
TRUNCATE(truncate64)

#define FTRUNCATE(name) \
  int name(int file, off_t size) { \
    REAL(name); \
    char path[PATH_MAX]; \
    if (!is_our_file(file, path)) return real(file, size); \
    TAKE_TURN; \
    if (meets_whole(#name, path, "")) return -1; \
    return real(file, size); \
  }
FTRUNCATE(ftruncate)
FTRUNCATE(ftruncate64)

/* Only one that may create is counted; any that writes is noted. */
#define OPEN(name) \
  int name(const char* named, int flags, ...) { \
    REAL(name); \
    va_list list; \
    va_start(list, flags); \
    const mode_t mode = va_arg(list, mode_t); \
    va_end(list); \
    char path[PATH_MAX]; \
    const int reads = (flags & O_ACCMODE) == O_RDONLY; \
    if (reads || !is_ours(AT_FDCWD, named, path)) return real(named, flags, mode); \
    TAKE_TURN; \
    if ((flags & O_CREAT) && meets_whole(#name, path, "")) return -1; \
    const int is_new = powering && power_opens(path); \
    const int file = real(named, flags, mode); \
    if (is_new) power_opened(path, file); \
    return file; \
  }
OPEN(open)
OPEN(open64)

#define FOPEN(name) \
  FILE* name(const char* named, const char* mode) { \
    REAL(name); \
    char path[PATH_MAX]; \
    if (!strpbrk(mode, "wa+") || !is_ours(AT_FDCWD, named, path)) return real(named, mode); \
    TAKE_TURN; \
    if (strpbrk(mode, "wa") && meets_whole(#name, path, "")) return 0; \
    const int is_new = powering && power_opens(path); \
    FILE* const file = real(named, mode); \
    if (is_new) power_opened(path, file ? fileno(file) : -1); \
    return file; \
  }
FOPEN(fopen)
FOPEN(fopen64)
