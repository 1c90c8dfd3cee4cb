"""
Fills a prediction log by SQL: every row follows from its number by Postgres' hash functions.

An instance has 30 fields. Five numbers are its own; the other 25 (15 numbers, 10 categories, some
of each with gaps) come from one of 100,000 parts, so that making them takes minutes and not hours.
"""

from collections.abc import Callable
from datetime import datetime

import numpy as np
import pandas as pd
from psycopg2 import sql
from sqlalchemy import Connection, Engine, text

from understudy.log.database import driver

PARTS = 100_000
PER_REQUEST = 2
PER_SHIPMENT = 500
OUTCOMES = 200_000
FAILED_EACH = 1009
STEP = 250_000
OWN, SHARED, CATEGORIES = 5, 15, 10
SHADOW_SEED = 3

Advance = Callable[[int], None]

# Twenty bits of a hash each as a number from 0 to 1.
_SHARE = "((hashint8extended({n}, {seed}) & 1048575) / 1048576.0)"
_NUMBERS = (
    "round(({u} * 100)::numeric, 3)",
    "round((-50 * ln(1 - {u}))::numeric, 2)",
    "floor({u} * 40)",
    "CASE WHEN {u} < 0.4 THEN 0 ELSE round((({u} - 0.4) * 200)::numeric, 1) END",
    "CASE WHEN {u} >= 0.03 THEN round((20 + 60 * {u} * {u})::numeric, 3) END",
)
_LEVELS = (2, 3, 4, 5, 8, 12, 20, 30, 45, 60)


def _number(place: int) -> str:
    u = _SHARE.format(n="n", seed=100 + place)
    return f"'number_{place:02d}', {_NUMBERS[place % len(_NUMBERS)].format(u=u)}"


def _category(place: int) -> str:
    u = _SHARE.format(n="n", seed=200 + place)
    level = f"'level ' || floor({u} * {u} * {_LEVELS[place]})"
    given = f"CASE WHEN {u} < 0.97 THEN {level} END" if place % 3 == 0 else level
    return f"'category_{place}', {given}"


_PARTS = f"""
    CREATE TABLE scale_part AS SELECT n, jsonb_build_object(
        {", ".join([*map(_number, range(SHARED)), *map(_category, range(CATEGORIES))])}
    ) AS part FROM generate_series(0, {PARTS - 1}) n
"""  # noqa: S608 - composed of this module's own texts

# Of one hash of 64 bits: five numbers of twelve bits, and what live answers to them.
_OWN = tuple(f"((h >> {12 * place}) & 4095)" for place in range(OWN))
_OWN_FIELDS = ", ".join(f"'own_{place}', {bits}" for place, bits in enumerate(_OWN))
_TRUTH = f"(1000 + 2 * {_OWN[0]} + {_OWN[1]} - 0.5 * {_OWN[2]})::float8"
_MADE = """
    SELECT n, hashint8extended(n, 1) AS h FROM generate_series(%(first)s::bigint, %(last)s) n
"""
_INSTANCE = f"part.part || jsonb_build_object({_OWN_FIELDS})"
_NOISE = "((hashint8extended(made.n, {seed}) & 4095) - 2047.5)"
_ID = f"md5((made.n / {PER_REQUEST})::text)::uuid"
_AT = "(%(start)s::timestamptz + ({n}) * %(step)s * interval '1 microsecond')"
_SHIPPED = _AT.format(n=f"(made.n / {PER_SHIPMENT} + 1) * {PER_SHIPMENT}")

_PREDICTION = f"""
    INSERT INTO {{table}} (endpoint, request_id, instance_no, served_at, recorded_at, shipment_id,
        name, version, instance, output, value)
    SELECT %(endpoint)s, {_ID}, made.n %% {PER_REQUEST}, {
    _AT.format(n=f"made.n / {PER_REQUEST} * {PER_REQUEST}")
}, {_SHIPPED}, made.n / {PER_SHIPMENT} + 1, %(name)s, %(live)s,
        {_INSTANCE}, to_jsonb({_TRUTH}), {_TRUTH}
    FROM ({_MADE}) made JOIN scale_part part ON part.n = abs(hashint8(made.n)) %% {PARTS}
"""  # noqa: S608 - composed of this module's own texts

_ANSWER = f"({_TRUTH} + {_NOISE.format(seed=SHADOW_SEED)} / 100)"
_IS_FAILED = f"made.n %% {FAILED_EACH} = 5"
_SHADOW = f"""
    INSERT INTO {{table}} (endpoint, request_id, instance_no, recorded_at, shipment_id, name,
        version, status, output, value, error)
    SELECT %(endpoint)s, {_ID}, made.n %% {PER_REQUEST}, {_SHIPPED},
        made.n / {PER_SHIPMENT} + 1, %(name)s, %(shadow)s,
        CASE WHEN {_IS_FAILED} THEN 'failed' ELSE 'scored' END,
        CASE WHEN NOT {_IS_FAILED} THEN to_jsonb({_ANSWER}) END,
        CASE WHEN NOT {_IS_FAILED} THEN {_ANSWER} END,
        CASE WHEN {_IS_FAILED} THEN 'the model raised an error' END
    FROM ({_MADE}) made
"""  # noqa: S608 - composed of this module's own texts

