"""The migrations make what the schema says, once, however many run them."""

import time
from concurrent.futures import ThreadPoolExecutor

import pytest
from sqlalchemy import Column, Engine, Integer, MetaData, inspect, text
from sqlalchemy.exc import IntegrityError

from tests.integration.log.tables import differences
from understudy.errors import LogUnavailable
from understudy.log.migrate import migrate, schema_revision, wait_for_database, wait_for_schema
from understudy.log.schema import metadata

NOWHERE = "postgresql+psycopg2://nobody:secret-word@127.0.0.1:1/nothing"


def test_the_migrated_tables_are_those_of_the_schema(database: Engine) -> None:
    """Columns, types, nullability, defaults and keys agree."""
    assert differences(database, metadata) == []


def test_the_comparison_notices_a_column_that_the_migration_lacks(database: Engine) -> None:
    """The check above can fail."""
    changed = MetaData()
    for table in metadata.tables.values():
        table.to_metadata(changed)
    changed.tables["spool"].append_column(Column("extra", Integer))
    assert len(differences(database, changed)) == 1


def test_migrators_at_the_same_moment_wait_for_one_another(empty_database_url: str) -> None:
    """Four at once: one migrates, nobody fails."""
    told: list[str] = []
    with ThreadPoolExecutor(4) as pool:
        list(pool.map(lambda _: migrate(empty_database_url, told.append), range(4)))
    assert told == [
        "0001 the prediction log",
        "0002 which deployment answered, and what it had waived",
        "0003 comparisons, their looks, and what was folded into them",
        "0004 replays, and what was scored again",
        "0005 windows of drift",
        "0006 keys and the audit",
        "0007 capture policies",
        "0008 erasure",
        "0009 columns of looks that some logs lack",
    ]
    assert schema_revision(empty_database_url) == "0009"


def test_a_database_of_a_newer_version_is_left_alone(database: Engine, database_url: str) -> None:
    """Old code runs on a newer schema."""
    with database.begin() as connection:
        connection.execute(text("UPDATE alembic_version SET version_num = '9999'"))
    migrate(database_url)
    wait_for_schema(database_url, deadline_s=0)
    assert schema_revision(database_url) == "9999"


def test_waiting_for_the_tables_ends_when_they_are_there(empty_database_url: str) -> None:
    """A process that starts before `migrate` goes on as soon as that is done."""
    assert schema_revision(empty_database_url) is None
    with ThreadPoolExecutor(1) as pool:
        waiting = pool.submit(wait_for_schema, empty_database_url, 30)
        migrate(empty_database_url)
        waiting.result(timeout=30)


def test_waiting_for_the_tables_says_what_is_missing(empty_database_url: str) -> None:
    """After the deadline the error names the command that helps."""
    with pytest.raises(LogUnavailable, match="understudy migrate"):
        wait_for_schema(empty_database_url, deadline_s=0.2)


def test_waiting_for_an_absent_database_ends_at_the_deadline() -> None:
    """Nobody listens: the error comes in time and does not tell the password."""
    start = time.monotonic()
    with pytest.raises(LogUnavailable, match="refused") as caught:
        wait_for_schema(NOWHERE, deadline_s=0.2)
    assert time.monotonic() - start < 5
    assert "secret-word" not in str(caught.value)


@pytest.mark.parametrize(
    "statement",
    [
        "INSERT INTO deployment (endpoint, who, action, name, version, digest)"
        " VALUES ('e', 'me', 'destroy', 'm', '1', 'd')",
        "INSERT INTO deployment (endpoint, who, action, name, version, digest, share)"
        " VALUES ('e', 'me', 'shadow', 'm', '1', 'd', 1.5)",
        "INSERT INTO work (endpoint, name, version, shipment_id, recorded_at, instances, state)"
        " VALUES ('e', 'm', '1', 1, now(), 1, 'lost')",
        "INSERT INTO work (endpoint, name, version, shipment_id, recorded_at, instances, state)"
        " VALUES ('e', 'm', '1', 1, now(), 1, 'done')",
        "INSERT INTO shadow_prediction"
        " (endpoint, request_id, instance_no, recorded_at, shipment_id, name, version, status)"
        " VALUES ('e', gen_random_uuid(), 0, now(), 1, 'm', '1', 'perhaps')",
        "INSERT INTO shadow_state (endpoint, name, version, state) VALUES ('e', 'm', '1', 'odd')",
    ],
)
def test_words_that_nobody_knows_are_refused(database: Engine, statement: str) -> None:
    """Actions, states, statuses, shares and counts are checked by Postgres itself."""
    with pytest.raises(IntegrityError), database.begin() as connection:
        connection.execute(text(statement))


def test_every_index_of_a_partitioned_table_reaches_its_days(database: Engine) -> None:
    """A partition attached without an index would make lookups slow and nobody would notice."""
    inspector = inspect(database)
    for parent in ("prediction", "shadow_prediction"):
        days = [name for name in inspector.get_table_names() if name.startswith(f"{parent}_2")]
        assert len(days) == 5
        for day in days:
            assert len(inspector.get_indexes(day)) == len(inspector.get_indexes(parent)) > 1


def test_a_migrator_waits_for_its_database(postgres_url: str) -> None:
    """A database that answers is enough; one that never does is named after the deadline."""
    wait_for_database(postgres_url, 5)
    with pytest.raises(LogUnavailable) as gone:
        wait_for_database(NOWHERE, 0.3)
    assert "secret-word" not in str(gone.value)
