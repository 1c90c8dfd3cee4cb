"""
The plots of the model card: held-out rows and their answers in, a figure out.

Only this package needs matplotlib, and only when a card is written.
"""

from .calibration import calibration
from .confusion import confusion
from .numbers import error_by_answer, predicted_against_true
from .slices import Names, SliceLoss, slice_losses

__all__ = [
    "Names",
    "SliceLoss",
    "calibration",
    "confusion",
    "error_by_answer",
    "predicted_against_true",
    "slice_losses",
]
