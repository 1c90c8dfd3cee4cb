"""The capture policies of an endpoint: which is in force, and what was recorded under which."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Connection, TextClause, insert, select, text

from understudy.capture import Capture, CapturePolicy
from understudy.log.schema import capture_policy

# Shipments of an earlier agent do not say which deployments they hold: then their rows are asked,
# which are none of a time before the first policy.
_DEPLOYMENTS = """
    SELECT DISTINCT held.id FROM shipment s
    CROSS JOIN LATERAL (
        SELECT unnest(s.deployments) AS id
        UNION ALL
        SELECT p.deployment_id FROM prediction p
        WHERE s.deployments IS NULL AND p.shipment_id = s.id AND p.recorded_at = s.recorded_at
    ) held
    WHERE s.endpoint = :endpoint AND s.recorded_at >= :first_at AND held.id IS NOT NULL
"""
_IN_SPAN = text(f"{_DEPLOYMENTS} AND s.recorded_at >= :since AND s.recorded_at < :until")
_IN_COMPARISON = text(f"""{_DEPLOYMENTS} AND s.id IN (
    SELECT shipment_id FROM work WHERE comparison_id = :comparison AND fold <= :folds
)""")  # noqa: S608 - composed of this module's own texts


@dataclass(frozen=True)
class CaptureRow:
    """One capture policy as it was recorded, under the number from which on it counts."""

    id: int
    at: datetime
    who: str
    why: str
    policy: CapturePolicy

    @property
    def capture(self) -> Capture:
        """The policy with its number."""
        return Capture(self.id, self.policy)


@dataclass(frozen=True)
class Captures:
    """Every capture policy that an endpoint had, the first one first."""

    rows: Sequence[CaptureRow] = ()

    def __bool__(self) -> bool:
        return bool(self.rows)

    @property
    def ids(self) -> frozenset[int]:
        """The numbers of all policies."""
        return frozenset(row.id for row in self.rows)

    def of(self, deployment_id: int | None) -> CaptureRow | None:
        """Return the policy by which a deployment's predictions were recorded, None if by none."""
        before = [row for row in self.rows if row.id <= (deployment_id or 0)]
        return before[-1] if before else None

    def redacting(
        self, deployments: Iterable[int], names: Sequence[str]
    ) -> list[tuple[CaptureRow, tuple[str, ...]]]:
        """Return the policies of deployments that redact some of the fields, each with these."""
        used = {row.id for number in deployments if (row := self.of(number)) is not None}
        told = [(row, row.policy.redacted(names)) for row in self.rows if row.id in used]
        return [(row, fields) for row, fields in told if fields]


NO_CAPTURES = Captures()


def read_captures(connection: Connection, endpoint: str) -> Captures:
    """Return the capture policies of an endpoint."""
    columns = [capture_policy.c[name] for name in CaptureRow.__dataclass_fields__]
    query = select(*columns).where(capture_policy.c.endpoint == endpoint).order_by(columns[0])
    return Captures(
        [
            CaptureRow(**{**row, "policy": CapturePolicy.from_json(row["policy"])})
            for row in connection.execute(query).mappings()
        ]
    )


def write_capture(
    connection: Connection, endpoint: str, policy: CapturePolicy, who: str, why: str
) -> None:
    """Put a policy in force; it counts once the caller, who holds the roles, commits."""
    row = {"endpoint": endpoint, "who": who, "why": why, "policy": policy.to_json()}
    connection.execute(
        insert(capture_policy).values(
            **row,
            id=text("nextval('deployment_id_seq')"),
            # Not now(), which is the start of a transaction that may have waited for a lock.
            at=text("clock_timestamp()"),
        )
    )


def deployments_in_span(
    connection: Connection, endpoint: str, captures: Captures, since: datetime, until: datetime
) -> list[int]:
    """Return which deployments answered what was recorded in a time, since the first policy."""
    return _ids(connection, _IN_SPAN, endpoint, captures, {"since": since, "until": until})


def deployments_in_folds(
    connection: Connection, endpoint: str, captures: Captures, comparison_id: int, folds: int
) -> list[int]:
    """Return which deployments answered what the first folds of a comparison hold, likewise."""
    place = {"comparison": comparison_id, "folds": folds}
    return _ids(connection, _IN_COMPARISON, endpoint, captures, place)


def _ids(
    connection: Connection,
    query: TextClause,
    endpoint: str,
    captures: Captures,
    place: Mapping[str, object],
) -> list[int]:
    if not captures:
        return []
    given = {"endpoint": endpoint, "first_at": captures.rows[0].at, **place}
    return list(connection.execute(query, given).scalars())
