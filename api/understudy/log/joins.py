"""How a prediction, what the shadow said and the outcome come together, by how many there are."""

from dataclasses import dataclass

from sqlalchemy import Connection, func, select

from understudy.log.schema import outcome, work

FEW = 20
"""One outcome in so many pairs, or fewer: each pair is looked up by itself, in half the time."""


@dataclass(frozen=True)
class Joins:
    """What follows FROM: the predictions p and shadow predictions s, and the outcomes o of them."""

    rows: str
    outcomes: str


_PAIRS = "prediction p JOIN shadow_prediction s USING (request_id, instance_no, recorded_at)"
_LATEST = """(
        SELECT DISTINCT ON (request_id, instance_no) request_id, instance_no, value, revision,
            min(received_at) OVER (PARTITION BY request_id, instance_no) AS first_at
        FROM outcome WHERE endpoint = %(endpoint)s
            AND (%(last_outcome)s::bigint IS NULL OR id <= %(last_outcome)s)
        ORDER BY request_id, instance_no, revision DESC
    ) o"""

ALL = Joins(
    rows=_PAIRS,
    # Each by the index: for Postgres takes a sample for a row or two, and would go through all
    # outcomes for each of its rows.
    outcomes="""
    LEFT JOIN LATERAL (
        SELECT value, revision, min(received_at) OVER () AS first_at
        FROM outcome WHERE request_id = p.request_id AND instance_no = p.instance_no
            AND endpoint = %(endpoint)s
            AND (%(last_outcome)s::bigint IS NULL OR id <= %(last_outcome)s)
        ORDER BY revision DESC LIMIT 1
    ) o ON true
    """,
)
"""All pairs, with their outcomes where there are any."""

KNOWN = Joins(
    rows=_PAIRS,
    outcomes=f"""
    JOIN {_LATEST} ON o.request_id = p.request_id AND o.instance_no = p.instance_no
    """,
)
"""The pairs with an outcome."""

FEW_KNOWN = Joins(
    # OFFSET 0 keeps Postgres from going through all pairs instead.
    rows=f"""{_LATEST}
    CROSS JOIN LATERAL (
        SELECT * FROM prediction
        WHERE request_id = o.request_id AND instance_no = o.instance_no OFFSET 0
    ) p
    CROSS JOIN LATERAL (
        SELECT * FROM shadow_prediction
        WHERE request_id = p.request_id AND instance_no = p.instance_no
            AND recorded_at = p.recorded_at AND name = %(shadow)s AND version = %(shadow_version)s
        OFFSET 0
    ) s
    """,  # noqa: S608 - of texts in this file alone
    outcomes="",
)
"""The pairs with an outcome, where few have one."""


def joins_for(
    connection: Connection, endpoint: str, comparison_id: int | None, *, only_known: bool
) -> Joins:
    """Choose the joins by how many instances a comparison has, and how many outcomes there are."""
    if not only_known:
        return ALL
    if comparison_id is None:
        return KNOWN
    counted = select(func.coalesce(func.sum(work.c.instances), 0))
    folded = connection.execute(counted.where(work.c.comparison_id == comparison_id)).scalar_one()
    known = select(func.count()).where(outcome.c.endpoint == endpoint)
    is_few = FEW * connection.execute(known).scalar_one() <= folded
    return FEW_KNOWN if is_few else KNOWN
