"""The accounting of instances."""

import pytest

from understudy.comparison import Coverage
from understudy.errors import CoverageMismatch


def test_parts_add_up_to_what_was_recorded() -> None:
    """Shares, due and unmatched instances follow from the parts."""
    coverage = Coverage(100, 60, sampled_out=10, skipped=8, failed=2, excluded=5, waiting=15)
    assert (coverage.due, coverage.unmatched) == (70, 10)
    assert sum(coverage.shares.values()) == pytest.approx(1.0)
    assert coverage.to_json()["shares"]["compared"] == 0.6


def test_one_row_too_few_is_an_error() -> None:
    """A mismatch of one instance is a defect, not a rounding."""
    with pytest.raises(CoverageMismatch, match="should be 100, but is 99"):
        Coverage(100, 60, waiting=39)


def test_a_negative_part_is_an_error() -> None:
    """Parts that cancel each other out do not pass for an accounting."""
    with pytest.raises(CoverageMismatch, match="waiting"):
        Coverage(100, 101, waiting=-1)


def test_nothing_recorded_has_no_shares() -> None:
    """An empty endpoint divides by nothing."""
    assert Coverage(0, 0).shares["compared"] == 0.0
