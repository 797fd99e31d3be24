// keelan-shim SHIM-ID: keeps one ship alive, from the definition in the folder it is started in. The contract is
// PROTOCOL.md beside this file. One thread, no library but libc, no allocation after the start: nothing here may fail
// because the machine is short of something, since nobody watches the shim.
//
// All signals are blocked, except while doze() sleeps: so whatever comes between two looks at the state waits for the
// next sleep, and nothing is lost.
#ifdef __APPLE__
#define _DARWIN_C_SOURCE
#else
#define _GNU_SOURCE
#endif
#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <grp.h>
#include <limits.h>
#include <pwd.h>
#include <signal.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/file.h>
#include <sys/resource.h>
#include <sys/select.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/uio.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>
#ifdef __APPLE__
#include <libproc.h>
#include <sys/sysctl.h>
#define BOOT_CLOCK CLOCK_MONOTONIC // on macOS it runs on while the machine sleeps
#else
#include <sys/prctl.h>
#include <sys/syscall.h>
#define BOOT_CLOCK CLOCK_BOOTTIME
#endif
#ifndef CHILDREN_FILE // a test names a file that does not exist, as on kernels built without it
#define CHILDREN_FILE "/proc/thread-self/children"
#endif

enum { FORMAT = 1, MAX_DELAYS = 64, MAX_TOLD = 256 };
enum status { STATUS_USAGE = 64, STATUS_SPEC = 65, STATUS_FILE = 73, STATUS_USED = 75 };
enum restart { RESTART_UNSET, RESTART_ALWAYS, RESTART_ON_FAILURE, RESTART_NO };
enum step { // WISH: not one that failed, the child found `down`
  STEP_NONE, STEP_FORK, STEP_LOG, STEP_CWD, STEP_ROOT, STEP_USER, STEP_GROUP, STEP_LIMIT, STEP_NICE, STEP_EXEC, STEP_WISH
};
static const char *const step_names[] = {"-", "fork", "log", "cwd", "root", "user", "group", "limit", "nice", "exec", "-"};
static const int64_t NEVER = INT64_MAX, MAX_NUMBER = (int64_t)1 << 53;
static const int64_t JOURNAL_CHUNK = 64 * 1024, JOURNAL_SPARE = 16 * 1024; // bytes

static struct {
  char *text;         // all the others point into it
  char **argv, **env; // both end with NULL
  const char *cwd, *log, *log_stderr, *user, *group, *root;
  enum restart restart;
  int64_t delays[MAX_DELAYS], reset_after, max_restarts, window, stop_timeout;
  int delay_count, has_nice, nice, stop_signal;
  struct { const char *name; int resource, given; rlim_t value; } limits[4];
} spec = {.limits = {{"nofile:", RLIMIT_NOFILE, 0, 0}, {"as:", RLIMIT_AS, 0, 0},
                     {"cpu:", RLIMIT_CPU, 0, 0}, {"core:", RLIMIT_CORE, 0, 0}},
          .reset_after = -1, .max_restarts = -1, .window = -1, .stop_timeout = -1, .stop_signal = -1};
static const int64_t UNLIMITED = -2;

static struct {
  enum step unknown; // the user or group that does not exist
  int set_user, set_group, group_count;
  uid_t uid;
  gid_t gid, *groups;
} identity;

static struct {
  pid_t pid;
  int channel;      // to the child until it runs its program; -1 after that
  int released;     // it was allowed to go on
  int ended;        // it was waited for
  int status;       // as wait4 says
  int64_t began_at, ended_at;
  enum step failed; // the step that failed, and its errno
  int error;
} ship = {.channel = -1};
struct report { enum step step; int error; };

static int journal = -1, folder = -1;
static struct stat journal_identity;
static char journal_path[PATH_MAX + 16];
static int wish_down;
static volatile sig_atomic_t told_to_end; // the number of the signal
static sigset_t while_dozing, while_awake;

static _Noreturn void leave(enum status status, const char *why, const char *what) {
  fprintf(stderr, "keelan-shim: %s%s\n", why, what);
  exit(status);
}

static int64_t clock_ms(clockid_t clock) {
  struct timespec t;
  clock_gettime(clock, &t);
  return (int64_t)t.tv_sec * 1000 + t.tv_nsec / 1000000;
}

static int is_same(const struct stat *a, const struct stat *b) { return a->st_dev == b->st_dev && a->st_ino == b->st_ino; }

static int64_t now(void) { return clock_ms(BOOT_CLOCK); }

// A plain number from 0 to `max`, else -1.
static int64_t number(const char *text, int64_t max) {
  int64_t n = 0;
  if (!*text) return -1;
  for (; *text; text++) {
    if (*text < '0' || *text > '9') return -1;
    if ((n = n * 10 + (*text - '0')) > max) return -1;
  }
  return n;
}

// ---- the journal ----------------------------------------------------------------------------------------------------

// Lines that do not stand in the journal yet (a full disk). No start is made before it is empty, and one run notes fewer
// than ten lines, so it cannot run over.
static char queue[4096];
static size_t queued;
static int torn; // the file ends within a line
static int64_t lines, retry_at, journal_size, journal_allocated;

