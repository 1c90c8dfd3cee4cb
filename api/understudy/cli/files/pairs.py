"""`understudy pairs`: the paired comparison and the verdict for a file of anyone's pairs."""

from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from understudy.cli.files.asked import Asked, Terms
from understudy.cli.files.drift import FILE, encoding_option, missing_option
from understudy.cli.output import as_json, print_json
from understudy.cli.verdicts import GATE

if TYPE_CHECKING:
    from understudy.cli.files.evidence import Case
    from understudy.cli.files.table import Table
    from understudy.comparison import Comparison

_ABOVE_NOUGHT = click.FloatRange(0, min_open=True)
_COLUMN: dict[str, Any] = {"metavar": "COLUMN"}


@click.command()
@click.argument("file", type=FILE)
@click.option("--live", required=True, **_COLUMN, help="What the model in service answered.")
@click.option("--shadow", required=True, **_COLUMN, help="What the other model answered.")
@click.option("--outcome", **_COLUMN, help="What came true, as far as it is known.")
@click.option("--slice", "slices", multiple=True, **_COLUMN,
              help="Look for slices by this column. Can be given again.")  # fmt: skip
@click.option("--unit", **_COLUMN, help="Rows that share a value here are not independent.")
@click.option("--time", **_COLUMN, help="When each row was answered; else the file is in order.")
@click.option("--task", type=click.Choice(["regression", "binary", "multiclass"]),
              help="If it cannot be told from the columns.")  # fmt: skip
@click.option("--positive", metavar="LABEL",
              help="Live and shadow hold probabilities of this class.")  # fmt: skip
@click.option("--threshold", default=0.5, show_default=True, type=click.FloatRange(0, 1),
              help="From which probability on the label is the positive one.")  # fmt: skip
@click.option("--live-label", **_COLUMN, help="Live's label, beside its probability.")
@click.option("--shadow-label", **_COLUMN, help="The shadow's label, beside its probability.")
@click.option("--policy", "policy_file", type=FILE, help="A comparison policy, YAML or JSON.")
@click.option("--aim", type=click.Choice(["same", "not_worse", "better"]),
              help="What has to be shown; not_worse if outcomes are there, else same.")  # fmt: skip
@click.option("--loss", help="How an error counts: absolute, squared, zero_one, log_loss, …")
@click.option("--loss-margin", type=_ABOVE_NOUGHT,
              help="How much more loss is still not worse: 0.02 is 2 %.")  # fmt: skip
@click.option("--margin", type=_ABOVE_NOUGHT,
              help="How far the mean of shadow − live may be from nought.")  # fmt: skip
@click.option("--tolerance", type=_ABOVE_NOUGHT, help="How far a single pair may be apart.")
@missing_option
@encoding_option
@click.option("--gate", is_flag=True, help="Let the exit status say the verdict.")
@as_json
@click.pass_context
def pairs(  # noqa: PLR0913, PLR0917 - one argument per option of the command
    context: click.Context, /, file: Path, encoding: str | None, policy_file: Path | None,
    aim: str | None, loss: str | None, loss_margin: float | None, margin: float | None,
    tolerance: float | None, gate: bool, wants_json: bool, **columns: Any,
) -> None:  # fmt: skip
    """
    Compare two models' answers to the same questions, one pair per row of FILE (CSV or Parquet).

    An empty answer of the shadow is a failed pair; rows without an answer of live are excluded and
    counted. With --gate the exit status is 0 for PROMOTE, 1 for REJECT, 2 for HOLD and 3 for
    NEED_MORE_DATA.
    """
    from understudy.cli.files.evidence import read_case
    from understudy.cli.files.table import open_table, release_memory, share_memory
    from understudy.cli.files.terms import agree
    from understudy.comparison import compare

    asked = Asked(**columns)
    terms = Terms(policy_file, aim, loss, loss_margin, margin, tolerance)
    share_memory()
    table = open_table(file, encoding, only=asked.columns)
    case = read_case(table, asked)
    policy, remarks = agree(terms, asked, case.evidence)
    release_memory()
    found = compare(case.give_evidence(), policy)
    if wants_json:
        print_json(as_content(found, case, table, remarks))
    else:
        from understudy.cli.files.pairs_text import describe

        click.echo("\n".join(describe(found, case, remarks)))
    if gate:
        context.exit(GATE[found.verdict])


def as_content(
    found: "Comparison", case: "Case", table: "Table", remarks: tuple[str, ...]
) -> dict[str, Any]:
    """Give a comparison as a JSON object, its findings and slices at the top."""
    content = found.to_json()
    reasons = {"failed_because": case.failed, "excluded_because": case.excluded}
    return {
        **content,
        "coverage": {**content["coverage"], **reasons},
        "findings": content["pairs"]["findings"],
        "slices": (content.get("slices") or {}).get("worst", []),
        "file": {"path": str(table.path), "rows": table.rows, "unreadable": table.unreadable},
        "remarks": [*case.remarks, *remarks],
    }
