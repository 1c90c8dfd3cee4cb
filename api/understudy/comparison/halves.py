"""Two halves of the traffic: what one suggests, the other may confirm."""

import numpy as np
import pandas as pd
from numpy.typing import NDArray

SALT = "understudy-slice"


def unit_draws(names: NDArray[np.str_]) -> NDArray[np.uint64]:
    """
    Gives every unit a number that depends on its name alone, for ever.

    SipHash-2-4 with a salt of our own and splitmix64's last step: independent of the hash by which
    a shadow's traffic is sampled. The tests compute it anew, against a change of the library.
    """
    objects = np.asarray(names, dtype=str).astype(object)
    draws = pd.util.hash_array(objects, hash_key=SALT, categorize=False)
    return np.asarray(draws, dtype=np.uint64)


def is_searched(draws: NDArray[np.uint64]) -> NDArray[np.bool_]:
    """Tells which units belong to half A, in which slices are searched; the others test them."""
    return np.asarray((draws & np.uint64(1)) == 0)