// Space for what is to come is taken beforehand, without changing the file's length: an exit can then be noted on a full
// disk. Where the file system cannot do that, the lines are tried again instead.
static void preallocate(void) {
  if (journal_size + JOURNAL_SPARE < journal_allocated) return;
#ifdef __APPLE__
  fstore_t store = {F_ALLOCATEALL, F_PEOFPOSMODE, 0, JOURNAL_CHUNK, 0};
  if (fcntl(journal, F_PREALLOCATE, &store) == 0) journal_allocated += JOURNAL_CHUNK;
#else
  if (fallocate(journal, FALLOC_FL_KEEP_SIZE, journal_allocated, JOURNAL_CHUNK) == 0) journal_allocated += JOURNAL_CHUNK;
#endif
}

// 1 once every line stands. One write a line; a torn line is ended and written again.
static int flush(void) {
  while (queued) {
    size_t length = (size_t)((char *)memchr(queue, '\n', queued) - queue) + 1;
    struct iovec parts[2] = {{"\n", (size_t)torn}, {queue, length}};
    ssize_t written = writev(journal, parts, 2);
    if (written > 0) journal_size += written;
    if (written != (ssize_t)length + torn) {
      if (written > 0) torn = 1;
      retry_at = now() + 1000;
      return 0;
    }
    torn = 0;
    memmove(queue, queue + length, queued -= length);
  }
  preallocate();
  return 1;
}

__attribute__((format(printf, 1, 2))) static void note(const char *format, ...) {
  char line[512];
  long long wall = clock_ms(CLOCK_REALTIME), boot = now();
  int n = snprintf(line, sizeof line, "%lld %lld %lld ", (long long)++lines, wall, boot);
  va_list arguments;
  va_start(arguments, format);
  n += vsnprintf(line + n, sizeof line - (size_t)n, format, arguments);
  va_end(arguments);
  n += snprintf(line + n, sizeof line - (size_t)n, " .\n");
  if (queued + (size_t)n > sizeof queue) return;
  memcpy(queue + queued, line, (size_t)n);
  queued += (size_t)n;
  flush();
}

// ---- signals and sleep ----------------------------------------------------------------------------------------------

static const int heard[] = {SIGCHLD, SIGUSR1, SIGTERM, SIGINT, SIGHUP, SIGQUIT};
enum { HEARD = sizeof heard / sizeof *heard };

static void on_signal(int number) {
  if (number != SIGCHLD && number != SIGUSR1 && !told_to_end) told_to_end = number; // the others only end the sleep
}

static void set_up_signals(void) {
  sigfillset(&while_awake);
  sigprocmask(SIG_SETMASK, &while_awake, NULL);
  while_dozing = while_awake;
  struct sigaction old;
  for (int s = 1; s < NSIG; s++) // an ignored signal would stay ignored in the ship
    if (sigaction(s, NULL, &old) == 0 && old.sa_handler == SIG_IGN) signal(s, SIG_DFL);
  struct sigaction action = {.sa_handler = on_signal};
  sigfillset(&action.sa_mask);
  for (int i = 0; i < HEARD; i++) {
    sigaction(heard[i], &action, NULL);
    sigdelset(&while_dozing, heard[i]);
  }
}

// Sleeps until the time `until`, a signal, or news from the child. Everything that came meanwhile is counted afterwards.
static void doze(int64_t until) {
  if (queued && retry_at < until) until = retry_at;
  int64_t left = until - now(), day = 86400000;
  if (left < 0) left = 0;
  if (left > day) left = day; // more is an error to some systems
  struct timespec time = {(time_t)(left / 1000), (long)(left % 1000) * 1000000};
  int channel = ship.released ? ship.channel : -1;
  fd_set readable;
  FD_ZERO(&readable);
  if (channel >= 0) FD_SET(channel, &readable);
  pselect(channel + 1, &readable, NULL, NULL, until == NEVER ? NULL : &time, &while_dozing);
  sigprocmask(SIG_SETMASK, &while_dozing, NULL); // pselect delivers none when it did not have to sleep
  sigprocmask(SIG_SETMASK, &while_awake, NULL);
  if (queued && now() >= retry_at) flush();
}

static int down_exists(void) {
  struct stat there; // not access(), which asks for the real user
  return fstatat(folder, "down", &there, 0) == 0;
}

static void look_for_wish(void) {
  if (wish_down || !down_exists()) return;
  wish_down = 1; // for good: a later `up` gets a new shim
  note("down");
}

// ms between the stop signal and SIGKILL. Read each time, so that a shorter one can be asked for while it stops.
static int64_t grace(void) {
  char text[32];
  int fd = wish_down ? openat(folder, "down", O_RDONLY | O_CLOEXEC | O_NONBLOCK) : -1;
  if (fd < 0) return spec.stop_timeout;
  ssize_t n = read(fd, text, sizeof text - 1);
  close(fd);
  while (n > 0 && text[n - 1] == '\n') n--;
  if (n < 0) n = 0;
  text[n] = 0;
  int64_t ms = number(text, MAX_NUMBER);
  return ms < 0 ? spec.stop_timeout : ms;
}

// ---- processes ------------------------------------------------------------------------------------------------------

#ifdef __APPLE__
static unsigned long long start_time(pid_t pid) {
  struct proc_bsdinfo info;
  return proc_pidinfo(pid, PROC_PIDTBSDINFO, 0, &info, sizeof info) == sizeof info ? info.pbi_start_tvsec : 0;
}

