/* What a power cut leaves of a folder: of each file the bytes of its last sync, also where they
 * were overwritten or cut off since; and the names as they were, but for changes whose folder was
 * synced since. So a new file without a sync of its folder is lost, whole as it may be, and what
 * was removed is back. What there was at the start counts as synced. Not modelled: that of changes
 * that were not synced some stay, or half of one; owners, rights and times of files; changes by
 * other processes, and that these, a guardian too, live on. Included by disk_faults.c, which holds
 * its lock meanwhile.
 */
#pragma once

#define MOST_CHANGES 8192

/* A file that was opened for writing. Held open, so that it is found under any name. */
static struct kept_file {
  int file;
  dev_t device;
  ino_t inode;
  char* bytes; /* of the last sync */
  size_t size;
} kept_files[MOST_CHANGES];
static int kept_count;

/* A folder in which a name changed, held open likewise. */
static struct kept_folder {
  int file;
  dev_t device;
  ino_t inode;
} kept_folders[MOST_CHANGES];
static int folder_count;

/* A change of a name. */
static struct change {
  enum { kMade, kMoved, kRemoved } kind;
  int parent;                                  /* index of its folder */
  char name[NAME_MAX + 1], from[NAME_MAX + 1]; /* from: the name before a move */
  int has_old;                                 /* what was removed or replaced has another name */
  int removed_folder; /* index of the folder that was removed; -1: a file */
  mode_t mode;        /* of that folder */
  int is_durable;
} changes[MOST_CHANGES];
static int change_count;
static int is_pending; /* the newest is of a call that is not made yet */

/* Beside the folder, of this process alone. */
static const char* side_name(const char* what, int index) {
  static char name[PATH_MAX + 64];
  snprintf(name, sizeof name, "%s.%s-%d-%d", folder, what, getpid(), index);
  return name;
}

static void take_bytes(struct kept_file* kept) {
  struct stat is;
  if (fstat(kept->file, &is) != 0) give_up("no size", "a file");
  kept->size = (size_t)is.st_size;
  kept->bytes = realloc(kept->bytes, kept->size + 1);
  if (!kept->bytes || pread(kept->file, kept->bytes, kept->size, 0) != is.st_size)
    give_up("cannot be read", "a file");
}

/* 0 for what is no file, or none that is kept yet. */
static struct kept_file* find_file(int file) {
  struct stat is;
  if (fstat(file, &is) != 0) return 0;
  for (int i = 0; i < kept_count; ++i)
    if (kept_files[i].inode == is.st_ino && kept_files[i].device == is.st_dev)
      return &kept_files[i];
  return 0;
}

/* Takes `file` over. */
static void keep_file(int file) {
  struct stat is;
  if (fstat(file, &is) != 0 || !S_ISREG(is.st_mode) || find_file(file)) {
    close(file);
    return;
  }
  if (kept_count == MOST_CHANGES) give_up("too many files", folder);
  struct kept_file* kept = &kept_files[kept_count++];
  kept->file = fcntl(file, F_DUPFD_CLOEXEC, 100);
  if (kept->file < 0) give_up("cannot be held open", folder);
  close(file);
  kept->device = is.st_dev, kept->inode = is.st_ino;
  take_bytes(kept);
}

static int raw_open(const char* path, int flags) {
  return (int)syscall(SYS_openat, AT_FDCWD, path, flags | O_CLOEXEC | O_NONBLOCK, 0);
}

/* -1: none that is known. */
static int find_folder(int file) {
  struct stat is;
  if (fstat(file, &is) != 0) return -1;
  for (int i = 0; i < folder_count; ++i)
    if (kept_folders[i].inode == is.st_ino && kept_folders[i].device == is.st_dev) return i;
  return -1;
}

static int keep_folder(const char* path) {
  const int file = raw_open(path, O_PATH | O_DIRECTORY);
  if (file < 0) give_up("no folder", path);
  int index = find_folder(file);
  if (index < 0) {
    struct stat is;
    if (folder_count == MOST_CHANGES || fstat(file, &is) != 0) give_up("too many folders", path);
    index = folder_count++;
    kept_folders[index].file = fcntl(file, F_DUPFD_CLOEXEC, 100);
    if (kept_folders[index].file < 0) give_up("cannot be held open", path);
    kept_folders[index].device = is.st_dev, kept_folders[index].inode = is.st_ino;
  }
  close(file);
  return index;
}

