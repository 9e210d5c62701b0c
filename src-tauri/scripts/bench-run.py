"""Runs one command; prints its wall and processor time in milliseconds, its peak memory in kilobytes and its exit code.

A program of its own, because what a process has used before it starts another counts for that one, too.
"""

import os
import sys
import time

quiet = os.open(os.devnull, os.O_WRONLY)
log = os.open(sys.argv[1], os.O_WRONLY | os.O_CREAT | os.O_TRUNC)
command = sys.argv[2:]
started = time.perf_counter_ns()
child = os.posix_spawnp(command[0], command, os.environ, file_actions=[(os.POSIX_SPAWN_DUP2, quiet, 1), (os.POSIX_SPAWN_DUP2, log, 2)])
_, status, used = os.wait4(child, 0)
taken = time.perf_counter_ns() - started
print(taken / 1e6, (used.ru_utime + used.ru_stime) * 1e3, used.ru_maxrss, os.waitstatus_to_exitcode(status))
