"""Files whose lock says that their owner lives: the kernel lets go of it, however that one ends."""

import fcntl
import os
from pathlib import Path


def is_locked(path: Path) -> bool:
    """Say whether anybody holds the lock of a file; nobody does where it cannot be opened."""
    try:
        lock = os.open(path, os.O_RDONLY | os.O_CLOEXEC)
    except OSError:
        return False
    try:
        # Shared: two who look at once do not take each other for the owner.
        fcntl.flock(lock, fcntl.LOCK_SH | fcntl.LOCK_NB)
    except BlockingIOError:
        return True
    except OSError:  # a file system without locks
        return False
    finally:
        os.close(lock)
    return False
