"""The commands that run: all of the stack, or one part of it for a container."""

import click

from understudy.cli.places import database_url, find_settings
from understudy.priority import go_last, step_back
from understudy.settings import read_settings


@click.command()
def up() -> None:
    """
    Run everything on this machine until Ctrl-C.

    Without UNDERSTUDY_DATABASE_URL an embedded Postgres keeps the data below UNDERSTUDY_DATA_DIR
    (.understudy). Other commands find the stack there.
    """
    from understudy.stack import up as run_stack

    run_stack(read_settings(), click.echo)


@click.command()
def serve() -> None:
    """Run the api: answer predictions by the live model."""
    from understudy.serve import serve as run_api

    run_api(read_settings())


@click.command()
def agent() -> None:
    """Ship the spools of this machine to Postgres and follow the deployments."""
    from understudy.stack.processes import agent_process

    step_back()
    agent_process(read_settings())


@click.command()
def shadow() -> None:
    """Score the shadows, each version in a process of its own."""
    from understudy.stack.processes import shadow_process

    go_last()
    shadow_process(read_settings())


@click.command()
def watch() -> None:
    """Look at the endpoint again and again, and publish comparisons, lags and verdicts."""
    from understudy.stack.processes import watcher_process

    go_last()
    watcher_process(read_settings())


@click.command()
@click.option(
    "--wait",
    type=click.FloatRange(min=0),
    default=60.0,
    show_default=True,
    help="Seconds to wait for a database that does not answer yet.",
)
def migrate(wait: float) -> None:
    """Bring the database schema up to date; safe to run twice, or twice at once."""
    from understudy.log.migrate import migrate as run_migrations
    from understudy.log.migrate import wait_for_database

    url = database_url(find_settings())
    wait_for_database(url, wait)
    run_migrations(url, lambda revision: click.echo(f"Migrated to {revision}."))
    click.echo("The database schema is up to date.")