static void boot_id(char *text, size_t size) {
  if (sysctlbyname("kern.bootsessionuuid", text, &size, NULL, 0) < 0) strcpy(text, "-");
}

// Without subreaper there is only the ship's group, whose number is not given away while it has members.
static int each_child(void (*visit)(pid_t)) {
  static pid_t pids[1024];
  int count = 0, n = proc_listpids(PROC_PGRP_ONLY, (uint32_t)ship.pid, pids, sizeof pids) / (int)sizeof *pids;
  for (int i = 0; i < n; i++) {
    if (pids[i] <= 0 || (ship.ended && pids[i] == ship.pid)) continue;
    count++;
    if (visit) visit(pids[i]);
  }
  return count;
}
static void open_children(void) {}
#else
static int children = -1; // kept open: when there are no descriptors left, the ship can still be stopped

static void open_children(void) { children = open(CHILDREN_FILE, O_RDONLY | O_CLOEXEC); }

// Reads a small file of /proc; its length, 0 if there is none.
static size_t slurp(const char *path, char *text, size_t size) {
  int fd = open(path, O_RDONLY | O_CLOEXEC);
  ssize_t n = fd < 0 ? -1 : read(fd, text, size - 1);
  if (fd >= 0) close(fd);
  text[n < 0 ? 0 : n] = 0;
  return n < 0 ? 0 : (size_t)n;
}

// Field `field` (4 or more) of /proc/PID/stat; the name before it may hold anything, also ')' and blanks.
static unsigned long long stat_field(const char *pid, int field) {
  char path[64], text[1024];
  snprintf(path, sizeof path, "/proc/%s/stat", pid);
  slurp(path, text, sizeof text);
  char *at = strrchr(text, ')');
  for (int i = 2; at && i < field; i++) at = strchr(at + 1, ' ');
  return at ? strtoull(at, NULL, 10) : 0;
}

static unsigned long long start_time(pid_t pid) {
  char text[16];
  snprintf(text, sizeof text, "%d", (int)pid);
  return stat_field(text, 22);
}

static void boot_id(char *text, size_t size) {
  slurp("/proc/sys/kernel/random/boot_id", text, size);
  text[strcspn(text, "\n")] = 0;
  if (!*text) strcpy(text, "-");
}

// A helper that a ship started, and what that helper started, come to this shim as subreaper, but are no part of its ship:
// helper and shims say so in their environment, ships name their own shim there. Only its beginning is read.
static int foreign; // how many such children the last look saw
static const char *shim_id;

static int is_foreign(pid_t pid) {
  char path[64], text[4096];
  snprintf(path, sizeof path, "/proc/%d/environ", (int)pid);
  size_t size = slurp(path, text, sizeof text);
  for (size_t at = 0; at < size; at += strlen(text + at) + 1) {
    if (strncmp(text + at, "KEELAN_PART=", 12) == 0) return 1;
    if (strncmp(text + at, "KEELAN_SHIM=", 12) == 0) return strcmp(text + at + 12, shim_id) != 0;
  }
  return 0;
}

// Calls `visit` for a child of the ship; 1 if it is one.
static int met(pid_t pid, void (*visit)(pid_t)) {
  if (is_foreign(pid)) {
    foreign++;
    return 0;
  }
  if (visit) visit(pid);
  return 1;
}

// Kernels built without CONFIG_PROC_CHILDREN: every process is asked for its parent. No opendir, which allocates.
static int each_child_of_proc(void (*visit)(pid_t)) {
  static _Alignas(8) char entries[4096];
  int count = 0, fd = open("/proc", O_RDONLY | O_DIRECTORY | O_CLOEXEC);
  if (fd < 0) return 0;
  for (long size; (size = syscall(SYS_getdents64, fd, entries, sizeof entries)) > 0;)
    for (long at = 0; at < size;) {
      struct dirent64 *entry = (struct dirent64 *)(entries + at);
      at += entry->d_reclen;
      pid_t pid = (pid_t)number(entry->d_name, INT_MAX);
      if (pid <= 0 || stat_field(entry->d_name, 4) != (unsigned long long)getpid()) continue;
      count += met(pid, visit);
    }
  close(fd);
  return count;
}

// Calls `visit` for each child of the shim and counts them. As subreaper it gets every process whose parent ends, and a
// child's pid stays its own until it was waited for: so these can be signalled without any doubt.
static int each_child(void (*visit)(pid_t)) {
  char text[1024];
  int count = 0;
  foreign = 0;
  if (children < 0) return each_child_of_proc(visit);
  lseek(children, 0, SEEK_SET);
  pid_t pid = 0;
  for (ssize_t n; (n = read(children, text, sizeof text)) > 0;)
    for (ssize_t i = 0; i < n; i++) {
      if (text[i] >= '0' && text[i] <= '9') {
        pid = pid * 10 + (text[i] - '0');
        continue;
      }
      if (pid > 0) count += met(pid, visit);
      pid = 0;
    }
  return count;
}
#endif

// To the ship's group, which bears its pid and cannot be another's before the ship was waited for.
static void signal_ship(int number) {
  if (!ship.ended && kill(-ship.pid, number) < 0) kill(ship.pid, number);
}

static pid_t told[MAX_TOLD]; // no process gets the stop signal twice: to some, the second means "at once"
static int told_count, group_was_told;

