"""What is kept of one answered request: the spool holds it, the prediction log stores it."""

from collections.abc import Mapping, Sequence
from typing import NamedTuple


class ServedRequest(NamedTuple):
    """
    One answered request.

    `seq` is its number in its spool: gapless, from 1. `served_at` is the machine's clock in seconds
    since 1970. `instances`, `outputs`, `values` and `labels` have one entry per instance, in order.
    `deployment_id` is the deployment whose generation answered, None where nobody wrote it down.
    """

    seq: int
    request_id: str
    client_id: str | None
    served_at: float
    name: str
    version: str
    instances: Sequence[Mapping[str, object]]
    outputs: Sequence[object]
    values: Sequence[float | None]
    labels: Sequence[str | None]
    deployment_id: int | None = None
