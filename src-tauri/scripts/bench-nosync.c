/* Preloaded by bench-connect.mjs: what a command takes when flushing to the disk takes nothing. */
int fsync(int fd) { (void)fd; return 0; }
int fdatasync(int fd) { (void)fd; return 0; }