static void tell_to_stop(pid_t pid) {
  if (group_was_told && getpgid(pid) == ship.pid) return;
  for (int i = 0; i < told_count; i++)
    if (told[i] == pid) return;
  if (told_count == MAX_TOLD) return;
  told[told_count++] = pid;
  kill(pid, spec.stop_signal);
  kill(pid, SIGCONT);
}

// SIGKILL for the child, then for its group at once, so that processes that fork faster than we can count have no chance.
// A group of a child of ours has members of the ship only (groups never span sessions, and its sessions are its own).
static void kill_hard(pid_t pid) {
  kill(pid, SIGKILL);
  pid_t group = getpgid(pid);
  if (group > 1 && group != getpgrp()) kill(-group, SIGKILL);
}

static int worth_a_retry(enum step step, int error) {
  switch (error) {
  case EAGAIN: case ENOMEM: case EMFILE: case ENFILE: case ETXTBSY: return 1;
  case ENOSPC: case EDQUOT: return step == STEP_LOG; // a new log on a full disk
  default: return 0;
  }
}

static void note_failure(enum step step, int error) {
  ship.failed = step;
  ship.error = error;
  note("failed-to-start %s %d %s", step_names[step], error, worth_a_retry(step, error) ? "retry" : "final");
}

// What the child says: the step that failed, or, by closing the channel at exec, that its program runs.
static void hear_from_child(void) {
  if (ship.channel < 0) return;
  struct report report;
  ssize_t n = recv(ship.channel, &report, sizeof report, MSG_DONTWAIT);
  if (n < 0 && (errno == EAGAIN || errno == EWOULDBLOCK)) return;
  close(ship.channel);
  ship.channel = -1;
  if (n != sizeof report) {
    if (ship.released) note("running %d", (int)ship.pid);
  } else if (report.step == STEP_WISH) {
    ship.failed = STEP_WISH;
    if (!wish_down) note("down");
    wish_down = 1;
  } else {
    note_failure(report.step, report.error);
  }
}

static void note_end(int status, const struct rusage *usage) {
  long long user = (long long)usage->ru_utime.tv_sec * 1000000 + usage->ru_utime.tv_usec;
  long long system = (long long)usage->ru_stime.tv_sec * 1000000 + usage->ru_stime.tv_usec;
  long long peak = usage->ru_maxrss;
#ifdef __APPLE__
  peak /= 1024;
#endif
  if (WIFSIGNALED(status))
    note("signal %d %s %lld %lld %lld", WTERMSIG(status), WCOREDUMP(status) ? "core" : "-", user, system, peak);
  else
    note("exit %d %lld %lld %lld", WEXITSTATUS(status), user, system, peak);
}

// Waits for whatever has ended; 1 when nothing of the ship is left.
static int reap(void) {
  int status;
  struct rusage usage;
  pid_t pid;
  while ((pid = wait4(-1, &status, WNOHANG, &usage)) > 0) {
    if (pid != ship.pid || ship.ended) continue;
    hear_from_child(); // before its end: it runs first
    ship.ended = 1;
    ship.ended_at = now();
    ship.status = status;
    if (!ship.failed) note_end(status, &usage);
  }
  hear_from_child();
#ifdef __APPLE__
  return pid < 0 && each_child(NULL) == 0;
#else
  return pid < 0 || (ship.ended && each_child(NULL) == 0 && foreign > 0);
#endif
}

// ---- in the child ---------------------------------------------------------------------------------------------------

static const char *ships_path(void) {
  for (char **env = spec.env; *env; env++)
    if (strncmp(*env, "PATH=", 5) == 0) return *env + 5;
  return "/bin:/usr/bin";
}

// execve, with PATH searched as execvp does it; but execvp itself would run a file without `#!` by a shell instead of
// saying ENOEXEC. Returns errno.
static int run_program(void) {
  const char *name = spec.argv[0];
  if (!*name) return ENOENT;
  if (strchr(name, '/')) {
    execve(name, spec.argv, spec.env);
    return errno;
  }
  int denied = 0;
  for (const char *at = ships_path();; at++) {
    char file[PATH_MAX];
    size_t length = strcspn(at, ":");
    if (length + strlen(name) + 2 <= sizeof file) {
      snprintf(file, sizeof file, "%.*s%s%s", (int)length, at, length ? "/" : "", name);
      execve(file, spec.argv, spec.env);
      if (errno == EACCES) denied = 1;
      else if (errno != ENOENT && errno != ENOTDIR && errno != ESTALE && errno != ENODEV && errno != ETIMEDOUT) return errno;
    }
    at += length;
    if (!*at) return denied ? EACCES : ENOENT;
  }
}

static int open_log(const char *path, int as) {
  // O_NOCTTY: a session leader that opens a terminal would get its signals. 0600: a log may hold secrets.
  int fd = open(path, O_WRONLY | O_CREAT | O_APPEND | O_NOCTTY | O_CLOEXEC, 0600);
  if (fd < 0 || dup2(fd, as) < 0) return -1;
  close(fd);
  return 0;
}

