"""The account of an experiment: what the client knows against what was recorded."""

from collections import Counter
from collections.abc import Collection, Iterable, Mapping
from dataclasses import asdict, dataclass, field
from typing import Any

from tests.chaos.ledger import Ledger, Request
from tests.chaos.records import Records, Version
from understudy.shadow.sampling import is_sampled

LATE_S = 2.0
"""
Who waits longer for an answer, or for a refusal, has noticed something.

A hundred times what an answer takes here, and far more than a loaded machine of two cores adds.
"""

Place = tuple[str, int]
"""The client's id of a request, and the number of an instance."""


@dataclass(frozen=True)
class Account:
    """
    The figures of an experiment, in instances unless they say otherwise.

    The upper ones tell what happened, the lower ones what must not: each of them is 0 while all
    promises are kept, and `examples` names a few cases of each that is not.
    """

    sent_requests: int
    answered_requests: int
    answered: int
    unanswered_requests: int
    in_flight_requests: int
    recorded: int
    recorded_of_live: int
    recorded_unanswered_requests: int
    shadow_rows: int
    shadow_failed: int
    shadow_skipped: int
    counted_lost: int
    ruined: int
    slowest_s: float
    playing: list[str]

    unrecorded: int
    doubled: int
    wrong: int
    unexplained_requests: int
    errors: int
    late: int
    shadow_gaps: int
    shadow_failures_amiss: int
    open_work: int
    quarantined: int
    examples: Mapping[str, list[str]] = field(default_factory=dict)

    def to_json(self) -> dict[str, object]:
        """Return the figures for a journal."""
        return asdict(self)


def settle(
    ledger: Ledger,
    records: Records,
    poisoned: Collection[Place] = (),
    ruined: Collection[str] = (),
    *,
    may_lose: bool = False,
) -> Account:
    """
    Hold everything that was recorded against everything that the client was told.

    On the `poisoned` instances, and on no others, one shadow has to fail. Requests whose client's
    id is `ruined` may be missing: a fault took them out of a spool. Where instances `may_lose`
    their record, as many have to be counted as lost.
    """
    sent = {request.client_id: request for request in ledger.requests}
    answered = ledger.answered
    rows = Counter((row.client_id or "", row.instance_no) for row in records.predictions)
    silent = {row.client_id or "" for row in records.predictions} - {
        request.client_id for request in answered
    }
    prompt = [one for one in sent.values() if not ledger.may_wait(one)]
    found: dict[str, list[Any]] = {
        "unrecorded": [
            place for place in _places(answered) if not rows[place] and place[0] not in ruined
        ],
        "doubled": [place for place, times in rows.items() if times > 1],
        "wrong": _wrong(sent, records),
        "unexplained_requests": [who for who in silent if not _may_be_silent(who, sent, ledger)],
        "errors": [_told(one) for one in ledger.failed if not ledger.is_excused(one)],
        "late": [f"{one.client_id}: {one.waited:.1f} s" for one in prompt if one.waited > LATE_S],
        "shadow_gaps": _shadow_gaps(records),
        "shadow_failures_amiss": _failures_amiss(records, poisoned),
    }
    return Account(
        sent_requests=len(sent),
        answered_requests=len(answered),
        answered=sum(request.instances for request in answered),
        unanswered_requests=len(ledger.failed),
        in_flight_requests=ledger.in_flight(sent.values()),
        recorded=len(records.predictions),
        recorded_of_live=sum(row.version == records.live[1] for row in records.predictions),
        recorded_unanswered_requests=len(silent),
        shadow_rows=records.scored.total(),
        shadow_failed=records.statuses["failed"],
        shadow_skipped=records.statuses["skipped"],
        counted_lost=records.lost,
        ruined=sum(request.instances for request in answered if request.client_id in ruined),
        slowest_s=round(max((one.waited for one in prompt), default=0.0), 3),
        playing=[":".join(version) for version in records.playing],
        # What an api worker could not record it counts, to the instance: nothing is lost unseen,
        # and nothing is lost at all where the experiment promises that.
        unrecorded=abs(len(found["unrecorded"]) - records.lost)
        if may_lose
        else len(found["unrecorded"]) + records.lost,
        doubled=len(found["doubled"]),
        wrong=len(found["wrong"]),
        unexplained_requests=len(found["unexplained_requests"]),
        errors=len(found["errors"]),
        late=len(found["late"]),
        shadow_gaps=len(found["shadow_gaps"]),
        shadow_failures_amiss=len(found["shadow_failures_amiss"]),
        open_work=records.open_work,
        quarantined=sum(not _names(payload, ruined) for payload in records.quarantined),
        examples={name: [str(one) for one in some[:5]] for name, some in found.items() if some},
    )


def _names(payload: bytes, client_ids: Collection[str]) -> bool:
    return any(one.encode() in payload for one in client_ids)


def _places(requests: Iterable[Request]) -> list[Place]:
    return [(one.client_id, number) for one in requests for number in range(one.instances)]


def _wrong(sent: Mapping[str, Request], records: Records) -> list[str]:
    """Return the rows that nobody asked for, or that say something else than the client heard."""
    wrong = []
    for row in records.predictions:
        request = sent.get(row.client_id or "")
        if request is None or row.instance_no >= request.instances:
            wrong.append(f"{row.request_id}/{row.instance_no} was never sent")
        elif request.is_answered and (row.request_id, row.version, row.output) != (
            request.request_id,
            request.version,
            request.predictions[row.instance_no],
        ):
            wrong.append(f"{row.request_id}/{row.instance_no} is not what was answered")
    return wrong


def _may_be_silent(client_id: str, sent: Mapping[str, Request], ledger: Ledger) -> bool:
    """Say whether a request may be recorded though its client has no answer."""
    request = sent.get(client_id)
    return request is not None and request.status is None and ledger.is_excused(request)


def _shadow_gaps(records: Records) -> list[str]:
    """Return where a shadow has not exactly one row for each instance in its sample."""
    due: set[tuple[Version, str, int]] = set()
    for row in records.predictions:
        for version, share in records.shadows.get(row.shipment_id, {}).items():
            if is_sampled(row.request_id, share):
                due.add((version, row.request_id, row.instance_no))
    gaps = [f"{place} has {records.scored[place]} rows" for place in due
            if records.scored[place] != 1]  # fmt: skip
    gaps += [f"{place} is out of the sample" for place in records.scored if place not in due]
    return gaps


def _failures_amiss(records: Records, poisoned: Collection[Place]) -> list[str]:
    """Return the instances on which a shadow failed though it should not, or did not and should."""
    client_ids = {row.request_id: row.client_id or "" for row in records.predictions}
    failed = Counter((client_ids.get(request_id, ""), number)
                     for request_id, number, _ in records.failures)  # fmt: skip
    amiss = [f"{client_ids.get(request_id)}/{number} failed: {why}"
             for request_id, number, why in records.failures
             if (client_ids.get(request_id), number) not in poisoned]  # fmt: skip
    return amiss + [f"{place} failed {failed[place]} times" for place in poisoned
                    if failed[place] != 1]  # fmt: skip


def _told(request: Request) -> str:
    return f"{request.client_id}: {request.status or request.error}"
