"""Which requests a shadow scores when it has only a share of the traffic."""

from hashlib import blake2b


def is_sampled(request_id: str, share: float) -> bool:
    """
    A request is in the sample if its stable hash, uniform in [0, 1), lies below the share.

    So every process on every machine agrees, a request is taken with all its instances, and the
    sample at 10 % is part of the sample at 20 %: two shadows share as many requests as they can.
    """
    digest = blake2b(request_id.encode(), digest_size=8, person=b"shadow-sample").digest()
    # Whole numbers on the left: a float would round the highest hashes up to 1.
    return int.from_bytes(digest) < share * 2.0**64
