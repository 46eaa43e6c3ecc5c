"""Asks a worker of this machine how it is; exit code 0 if it is well, 1 if it is not or does not answer.

    python -m agents.watch.probe 127.0.0.1:9464          # /health: is it at its work?
    python -m agents.watch.probe 127.0.0.1:9464 /live    # should it be ended?

For supervisors that run a command, inside a container for instance; it needs nothing but Python.
"""

import http.client
import sys

SECONDS = 5.0


def probe(bind: str, path: str) -> int:
    """0 for an answer of 200, else 1; what was answered goes to standard output."""
    connection = http.client.HTTPConnection(bind, timeout=SECONDS)
    try:
        connection.request("GET", path)
        answer = connection.getresponse()
        print(answer.read().decode("utf-8", "replace").strip())
    except (OSError, http.client.HTTPException) as error:
        print(f"{bind}: {error}")
        return 1
    finally:
        connection.close()
    return int(answer.status != 200)


if __name__ == "__main__":
    if not 2 <= len(sys.argv) <= 3:
        sys.exit("usage: python -m agents.watch.probe HOST:PORT [/live]")
    sys.exit(probe(sys.argv[1], sys.argv[2] if len(sys.argv) == 3 else "/health"))
