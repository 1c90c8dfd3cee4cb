"""`understudy models package`: from a fitted model to an artefact, or to reasons why not."""

import os
from collections.abc import Collection, Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from understudy.cli.models.arguments import OUT, data_files, gather_arguments, read_waivers
from understudy.cli.models.finding import find_artefact, in_store, open_store
from understudy.cli.models.stages import Stages
from understudy.cli.output import as_json, print_json, stdout_for_results
from understudy.cli.places import find_settings, open_log
from understudy.cli.program import EXIT_FAILED
from understudy.errors import ArgumentRefused, ArtefactImmutable, ArtefactRefused, UsageError

if TYPE_CHECKING:
    from understudy.artefacts.artefact import Artefact

_FILE = click.Path(exists=True, dir_okay=False, path_type=Path)
_FOLDER = click.Path(file_okay=False, path_type=Path)


@click.command()
@click.argument("source")
@click.option("--train", "train", type=_FILE, help="Training rows: CSV, JSONL or Parquet.")
@click.option("--test", type=_FILE, help="Held-out rows, of the same kind.")
@click.option("--target", metavar="COLUMN", help="The column that is predicted.")
@click.option(
    "--missing", multiple=True, default=("",), metavar="TEXT",
    help="A cell of a CSV file that means: no value. Can be given again; by default the empty"
    " cell.",
)  # fmt: skip
@click.option("--name", help="The name of the model: a-z, 0-9 and hyphens.")
@click.option("--version", help="The version, such as 1.2.0.")
@click.option("--out", type=_FOLDER, help=f"Below which folder; ./{OUT} unless said.")
@click.option("--task", type=click.Choice(["regression", "binary", "multiclass"]))
@click.option("--time-column", metavar="COLUMN", help="The column that says when a row was.")
@click.option("--unit", help="The unit of what is predicted.")
@click.option("--positive", metavar="CLASS", help="The class whose probability counts.")
@click.option(
    "--carried", multiple=True, metavar="COLUMN",
    help="A column that the model does not use, but clients may send.",
)  # fmt: skip
@click.option("--seed", type=click.IntRange(0), help="The seed of the training.")
@click.option("--description", help="One sentence for the model card.")
@click.option("--intended-use", help="For whom and for what the model is meant.")
@click.option("--limitations", help="What it must not be used for.")
@click.option(
    "--schema", "schema_file", type=_FILE, help="What is known of the fields beyond the rows: YAML."
)
@click.option("--quiz", "quiz_file", type=_FILE, help="Rows with __expected__ answers.")
@click.option("--gates", type=_FILE, help="The limits of the gates: YAML.")
@click.option(
    "--against",
    metavar="NAME:VERSION|FOLDER|live",
    help="The version that it must not be worse than.",
)
@click.option(
    "--override", "overridden", multiple=True, metavar="GATE",
    help="Overrule a gate; each needs a --reason. Both can be given again.",
)  # fmt: skip
@click.option("--reason", "reasons", multiple=True, metavar="TEXT", help="Why; it is recorded.")
@click.option("--key", type=_FILE, help="Sign it with this private key (`models keys` makes one).")
@click.option("--push", is_flag=True, help="Store the artefact afterwards.")
@in_store
@as_json
@click.pass_context
def package(context: click.Context, /, source: str, **options: Any) -> None:
    """
    Package a fitted model as an artefact, once every gate lets it pass.

    SOURCE is FILE.py:function or package.module:function, which is called and returns the
    arguments of package_model; or a file model.onnx or model.skops, with --train, --test and
    --target. What is said by an option wins over what the function returns.

    Ends with 0, or with 70 if the model is refused.
    """
    waived = read_waivers(options["overridden"], options["reasons"])
    _check_early(options, waived)
    try:
        with stdout_for_results(), Stages() as stages:
            artefact, overrides = _package(source, options, waived, stages)
    except ArtefactRefused as error:
        _tell_refusal(error, options["wants_json"])
        context.exit(EXIT_FAILED)
    stored = _push(artefact, options["store_url"]) if options["push"] else None
    _tell(artefact, stored, overrides, options["wants_json"])


