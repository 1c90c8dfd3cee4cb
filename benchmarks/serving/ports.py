"""Free ports on this machine."""

import random
import socket
from contextlib import ExitStack

HOST = "127.0.0.1"
# Below the range from which the kernel takes ports for outgoing connections.
_FIRST, _LAST = 20_000, 30_000


def free_ports(count: int) -> int:
    """Return the first of so many ports in a row that nobody listens on."""
    for first in random.sample(range(_FIRST, _LAST, count), 200):
        try:
            with ExitStack() as stack:
                for port in range(first, first + count):
                    stack.enter_context(socket.socket()).bind((HOST, port))
        except OSError:
            continue
        return first
    raise OSError("Of 200 places with free ports that were tried, none was free.")
