"""How the tables of a database differ from those that the code knows."""

from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from sqlalchemy import Engine, MetaData


def differences(database: Engine, target: MetaData) -> list[object]:
    """Compare, leaving out day partitions and the indexes, which only the migration names."""

    def include(_: object, name: str | None, kind: str, reflected: bool, match: object) -> bool:
        is_partition = kind == "table" and (name or "").startswith(
            ("prediction_2", "shadow_prediction_2")
        )
        return not is_partition and not (kind == "index" and reflected and match is None)

    with database.connect() as connection:
        context = MigrationContext.configure(
            connection,
            opts={
                "include_object": include,
                "compare_type": True,
                "compare_server_default": True,
            },
        )
        return list(compare_metadata(context, target))