/* The index of its folder; `name` gets the rest. */
static int split(const char* path, char name[NAME_MAX + 1]) {
  char parent[PATH_MAX];
  snprintf(parent, sizeof parent, "%s", path);
  for (size_t size = strlen(parent); size > 1 && parent[size - 1] == '/';) parent[--size] = 0;
  char* slash = strrchr(parent, '/');
  snprintf(name, NAME_MAX + 1, "%s", slash + 1);
  *slash = 0;
  return keep_folder(parent);
}

static struct change* add_change(int kind, const char* path) {
  if (change_count == MOST_CHANGES) give_up("too many changes", path);
  struct change* change = &changes[change_count++];
  memset(change, 0, sizeof *change);
  change->kind = kind, change->removed_folder = -1;
  change->parent = split(path, change->name);
  is_pending = 1;
  return change;
}

/* Behind the call: a change that failed was none. */
static int power_did(int result) {
  const int error = errno;
  if (is_pending && result != 0) {
    const int has_old = changes[change_count - 1].has_old;
    if (has_old) syscall(SYS_unlinkat, AT_FDCWD, side_name("old", change_count), 0);
    --change_count;
  }
  is_pending = 0;
  errno = error;
  return result;
}

/* Before a file is opened for writing or cut: whether it will be a new one. */
static int power_opens(const char* path) {
  const int file = raw_open(path, O_RDWR | O_NOFOLLOW);
  if (file >= 0) keep_file(file);
  return file < 0 && errno == ENOENT;
}

static void power_opened(const char* path, int file) {
  if (file < 0) return;
  add_change(kMade, path);
  power_did(0);
  const int again = raw_open(path, O_RDWR);
  if (again < 0) give_up("cannot be opened", path);
  keep_file(again);
}

static void power_makes(const char* path) { add_change(kMade, path); }

/* Only where nothing is there no other name is needed. */
static void keep_old(struct change* change, const char* path) {
  const char* const old = side_name("old", change_count);
  change->has_old = syscall(SYS_linkat, AT_FDCWD, path, AT_FDCWD, old, 0) == 0;
  if (!change->has_old && errno != ENOENT) give_up("what is there cannot be kept", path);
}

static void power_moves(const char* from, const char* to) {
  struct change* change = add_change(kMoved, to);
  if (split(from, change->from) != change->parent)
    give_up("moves between folders are not modelled", to);
  keep_old(change, to);
}

static void power_removes(const char* path) {
  struct stat is;
  if (lstat(path, &is) != 0) return;
  struct change* change = add_change(kRemoved, path);
  if (S_ISDIR(is.st_mode)) {
    change->removed_folder = keep_folder(path), change->mode = is.st_mode;
  } else {
    keep_old(change, path);
  }
}

static void power_synced(int file) {
  struct kept_file* kept = find_file(file);
  if (kept) take_bytes(kept);
  const int synced = find_folder(file);
  for (int i = 0; i < change_count; ++i)
    if (changes[i].parent == synced) changes[i].is_durable = 1;
}

/* Of a folder that is gone for good nothing comes back. */
static void done(long result, const char* name) {
  if (result != 0 && errno != ENOENT) give_up("cannot be undone", name);
}

static void undo(const struct change* change, int index) {
  const int parent = kept_folders[change->parent].file;
  const char* const name = change->name;
  if (change->kind == kMade)
    done(syscall(SYS_renameat, parent, name, AT_FDCWD, side_name("lost", index)), name);
  if (change->kind == kMoved) done(syscall(SYS_renameat, parent, name, parent, change->from), name);
  if (change->has_old)
    done(syscall(SYS_renameat, AT_FDCWD, side_name("old", index), parent, name), name);
  if (change->removed_folder < 0) return;
  /* Another folder than before, in which the names that it had come back next. */
  done(syscall(SYS_mkdirat, parent, name, change->mode & 07777), name);
  kept_folders[change->removed_folder].file =
      (int)syscall(SYS_openat, parent, name, O_PATH | O_DIRECTORY | O_CLOEXEC, 0);
}

/* Does not come back. */
static void power_cut(void) {
  for (int i = change_count; i > 0; --i)
    if (!changes[i - 1].is_durable) undo(&changes[i - 1], i);
  for (int i = 0; i < kept_count; ++i) {
    const struct kept_file* kept = &kept_files[i];
    if (syscall(SYS_ftruncate, kept->file, 0) != 0 ||
        syscall(SYS_pwrite64, kept->file, kept->bytes, kept->size, 0) != (long)kept->size)
      give_up("cannot be put back", folder);
  }
  raise(SIGKILL);
}
