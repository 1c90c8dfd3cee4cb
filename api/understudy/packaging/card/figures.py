"""How the card writes figures whose meaning it does not know: those of the gates."""

from collections.abc import Mapping, Sequence

from understudy.artefacts.vetting import GateResult
from understudy.presentation.markdown import plain, table
from understudy.presentation.metrics import METRICS
from understudy.presentation.numbers import NONE, count, number

# A card is for reading: of a longer table it shows the beginning and says how long it is.
MOST_ROWS = 20


def rows_told(result: GateResult, most: int = MOST_ROWS) -> str:
    """Return the rows of a gate as one table, with a column for everything any row tells."""
    names = list(
        dict.fromkeys(n for row in result.rows for n, cell in row.items() if cell is not None)
    )
    numeric = [
        column
        for column, name in enumerate(names)
        if all(_is_number(row.get(name)) for row in result.rows)
    ]
    rows = [[shown(row.get(name)) for name in names] for row in result.rows[:most]]
    told = table([named(name) for name in names], rows, numeric)
    left = len(result.rows) - most
    return f"{told}\n\n{left} more stand in the manifest." if left > 0 else told


def named(name: str) -> str:
    """Return the name of a figure in words."""
    return plain(METRICS.get(name, name.replace("_", " ")))


def shown(value: object) -> str:
    """Return a figure of any kind as one cell."""
    if isinstance(value, Mapping):
        return ", ".join(f"{plain(str(name))}: {shown(inner)}" for name, inner in value.items())
    if isinstance(value, Sequence) and not isinstance(value, str):
        return ", ".join(map(shown, value)) or NONE
    return _scalar(value)


def _scalar(value: object) -> str:
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, int):
        return count(value)
    if isinstance(value, float):
        return number(value)
    return NONE if value is None else plain(str(value)) or NONE


def _is_number(value: object) -> bool:
    return value is None or (isinstance(value, int | float) and not isinstance(value, bool))
