"""How many files and connections a process may have open at once."""

import resource


def make_room(wanted: int) -> int:
    """
    Raise what the system lets this process and its children have open, as far as it may be raised.

    Returns how many that are now: `wanted` or more, unless the hard limit lies below.
    """
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    if soft == resource.RLIM_INFINITY:
        return wanted
    if soft < wanted:
        soft = wanted if hard == resource.RLIM_INFINITY else min(wanted, hard)
        resource.setrlimit(resource.RLIMIT_NOFILE, (soft, hard))
    return soft
