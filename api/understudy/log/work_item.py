"""What a shadow takes from the work list and what it gives back."""

from dataclasses import dataclass
from datetime import datetime
from typing import Literal, NamedTuple

Status = Literal["scored", "skipped", "failed"]


@dataclass(frozen=True, slots=True)
class WorkItem:
    """
    One leased shipment for one shadow version.

    `claimed_by` and `attempts` together are the lease: whoever claims the item later, even the same
    claimant, has another number of attempts.
    """

    id: int
    endpoint: str
    name: str
    version: str
    shipment_id: int
    recorded_at: datetime
    share: float
    instances: int
    claimed_by: str
    attempts: int


class WorkRow(NamedTuple):
    """
    One recorded instance of a work item; the instance itself is JSON.

    `deployment_id` is that of the answer, None where nobody wrote it down. Of one that `is_erased`
    the instance is empty.
    """

    request_id: str
    instance_no: int
    instance: str
    deployment_id: int | None = None
    is_erased: bool = False


class ShadowResult(NamedTuple):
    """What became of one instance: an output if scored, a reason in `error` if not."""

    request_id: str
    instance_no: int
    status: Status
    output: object = None
    value: float | None = None
    label: str | None = None
    error: str | None = None


@dataclass(frozen=True, slots=True)
class WorkCounts:
    """Where the instances of a closed item went."""

    scored: int
    sampled_out: int
    skipped: int
    failed: int
