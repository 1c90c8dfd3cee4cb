"""Runs the migrations on the connection that `understudy.log.migrate` hands over."""

from typing import Any, cast

from alembic import context

from understudy.log.schema import metadata


def _tell(step: Any, **_: object) -> None:
    context.config.attributes["progress"](f"{step.up_revision.revision} {step.up_revision.doc}")


context.configure(
    connection=context.config.attributes["connection"],
    target_metadata=metadata,
    on_version_apply=cast(Any, _tell),
)
context.run_migrations()
