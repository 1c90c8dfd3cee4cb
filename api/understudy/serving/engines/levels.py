"""Levels of categories, as trees ask for them."""

from typing import Any

import numpy as np
from numpy.typing import NDArray


def codes_of(levels: NDArray[Any], codes: int) -> NDArray[np.intp]:
    """Return levels as codes, of which the last means missing and the one before it unknown."""
    known = (levels >= 0) & (levels < codes - 2)
    found = np.where(known, levels, codes - 2).astype(np.intp)
    found[np.isnan(levels)] = codes - 1
    return found
