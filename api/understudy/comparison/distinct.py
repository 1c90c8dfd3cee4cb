"""How many different rows there were, from a sketch that merges and stays small."""

from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

Hashes = NDArray[np.uint64]

KEPT = 2048


@dataclass(frozen=True, eq=False)
class Distinct:
    """
    The smallest hashes of the rows seen; exact up to 2,048 different rows.

    Beyond, the estimate (KEPT − 1)/largest kept has a standard error of 2 % (Bar-Yossef et al.
    2002, "Counting distinct elements in a data stream").
    """

    rows: int = 0
    smallest: tuple[int, ...] = ()

    @property
    def repeated(self) -> int:
        """Rows like an earlier one."""
        if len(self.smallest) < KEPT:
            return self.rows - len(self.smallest)
        different = round((KEPT - 1) / (self.smallest[-1] / 2.0**64))
        return max(0, self.rows - different)

    def merge(self, other: "Distinct") -> "Distinct":
        """Gives the sketch of both together."""
        smallest = sorted({*self.smallest, *other.smallest})[:KEPT]
        return Distinct(self.rows + other.rows, tuple(smallest))

    def to_json(self) -> list[Any]:
        """Gives the sketch as a JSON array; hashes as strings, which no reader rounds."""
        return [self.rows, [str(value) for value in self.smallest]]

    @classmethod
    def from_json(cls, found: list[Any]) -> "Distinct":
        """Reads what `to_json` gave."""
        return cls(found[0], tuple(int(value) for value in found[1]))


def distinct(hashes: Hashes) -> Distinct:
    """Sketches rows by their hashes, which must spread evenly over 64 bits."""
    return Distinct(len(hashes), tuple(int(value) for value in np.unique(hashes)[:KEPT]))
