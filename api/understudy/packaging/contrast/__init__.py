"""
Two model versions side by side: what changed between them, and what that does to the answers.

`contrast` puts it together: `schemas` compares what they accept, `training` what they learnt
from, `vetting` what was found of them, and `answers` asks both about the same held-out rows.
"""

from .result import Contrast, contrast

__all__ = ["Contrast", "contrast"]
