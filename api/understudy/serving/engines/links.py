"""From the raw outputs of a model to values and probabilities, in the precision of the raw ones."""

from typing import Any

import numpy as np
from numpy.typing import NDArray

Numbers = NDArray[Any]

# Up to here exp of the negative is finite in 32 bits.
LARGEST_SINGLE = 88.7


def exponential(raw: Numbers) -> Numbers:
    """Return exp of numbers; of 32-bit ones correctly rounded, as the C library does it."""
    return np.exp(raw, dtype=np.float64).astype(raw.dtype, copy=False)


def probabilities(link: str, raw: Numbers) -> Numbers:
    """Return the probabilities that raw outputs stand for, of shape (rows, classes)."""
    if link == "sigmoid":
        if raw.dtype == np.float32:
            raw = np.maximum(raw, -np.float32(LARGEST_SINGLE))
        positive = 1 / (1 + exponential(-raw))
        return np.concatenate([1 - positive, positive], axis=1)
    if link == "softmax":
        powers = exponential(raw - raw.max(axis=1, keepdims=True))
        total = powers.sum(axis=1, keepdims=True, dtype=np.float64)
        return np.asarray(powers / total.astype(raw.dtype))
    return raw
