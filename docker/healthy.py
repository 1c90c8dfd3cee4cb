"""Exit with 0 if the process on a port of this container is alive, with 1 if it is not."""

import http.client
import sys


def is_alive(port: int) -> bool:
    """Ask the liveness probe, which needs no key and no Postgres."""
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=2)
    try:
        connection.request("GET", "/health/live")
        return connection.getresponse().status == http.client.OK
    except (OSError, http.client.HTTPException):
        return False
    finally:
        connection.close()


if __name__ == "__main__":
    sys.exit(0 if is_alive(int(sys.argv[1])) else 1)
