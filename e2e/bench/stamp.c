// A ship that does nothing but say when it began: appends the time of its first instruction (CLOCK_MONOTONIC, in ns, the
// clock of Node's process.hrtime) and its pid to the file `stamp` in its working directory, and waits to be ended.
#include <fcntl.h>
#include <stdio.h>
#include <time.h>
#include <unistd.h>

int main(void) {
  struct timespec now;
  clock_gettime(CLOCK_MONOTONIC, &now);
  char line[64];
  int length = snprintf(line, sizeof line, "%lld%09ld %d\n", (long long)now.tv_sec, now.tv_nsec, (int)getpid());
  int fd = open("stamp", O_WRONLY | O_CREAT | O_APPEND, 0600);
  if (fd < 0 || write(fd, line, (size_t)length) != length) return 1;
  close(fd);
  for (;;) pause();
}