_ITEMS = f"""
    WITH made AS (
        SELECT item * {PER_SHIPMENT} AS n, item + 1 AS id,
            least({PER_SHIPMENT}, %(pairs)s - item * {PER_SHIPMENT}) AS size
        FROM generate_series(0, (%(pairs)s - 1) / {PER_SHIPMENT}) item
    ), shipped AS (
        INSERT INTO shipment (id, endpoint, spool, first_seq, last_seq, instances, recorded_at)
        SELECT id, %(endpoint)s, md5('spool')::uuid, n, n + size, size, {_SHIPPED} FROM made
    )
    INSERT INTO work (endpoint, name, version, shipment_id, recorded_at, instances, state, scored,
        failed, created_at, done_at)
    SELECT %(endpoint)s, %(name)s, %(shadow)s, id, {_SHIPPED}, size, 'done', size - failed, failed,
        {_SHIPPED}, {_SHIPPED}
    FROM made, LATERAL (
        SELECT count(*) AS failed FROM generate_series(n, n + size - 1) row
        WHERE row %% {FAILED_EACH} = 5
    ) counted
"""  # noqa: S608 - composed of this module's own texts

_OUTCOME = f"""
    INSERT INTO outcome (endpoint, request_id, instance_no, revision, value, received_at)
    SELECT %(endpoint)s, {_ID}, made.n %% {PER_REQUEST}, 1,
        to_jsonb({_TRUTH} + {_NOISE.format(seed=4)} / 10), {_SHIPPED} + interval '1 hour'
    FROM (
        SELECT n, hashint8extended(n, 1) AS h
        FROM generate_series(0, %(pairs)s - 1, greatest(1, %(pairs)s / {OUTCOMES})) n
    ) made
"""  # noqa: S608 - composed of this module's own texts

_TRAINING = f"""
    SELECT {_INSTANCE} AS instance, {_TRUTH} + {_NOISE.format(seed=4)} / 10 AS target
    FROM ({_MADE}) made JOIN scale_part part ON part.n = abs(hashint8(made.n)) %% {PARTS}
    ORDER BY made.n
"""  # noqa: S608 - composed of this module's own texts


def make_parts(engine: Engine) -> None:
    """Make the parts that instances are put together from."""
    with engine.begin() as connection:
        connection.execute(text(_PARTS))
        connection.execute(text("CREATE UNIQUE INDEX ON scale_part (n)"))


def training_rows(engine: Engine, rows: int) -> pd.DataFrame:
    """Return rows of the same kind as the traffic, which are none of it, with their target."""
    with engine.connect() as connection:
        numbers = {"first": -rows, "last": -1}
        found = connection.exec_driver_sql(_TRAINING, numbers).all()
    frame = pd.DataFrame([instance for instance, _ in found])
    frame = frame.astype({name: float for name in frame.columns if "category" not in name})
    return frame.assign(target=np.array([target for _, target in found]))


def fill(
    engine: Engine, pairs: int, about: dict[str, str], start: datetime, advance: Advance
) -> None:
    """Write so many pairs, spread evenly over the day so far; `about` names the two versions."""
    with engine.connect() as connection:
        seconds = connection.exec_driver_sql(
            "SELECT extract(epoch FROM clock_timestamp() - %(start)s)", {"start": start}
        ).scalar_one()
    step = float(seconds) * 0.9e6 / pairs
    given = {**about, "start": start, "step": step, "pairs": pairs}
    for parent, insert in (("prediction", _PREDICTION), ("shadow_prediction", _SHADOW)):
        with engine.begin() as connection:
            _fill_day(connection, f"{parent}_{start:%Y%m%d}", insert, given, advance)
        with engine.begin() as connection:
            _attach(connection, parent, start)
    with engine.begin() as connection:
        connection.exec_driver_sql(_ITEMS, given)
        connection.exec_driver_sql(_OUTCOME, given)
    with engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
        connection.exec_driver_sql("ANALYZE")


def _fill_day(
    connection: Connection, day: str, insert: str, given: dict[str, object], advance: Advance
) -> None:
    """Make the table of a day anew and without indexes: so Postgres writes it once, with no log."""
    parent = day.rpartition("_")[0]
    _run(connection, "DROP TABLE {day}", day=day)
    parts = "INCLUDING DEFAULTS INCLUDING CONSTRAINTS"
    _run(connection, f"CREATE TABLE {{day}} (LIKE {{parent}} {parts})", day=day, parent=parent)
    statement = sql.SQL(insert).format(table=sql.Identifier(day)).as_string(driver(connection))
    pairs = int(str(given["pairs"]))
    for first in range(0, pairs, STEP):
        last = min(pairs, first + STEP) - 1
        connection.exec_driver_sql(statement, {**given, "first": first, "last": last})
        advance(last + 1 - first)


def _attach(connection: Connection, parent: str, start: datetime) -> None:
    """Let the day be one of the log, which makes its indexes."""
    connection.execute(text("SET LOCAL maintenance_work_mem = '256MB'"))
    _run(
        connection,
        f"ALTER TABLE {{parent}} ATTACH PARTITION {{day}} FOR VALUES FROM ('{start:%Y-%m-%d}"
        f" 00:00+00') TO ('{start:%Y-%m-%d} 24:00+00')",
        parent=parent,
        day=f"{parent}_{start:%Y%m%d}",
    )


def _run(connection: Connection, statement: str, **names: str) -> None:
    composed = sql.SQL(statement).format(
        **{key: sql.Identifier(name) for key, name in names.items()}
    )
    connection.exec_driver_sql(composed.as_string(driver(connection)))
