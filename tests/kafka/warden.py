"""Kills brokers whose keeper died: `python -m tests.kafka.warden`, fed through a pipe.

A line "+PID" puts a process under its care, "-PID" releases it. When the pipe ends, which it does
however the keeper dies, those still held are killed. PR_SET_PDEATHSIG would not do: it fires at the
end of the *thread* that started the broker, which may be a worker of an event loop long closed.
"""

import contextlib
import os
import signal
import sys


def main() -> None:
    """Ends with the pipe; in a session of its own, so that Ctrl-C does not reach it."""
    held: set[int] = set()
    for line in sys.stdin.buffer:
        pid = int(line[1:])
        if line[:1] == b"+":
            held.add(pid)
        else:
            held.discard(pid)
    for pid in held:
        with contextlib.suppress(ProcessLookupError):
            os.kill(pid, signal.SIGKILL)


if __name__ == "__main__":
    main()