// The order of the steps: the logs and limits while everything can still be reached and raised; the groups while there is
// still the right to; root before the user, who may not chroot; the folder last, as the user, whose rights decide.
static enum step prepare(void) {
  if (open_log(spec.log, 1) < 0) return STEP_LOG;
  if (spec.log_stderr ? open_log(spec.log_stderr, 2) < 0 : dup2(1, 2) < 0) return STEP_LOG;
  if (spec.has_nice && setpriority(PRIO_PROCESS, 0, spec.nice) < 0) return STEP_NICE;
  for (size_t i = 0; i < sizeof spec.limits / sizeof *spec.limits; i++) {
    struct rlimit limit = {spec.limits[i].value, spec.limits[i].value};
    if (spec.limits[i].given && setrlimit(spec.limits[i].resource, &limit) < 0) return STEP_LIMIT;
  }
  if (spec.root && (chroot(spec.root) < 0 || chdir("/") < 0)) return STEP_ROOT;
  if (down_exists()) return STEP_WISH; // the ship's user may not see into the folder, so here once more
  if (identity.set_group && setgroups((size_t)identity.group_count, identity.groups) < 0) return STEP_GROUP;
  if (identity.set_group && setgid(identity.gid) < 0) return STEP_GROUP;
  if (identity.set_user && setuid(identity.uid) < 0) return STEP_USER;
  if (chdir(spec.cwd) < 0) return STEP_CWD;
  return down_exists() ? STEP_WISH : STEP_NONE;
}

static _Noreturn void be_the_ship(int channel) {
  char go;
  setsid(); // away from the shim: no signal to the ship's group may reach it
  while (read(channel, &go, 1) != 1)
    if (errno != EINTR) _exit(0); // the shim is gone, or thought better of it
  for (int i = 0; i < HEARD; i++) signal(heard[i], SIG_DFL); // before they are let in, or one could end up in our handler
  sigset_t none;
  sigemptyset(&none);
  sigprocmask(SIG_SETMASK, &none, NULL);
  umask(022);
  struct report report = {.step = prepare()};
  report.error = errno;
  if (report.step == STEP_NONE) report = (struct report){STEP_EXEC, run_program()};
  _exit(send(channel, &report, sizeof report, 0) == sizeof report ? 0 : 127);
}

// ---- one run --------------------------------------------------------------------------------------------------------

// Forks the ship and lets it go once its `start` stands in the journal. 0 when it was not let go.
static int start(void) {
  int pair[2];
  struct stat log;
  ship.pid = 0;
  ship.released = ship.ended = ship.error = ship.status = 0;
  ship.failed = STEP_NONE;
#ifdef __APPLE__
  int made = socketpair(AF_UNIX, SOCK_STREAM, 0, pair);
  if (made == 0) fcntl(pair[0], F_SETFD, FD_CLOEXEC), fcntl(pair[1], F_SETFD, FD_CLOEXEC);
#else
  int made = socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, pair);
#endif
  pid_t pid = made < 0 ? -1 : fork();
  if (pid == 0) {
    close(pair[0]);
    be_the_ship(pair[1]);
  }
  int error = errno;
  if (made == 0) close(pair[1]);
  if (pid < 0) {
    if (made == 0) close(pair[0]);
    note_failure(STEP_FORK, error);
    return 0;
  }
  ship.pid = pid;
  ship.channel = pair[0];
  long long offset = stat(spec.log, &log) == 0 ? (long long)log.st_size : 0;
  ship.began_at = now();
  note("start %d %llu %lld", (int)pid, start_time(pid), offset);
  while (queued && !wish_down && !told_to_end) {
    doze(NEVER);
    look_for_wish();
  }
  if (!queued && send(ship.channel, "!", 1, 0) == 1) {
    ship.released = 1;
    return 1;
  }
  if (!queued) return 1; // killed by someone before it could go: that is an end like any other
  close(ship.channel);
  ship.channel = -1;
  kill(pid, SIGKILL); // it would leave by itself, but not if someone has stopped it
  while (waitpid(pid, NULL, 0) < 0 && errno == EINTR) continue;
  ship.ended = 1;
  return 0;
}

// Sees one run through, until nothing of it is left.
static void supervise(void) {
  int stopping = 0, killing = 0, left_over = 0;
  int64_t since = 0, pause = 10;
  told_count = group_was_told = 0;
  for (;;) {
    int gone = reap();
    look_for_wish();
    if (ship.ended && gone) return;
    if (ship.ended && !left_over) {
      int count = each_child(NULL);
      note("leftovers %d", count > 0 ? count : 1); // one that has just ended counts too
      left_over = 1;
    }
    if ((wish_down || left_over) && !stopping) {
      stopping = 1;
      since = now();
      group_was_told = !ship.ended;
      signal_ship(spec.stop_signal);
      signal_ship(SIGCONT);
    }
    if (left_over && !killing) each_child(tell_to_stop);
    int64_t until = stopping ? since + grace() : NEVER;
    if (stopping && now() >= until) {
      if (!killing) {
        int count = each_child(NULL);
        note("kill %d", count > 0 ? count : 1);
        killing = 1;
      }
      // Again after each death, which brings the shim that one's children. A process that may not be killed or hangs in the
      // kernel is tried ever more seldom, so that this does not spin.
      signal_ship(SIGKILL);
      each_child(kill_hard);
      until = now() + pause;
      if (pause < 1000) pause *= 2;
    }
    doze(until);
  }
}

// ---- from run to run ------------------------------------------------------------------------------------------------

static int64_t *ends; // when the last max-restarts ends were, as a ring
static int64_t ends_seen;

