// memchr_bound FILE: the floor of reading a bill: every field touched (memchr for line feed and comma, back-tick off, lengths added),
// over memory that is mapped at once. No types, no checks.
#define _GNU_SOURCE
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/stat.h>
int main(int c, char** v) {
  struct stat st;
  int fd = c == 2 ? open(v[1], O_RDONLY) : -1;
  if (fd < 0 || fstat(fd, &st) != 0) return 1;
  const char *p = mmap(0, st.st_size, PROT_READ, MAP_PRIVATE | MAP_POPULATE, fd, 0), *e = p + st.st_size;
  if (p == MAP_FAILED) return 1;
  long rows = 0, fields = 0;
  size_t bytes = 0;
  while (p < e) {
    const char* l = memchr(p, '\n', e - p);
    if (!l) l = e;
    while (p < l) {
      const char *q = memchr(p, ',', l - p), *t = q ? q : l, *f = p;
      if (*f == '`') f++;
      bytes += t - f;
      fields++;
      p = q ? q + 1 : l;
    }
    rows++;
    p = l + 1;
  }
  printf("%ld rows %ld fields %zu bytes\n", rows, fields, bytes);
  return 0;
}
