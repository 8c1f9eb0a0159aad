/* What a power cut leaves of a folder: of each file the bytes that were synced; a file that took
 * another's place is back where it was written, and so is the other, unless their folder was synced
 * since; what was removed is gone. Included by disk_faults.c, which holds its lock meanwhile.
 */
#pragma once

#define MOST_CHANGES 8192

/* A file that was opened for writing. Held open, so that it is found under any name. */
static struct kept_file {
  int file;
  dev_t device;
  ino_t inode;
  off_t synced;
} kept_files[MOST_CHANGES];
static int kept_count;

/* A rename. `old` is another name of the file that it replaced, or empty. */
static struct moved_name {
  char from[PATH_MAX], to[PATH_MAX], old[PATH_MAX];
  int is_durable;
} moved_names[MOST_CHANGES / 8];
static int moved_count;

/* 0 for what is no file. One met for the first time keeps what it has: earlier runs synced it. */
static struct kept_file* kept_file(int file) {
  struct stat is;
  if (fstat(file, &is) != 0 || !S_ISREG(is.st_mode)) return 0;
  for (int i = 0; i < kept_count; ++i)
    if (kept_files[i].inode == is.st_ino && kept_files[i].device == is.st_dev) return &kept_files[i];
  if (kept_count == MOST_CHANGES) abort();
  struct kept_file* kept = &kept_files[kept_count++];
  kept->file = fcntl(file, F_DUPFD_CLOEXEC, 100);
  kept->device = is.st_dev, kept->inode = is.st_ino, kept->synced = is.st_size;
  return kept;
}

static void power_opened(int file, int flags) {
  struct kept_file* kept = kept_file(file);
  if (kept && (flags & O_TRUNC)) kept->synced = 0;
}

static int lies_in(const char* path, const char* parent) {
  const char* slash = strrchr(path, '/');
  const size_t size = slash ? (size_t)(slash - path) : 0;
  return strlen(parent) == size && strncmp(path, parent, size) == 0;
}

static void power_synced(int file) {
  struct stat is;
  char path[PATH_MAX];
  if (fstat(file, &is) != 0) return;
  if (S_ISDIR(is.st_mode)) {
    if (!path_of(file, path)) return;
    for (int i = 0; i < moved_count; ++i)
      if (lies_in(moved_names[i].to, path)) moved_names[i].is_durable = 1;
  } else {
    struct kept_file* kept = kept_file(file);
    if (kept) kept->synced = is.st_size;
  }
}

/* Before a rename. */
static void power_moves(const char* from, const char* to) {
  if (moved_count == MOST_CHANGES / 8) abort();
  struct moved_name* moved = &moved_names[moved_count++];
  if (!whole_path(AT_FDCWD, from, moved->from) || !whole_path(AT_FDCWD, to, moved->to)) abort();
  snprintf(moved->old, sizeof moved->old, "%.*s.old-%d", PATH_MAX - 32, folder, moved_count);
  if (link(to, moved->old) != 0) moved->old[0] = 0; /* nothing was there */
}

/* Does not come back. */
static void power_cut(void) {
  for (int i = moved_count - 1; i >= 0; --i) {
    const struct moved_name* moved = &moved_names[i];
    if (moved->is_durable) continue;
    (void)rename(moved->to, moved->from);
    if (moved->old[0]) (void)rename(moved->old, moved->to);
  }
  for (int i = 0; i < kept_count; ++i) {
    struct stat is;
    if (fstat(kept_files[i].file, &is) == 0 && is.st_size > kept_files[i].synced)
      (void)ftruncate(kept_files[i].file, kept_files[i].synced);
  }
  raise(SIGKILL);
}