// 1 if this end to be restarted is one too many within the window.
static int one_too_many(int64_t when) {
  if (spec.max_restarts == UNLIMITED) return 0;
  if (spec.max_restarts == 0) return 1;
  int64_t *oldest = &ends[ends_seen % spec.max_restarts];
  if (ends_seen >= spec.max_restarts && when - *oldest < spec.window) return 1;
  *oldest = when;
  ends_seen++;
  return 0;
}

static int is_restarted(int status) {
  int success = WIFEXITED(status) && WEXITSTATUS(status) == 0;
  return spec.restart == RESTART_ALWAYS || (spec.restart == RESTART_ON_FAILURE && !success);
}

static int folder_is_lost(void) {
  struct stat there;
  return stat(journal_path, &there) < 0 || !is_same(&there, &journal_identity);
}

// Keeps the ship alive; returns why it does so no longer.
static const char *keep_alive(void) {
  static char signalled[32];
  int in_a_row = 0;
  if (identity.unknown) {
    note_failure(identity.unknown, 0);
    return "failed";
  }
  for (int64_t at = now();;) {
    do { // a pending line counts as a reason to wait: what happened before stands before anything happens again
      doze(queued && now() >= at ? NEVER : at);
      look_for_wish();
      if (wish_down) return "down";
      snprintf(signalled, sizeof signalled, "signal-%d", (int)told_to_end);
      if (told_to_end) return signalled;
    } while (queued || now() < at);
    if (folder_is_lost()) return "lost";

    if (start()) supervise();
    if (wish_down) return "down";
    if (ship.failed && !worth_a_retry(ship.failed, ship.error)) return "failed";
    snprintf(signalled, sizeof signalled, "signal-%d", (int)told_to_end);
    if (told_to_end) return signalled;
    if (!ship.failed) {
      if (!is_restarted(ship.status)) return "done";
      if (one_too_many(ship.ended_at)) {
        note("gave-up %lld %lld", (long long)spec.max_restarts + 1, (long long)spec.window);
        return "gave-up";
      }
      if (ship.ended_at - ship.began_at >= spec.reset_after) in_a_row = 0;
    }
    int64_t delay = spec.delays[in_a_row < spec.delay_count ? in_a_row : spec.delay_count - 1];
    if (in_a_row < spec.delay_count) in_a_row++;
    if (ship.failed && delay < 1000) delay = 1000;
    if (delay > 0) note("wait %lld", (long long)delay);
    at = now() + delay;
  }
}

// ---- the start of the shim ------------------------------------------------------------------------------------------

static void *allocate(size_t count, size_t size) {
  void *memory = calloc(count, size);
  if (!memory) leave(STATUS_FILE, "no memory", "");
  return memory;
}

static void set_variable(char *assignment) {
  size_t name = strcspn(assignment, "=") + 1;
  char **env = spec.env;
  while (*env && strncmp(*env, assignment, name) != 0) env++;
  *env = assignment;
}

static void set_delays(char *list) {
  for (char *next = list; next; spec.delay_count++) {
    char *delay = next;
    if ((next = strchr(delay, ','))) *next++ = 0;
    if (spec.delay_count == MAX_DELAYS) leave(STATUS_SPEC, "too many delays", "");
    if ((spec.delays[spec.delay_count] = number(delay, MAX_NUMBER)) < 0) leave(STATUS_SPEC, "not a delay: ", delay);
  }
}

static void set_limit(const char *text) {
  for (size_t i = 0; i < sizeof spec.limits / sizeof *spec.limits; i++) {
    size_t length = strlen(spec.limits[i].name);
    if (strncmp(text, spec.limits[i].name, length) != 0) continue;
    int64_t value = number(text + length, MAX_NUMBER);
    if (value < 0) break;
    spec.limits[i].given = 1;
    spec.limits[i].value = (rlim_t)value;
    return;
  }
  leave(STATUS_SPEC, "not a limit: ", text);
}

static int set_text(const char *key, const char *value) {
  const struct { const char *key, **to; int path; } texts[] = {
      {"cwd", &spec.cwd, 1}, {"log", &spec.log, 1}, {"log-stderr", &spec.log_stderr, 1},
      {"root", &spec.root, 1}, {"user", &spec.user, 0}, {"group", &spec.group, 0}};
  for (size_t i = 0; i < sizeof texts / sizeof *texts; i++) {
    if (strcmp(key, texts[i].key) != 0) continue;
    if (*texts[i].to || !*value || (texts[i].path && *value != '/')) leave(STATUS_SPEC, "bad or second ", key);
    *texts[i].to = value;
    return 1;
  }
  return 0;
}

static int set_number(const char *key, const char *value) {
  int64_t signal_number = -1;
  const struct { const char *key; int64_t *to, max; } numbers[] = {
      {"reset-after", &spec.reset_after, MAX_NUMBER}, {"max-restarts", &spec.max_restarts, 1000000},
      {"window", &spec.window, MAX_NUMBER}, {"stop-timeout", &spec.stop_timeout, MAX_NUMBER},
      {"stop-signal", &signal_number, NSIG - 1}};
  for (size_t i = 0; i < sizeof numbers / sizeof *numbers; i++) {
    if (strcmp(key, numbers[i].key) != 0) continue;
    int unlimited = numbers[i].to == &spec.max_restarts && strcmp(value, "unlimited") == 0;
    int again = numbers[i].to == &signal_number ? spec.stop_signal > 0 : *numbers[i].to != -1;
    *numbers[i].to = unlimited ? UNLIMITED : number(value, numbers[i].max);
    if (again || *numbers[i].to == -1 || signal_number == 0) leave(STATUS_SPEC, "bad or second ", key);
    if (signal_number > 0) spec.stop_signal = (int)signal_number;
    return 1;
  }
  return 0;
}

