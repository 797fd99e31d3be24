// write-lines COUNT: writes COUNT lines of 100 bytes to stdout, one write a line as a program does that logs, and then the
// time of the first and the last (CLOCK_MONOTONIC, in ns) to the file `written` in its working directory.
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

int main(int argc, char **argv) {
  if (argc != 2) return 64;
  struct timespec first, last, moment = {0, 300000000};
  char line[101], times[64];
  nanosleep(&moment, NULL); // what its start costs a supervisor is over
  clock_gettime(CLOCK_MONOTONIC, &first);
  for (int left = atoi(argv[1]); left > 0; left--) {
    snprintf(line, sizeof line, "%099d\n", left);
    if (write(1, line, 100) != 100) return 1;
  }
  clock_gettime(CLOCK_MONOTONIC, &last);
  int length = snprintf(times, sizeof times, "%lld%09ld %lld%09ld\n", (long long)first.tv_sec, first.tv_nsec,
                        (long long)last.tv_sec, last.tv_nsec);
  int fd = open("written", O_WRONLY | O_CREAT | O_TRUNC, 0600);
  if (fd < 0 || write(fd, times, (size_t)length) != length) return 1;
  for (;;) pause(); // its end is not part of what is measured
}
