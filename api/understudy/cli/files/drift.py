"""`understudy drift`: whether the columns of two files are distributed alike."""

from collections.abc import Sequence
from pathlib import Path

import click

from understudy.cli.output import as_json, print_json

GATE = {"NO_DRIFT": 0, "DRIFT": 1, "UNSETTLED": 2, "NEED_MORE_DATA": 3}
FILE = click.Path(exists=True, dir_okay=False, readable=True, path_type=Path)
_KINDS = ("numeric", "categorical", "id", "text", "time")

missing_option = click.option(
    "--missing", multiple=True, default=("",), metavar="TEXT",
    help="A cell that means: no value. Can be given again; by default the empty cell.",
)  # fmt: skip
encoding_option = click.option(
    "--encoding", help="How a CSV file writes its letters, if not as its first bytes say."
)


class KindOf(click.ParamType[tuple[str, str]]):
    """A column and what it holds, written COLUMN=KIND."""

    name = "COLUMN=KIND"

    def convert(
        self, value: object, param: click.Parameter | None, ctx: click.Context | None
    ) -> tuple[str, str]:
        """Take the text apart at its last equals sign."""
        column, _, kind = str(value).rpartition("=")
        if not column or kind not in _KINDS:
            self.fail(f"{value!r} is not COLUMN=KIND with a kind of {', '.join(_KINDS)}.")
        return column, kind


@click.command()
@click.argument("reference", type=FILE)
@click.argument("current", type=FILE)
@click.option(
    "--kind", "kinds", type=KindOf(), multiple=True,
    help="Take a column as numeric, categorical, id, text or time. Can be given again.",
)  # fmt: skip
@click.option("--ignore", multiple=True, metavar="COLUMN", help="Leave this column out.")
@click.option("--unit", metavar="COLUMN", help="Rows that share a value here count as one.")
@click.option(
    "--alpha", default=0.05, show_default=True,
    type=click.FloatRange(0, 1, min_open=True, max_open=True),
    help="How often there may be any alarm although nothing changed.",
)  # fmt: skip
@missing_option
@encoding_option
@click.option("--all", "wants_all", is_flag=True, help="List every finding, the stable ones too.")
@click.option("--gate", is_flag=True, help="Let the exit status say the verdict.")
@as_json
@click.pass_context
def drift(  # noqa: PLR0913, PLR0917 - one argument per option of the command
    context: click.Context, reference: Path, current: Path, kinds: Sequence[tuple[str, str]],
    ignore: tuple[str, ...], unit: str | None, alpha: float, missing: tuple[str, ...],
    encoding: str | None, wants_all: bool, gate: bool, wants_json: bool,
) -> None:  # fmt: skip
    """
    Compare the columns of CURRENT with those of REFERENCE (CSV or Parquet).

    Numbers are compared by Kolmogorov–Smirnov or chi-square, categories by chi-square, all columns
    by missing values; the p-values are adjusted for all of them together. With --gate the exit
    status is 0 for NO_DRIFT, 1 for DRIFT, 2 for UNSETTLED and 3 for NEED_MORE_DATA.
    """
    from understudy.cli.files.drift_text import describe
    from understudy.cli.files.sides import Reading, open_sides
    from understudy.cli.files.table import open_table
    from understudy.comparison import drift_by_column
    from understudy.comparison.needed_looks import more_for_drift

    reading = Reading(dict(kinds), ignore, missing, unit)  # type: ignore[arg-type] # checked above
    tables = open_table(reference, encoding), open_table(current, encoding)
    sides = open_sides(*tables, reading)
    report = drift_by_column(
        sides.reference, sides.current, sides.sizes, kinds=sides.kinds, alpha=alpha
    )
    needed = more_for_drift(report)
    if wants_json:
        files = {
            name: {"path": str(table.path), "rows": table.rows, "unreadable": table.unreadable}
            for name, table in zip(("reference", "current"), tables, strict=True)
        }
        more = {"more_needed": [one.to_json() for one in needed], "remarks": list(sides.remarks)}
        print_json({**report.to_json(), **files, **more})
    else:
        lines = describe(report, tables, tuple(sides.remarks), needed, wants_all=wants_all)
        click.echo("\n".join(lines))
    if gate:
        context.exit(GATE[report.verdict])