static void set_field(const char *key, char *value, char ***next_argument) {
  if (strcmp(key, "arg") == 0) {
    *(*next_argument)++ = value;
  } else if (strcmp(key, "env") == 0) {
    if (*value == '=' || !strchr(value, '=')) leave(STATUS_SPEC, "not a variable: ", value);
    set_variable(value);
  } else if (strcmp(key, "delays") == 0 && spec.delay_count == 0) {
    set_delays(value);
  } else if (strcmp(key, "limit") == 0) {
    set_limit(value);
  } else if (strcmp(key, "nice") == 0 && !spec.has_nice) {
    int64_t n = number(*value == '-' ? value + 1 : value, *value == '-' ? 20 : 19);
    if (n < 0) leave(STATUS_SPEC, "bad nice: ", value);
    spec.has_nice = 1;
    spec.nice = (int)(*value == '-' ? -n : n);
  } else if (strcmp(key, "restart") == 0 && spec.restart == RESTART_UNSET) {
    spec.restart = strcmp(value, "always") == 0       ? RESTART_ALWAYS
                   : strcmp(value, "on-failure") == 0 ? RESTART_ON_FAILURE
                   : strcmp(value, "no") == 0         ? RESTART_NO
                                                      : RESTART_UNSET;
    if (spec.restart == RESTART_UNSET) leave(STATUS_SPEC, "bad restart: ", value);
  } else if (!set_text(key, value) && !set_number(key, value)) {
    leave(STATUS_SPEC, "unknown or second field: ", key);
  }
}

static void read_spec(void) {
  struct stat file;
  int fd = open("spec", O_RDONLY | O_CLOEXEC);
  if (fd < 0 || fstat(fd, &file) < 0) leave(STATUS_FILE, "cannot open spec: ", strerror(errno));
  if (file.st_size <= 0 || file.st_size > 64 * 1024 * 1024) leave(STATUS_SPEC, "spec is empty or far too large", "");
  size_t size = (size_t)file.st_size, have = 0, fields = 0;
  char *text = spec.text = allocate(size, 1);
  for (ssize_t n; have < size && (n = read(fd, text + have, size - have)) > 0;) have += (size_t)n;
  close(fd);
  if (have != size || text[size - 1] != 0) leave(STATUS_SPEC, "spec ends within a field", "");
  for (size_t i = 0; i < size; i++) fields += text[i] == 0;
  char **next_argument = spec.argv = allocate(fields + 1, sizeof *spec.argv);
  spec.env = allocate(fields + 5, sizeof *spec.env); // and those of the user
  for (char *field = text; field < text + size;) {
    char *value = strchr(field, '='), *next = field + strlen(field) + 1;
    if (!value) leave(STATUS_SPEC, "not a field: ", field);
    *value++ = 0;
    int is_format = strcmp(field, "format") == 0 && number(value, FORMAT) == FORMAT;
    if (field != text) set_field(field, value, &next_argument);
    else if (!is_format) leave(STATUS_SPEC, "not a format of this shim: ", value);
    field = next;
  }
  if (!spec.argv[0] || !spec.cwd || !spec.log || !spec.restart || !spec.delay_count || spec.reset_after == -1 ||
      spec.max_restarts == -1 || spec.window == -1 || spec.stop_signal == -1 || spec.stop_timeout == -1)
    leave(STATUS_SPEC, "spec lacks a field", "");
  if (spec.max_restarts > 0) ends = allocate((size_t)spec.max_restarts, sizeof *ends);
}

static void add_variable(const char *name, const char *value) {
  size_t size = strlen(name) + strlen(value) + 2;
  char *assignment = allocate(size, 1);
  snprintf(assignment, size, "%s=%s", name, value);
  for (char **env = spec.env; *env; env++)
    if (strncmp(*env, assignment, strlen(name) + 1) == 0) {
      free(assignment);
      return; // the definition has its own
    }
  set_variable(assignment);
}

static void find_groups(const char *name) {
#ifdef __APPLE__
  typedef int listed_group; // of the same size as gid_t
#else
  typedef gid_t listed_group;
#endif
  for (int room = 64; room < 1 << 20; room *= 2) {
    identity.group_count = room;
    identity.groups = allocate((size_t)room, sizeof *identity.groups);
    if (getgrouplist(name, (listed_group)identity.gid, (listed_group *)identity.groups, &identity.group_count) >= 0) {
      if (identity.group_count > NGROUPS_MAX) identity.group_count = NGROUPS_MAX;
      return;
    }
    free(identity.groups);
  }
  leave(STATUS_FILE, "too many groups of user ", name);
}