def _check_early(options: Mapping[str, Any], overrides: Mapping[str, str]) -> None:
    """Find what can be found wrong before a training that may take hours; raises UsageError."""
    from understudy.packaging.gates.limits import read_limits
    from understudy.packaging.gates.run import check_overrides
    from understudy.packaging.given import check_title

    check_overrides(overrides)
    read_limits(options["gates"])
    try:
        check_title(options["name"] or "unsaid", options["version"] or "0.0.0")
    except ArtefactRefused as error:
        raise UsageError("; ".join(error.reasons) + ".") from error
    out = (options["out"] or OUT).absolute()
    there = next(folder for folder in (out, *out.parents) if folder.exists())
    if not (there.is_dir() and os.access(there, os.W_OK)):
        raise UsageError(f"Nothing can be written into {there}: say another --out.")


def _package(
    source: str, options: Mapping[str, Any], waived: Mapping[str, str], stages: Stages
) -> tuple["Artefact", Collection[str]]:
    """Return the artefact and the gates that were to be overruled."""
    with _opponent(options["against"], options["store_url"]) as live:
        stages(f"reading {source}")
        arguments = gather_arguments(source, options)
        arguments["overrides"] = {**(arguments.get("overrides") or {}), **waived}
        artefact = _vetted(arguments | live | {"progress": stages}, options)
        return artefact, arguments["overrides"]


def _vetted(arguments: dict[str, Any], options: Mapping[str, Any]) -> "Artefact":
    """Package; what is wrong is told in terms of the options and files that a person gave."""
    from understudy.cli.models.cells import at_line, explained
    from understudy.packaging.package import package_model

    try:
        return package_model(**arguments)
    except ArtefactImmutable as error:
        raise ArtefactRefused(arguments["name"], arguments["version"], [str(error)]) from error
    except ArtefactRefused as error:
        told = explained(error, data_files(options), arguments)
        reasons = [at_line(reason, options["quiz_file"]) for reason in told.reasons]
        if isinstance(told, ArgumentRefused):
            raise UsageError("; ".join(reasons).rstrip(".") + ".") from error
        name, _, version = told.title.partition(":")
        raise ArtefactRefused(name, version, reasons, told.gates) from error


@contextmanager
def _opponent(against: str | None, store_url: str | None) -> Iterator[dict[str, "Artefact"]]:
    """Give the version that the new one is held against, as an argument; none if none is said."""
    if against is None:
        yield {}
        return
    with find_artefact(_live() if against == "live" else against, store_url) as artefact:
        yield {"live": artefact}


def _live() -> str:
    """Return which version is live on the stack that runs here."""
    from understudy.log.deployments import current

    settings = find_settings()
    with open_log(settings) as log, log.begin() as connection:
        live = current(connection, settings.endpoint).live
    if live is None:
        raise UsageError(
            f"Nothing is live on the endpoint {settings.endpoint!r}: leave --against out, or name"
            " a version."
        )
    return live.model


def _push(artefact: "Artefact", store_url: str | None) -> str:
    store = open_store(store_url)
    store.push(artefact)
    return store.url


def _tell(
    artefact: "Artefact", stored: str | None, overrides: Collection[str], wants_json: bool
) -> None:
    from understudy.cli.models.packaged import describe_artefact, to_json

    if wants_json:
        print_json(to_json(artefact, stored, overrides))
    else:
        click.echo(err=True)  # between what was done and what came of it
        click.echo("\n".join(describe_artefact(artefact, stored, overrides)))


def _tell_refusal(error: ArtefactRefused, wants_json: bool) -> None:
    from understudy.cli.models.packaged import describe_refusal, refusal_json

    if wants_json:
        print_json(refusal_json(error))
    click.echo("\n".join(["", *describe_refusal(error)]), err=True)