// Names are looked up now, as passwd may not be there inside `root`, and lookups allocate.
static void find_identity(void) {
  struct passwd *user = NULL;
  identity.uid = geteuid();
  identity.gid = getegid();
  if (spec.user) {
    int64_t id = number(spec.user, UINT32_MAX - 1);
    user = getpwnam(spec.user);
    if (!user && id >= 0) user = getpwuid((uid_t)id);
    // A number without an entry has no group of its own: one must be given, for none can be guessed (but for our own).
    if (!user && (id < 0 || (!spec.group && (uid_t)id != geteuid()))) identity.unknown = STEP_USER;
    identity.uid = user ? user->pw_uid : (uid_t)id;
    if (user) identity.gid = user->pw_gid;
  }
  if (spec.group) {
    int64_t id = number(spec.group, UINT32_MAX - 1);
    struct group *group = getgrnam(spec.group);
    if (!group && id < 0 && !identity.unknown) identity.unknown = STEP_GROUP;
    identity.gid = group ? group->gr_gid : (gid_t)id;
  }
  if (identity.unknown) return;
  if (user) {
    add_variable("HOME", user->pw_dir);
    add_variable("USER", user->pw_name);
    add_variable("LOGNAME", user->pw_name);
    add_variable("SHELL", *user->pw_shell ? user->pw_shell : "/bin/sh");
  }
  // Whoever names the user he is already needs no rights for it.
  if (geteuid() != 0 && identity.uid == geteuid() && identity.gid == getegid()) return;
  identity.set_user = spec.user != NULL;
  identity.set_group = spec.user || spec.group;
  identity.groups = &identity.gid;
  identity.group_count = 1;
  if (user) find_groups(user->pw_name);
}

// Everything but 0, 1 and 2 is closed, and these are opened if they were not.
static void set_up_descriptors(void) {
#ifdef SYS_close_range
  if (syscall(SYS_close_range, 3u, ~0u, 0u) < 0)
#endif
    for (int fd = 3, end = (int)sysconf(_SC_OPEN_MAX); fd < end; fd++) close(fd);
  int fd;
  while ((fd = open("/dev/null", O_RDWR)) >= 0 && fd < 3) continue;
  if (fd < 0) leave(STATUS_FILE, "cannot open /dev/null: ", strerror(errno));
  close(fd);
}

// From now on nothing of whoever started the shim is held.
static void let_go_of_output(void) {
  int fd = open("/dev/null", O_RDWR | O_CLOEXEC);
  for (int i = 0; i < 3; i++)
    if (fd < 0 || dup2(fd, i) < 0) leave(STATUS_FILE, "cannot open /dev/null: ", strerror(errno));
  close(fd);
}

// One shim a ship. The shim before may be on its way out, so this waits for a while, unless the ship is to be down anyway.
// Held until the process ends.
static void take_lock(void) {
  for (int64_t give_up = now() + 10000;;) {
    struct stat held, there;
    int fd = open("../lock", O_RDWR | O_CREAT | O_CLOEXEC, 0600);
    if (fd < 0) leave(STATUS_FILE, "cannot open ../lock: ", strerror(errno));
    while (flock(fd, LOCK_EX | LOCK_NB) < 0) {
      if (errno != EWOULDBLOCK && errno != EINTR) leave(STATUS_FILE, "cannot lock ../lock: ", strerror(errno));
      if (now() >= give_up || told_to_end || down_exists()) leave(STATUS_USED, "another shim holds ../lock", "");
      doze(now() + 10);
    }
    if (fstat(fd, &held) == 0 && stat("../lock", &there) == 0 && is_same(&held, &there)) return;
    close(fd); // it was removed meanwhile: what we hold is not what others will try
  }
}

static void refuse_if_used(void) {
  struct stat there;
  if (fstatat(folder, "journal", &there, 0) == 0 && there.st_size > 0)
    leave(STATUS_USED, "the journal here has lines already", "");
}

static void open_folder(void) {
  char here[PATH_MAX];
  folder = open(".", O_RDONLY | O_DIRECTORY | O_CLOEXEC);
  if (folder < 0 || !getcwd(here, sizeof here)) leave(STATUS_FILE, "cannot open the folder: ", strerror(errno));
  snprintf(journal_path, sizeof journal_path, "%s/journal", here);
}

int main(int argc, char **argv) {
  if (argc == 2 && strcmp(argv[1], "--version") == 0) return printf("keelan-shim %d\n", FORMAT) < 0;
  if (argc != 2 || *argv[1] == '-' || !*argv[1])
    leave(STATUS_USAGE, "usage: keelan-shim SHIM-ID (in the folder with its spec)", "");
#ifndef __APPLE__
  shim_id = argv[1];
#endif
  set_up_descriptors();
  if (getsid(0) != getpid()) setsid();
  umask(077);
  set_up_signals();
  open_folder();
  open_children();
  read_spec();
  refuse_if_used(); // at once, also while the one who uses it lives
  take_lock();
  refuse_if_used();
  find_identity();
  journal = open("journal", O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC, 0600);
  if (journal < 0 || fstat(journal, &journal_identity) < 0) leave(STATUS_FILE, "cannot open journal: ", strerror(errno));
  let_go_of_output();
#ifndef __APPLE__
  prctl(PR_SET_CHILD_SUBREAPER, 1);
#endif
  preallocate();
  char boot[64];
  boot_id(boot, sizeof boot);
  note("shim %d %s %d %llu", FORMAT, boot, (int)getpid(), start_time(getpid()));
  note("end %s", keep_alive());
  while (queued) doze(NEVER); // to leave without having said so would look like a crash
  return 0;
}
