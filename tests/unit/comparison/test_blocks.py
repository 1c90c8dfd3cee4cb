"""Blocks and unit sums merge to what was summed up at once."""

import json
from collections.abc import Callable

import numpy as np
import pytest

from understudy.comparison import Evidence, Policy
from understudy.comparison.blocks import Block, blocks_of, grouped, merged
from understudy.comparison.pairs import judge_pairs
from understudy.comparison.rows import read_rows
from understudy.comparison.sequences import unit_moments
from understudy.comparison.sums import UnitSums, unit_sums
from understudy.comparison.sums import merged as merged_sums

Make = Callable[..., Evidence]
RNG = np.random.default_rng(40)
VALUES = {
    "normal": RNG.normal(5, 2, 4000),
    "skewed": np.exp(RNG.normal(0, 1.5, 4000)),
    "huge": RNG.normal(0, 1e200, 4000),
    "tiny": RNG.normal(0, 1e-200, 4000),
    "far from nought": RNG.normal(1e3, 1, 4000),
    "mixed": np.where(RNG.random(4000) < 0.01, 1e6, RNG.normal(size=4000)),
}


def _parts(values: np.ndarray, codes: np.ndarray, cuts: list[int]) -> list[UnitSums]:
    ends = np.searchsorted(codes, cuts)
    split = zip(np.split(values, ends), np.split(codes, ends), strict=True)
    return [unit_sums(part, units) for part, units in split]


@pytest.mark.parametrize("name", VALUES)
def test_merged_sums_have_the_moments_of_the_whole(name: str) -> None:
    """Units of one to many instances, cut at odd places, merged in any order and stored."""
    values = VALUES[name]
    codes = np.unique(np.sort(RNG.integers(0, 900, 4000)), return_inverse=True)[1]
    whole = unit_moments(values, codes)
    parts = _parts(values, codes, [1, 2, 300, 301, 640])
    for order in (parts, parts[::-1]):
        stored = [UnitSums.from_json(json.loads(json.dumps(part.to_json()))) for part in order]
        found = merged_sums(stored).moments
        assert (found.units, found.rows) == (whole.units, whole.rows)
        assert found.mean == pytest.approx(whole.mean, rel=1e-9)
        assert found.sd == pytest.approx(whole.sd, rel=1e-6)
        assert found.skewness == pytest.approx(whole.skewness, rel=1e-5, abs=1e-5)


def test_what_is_the_same_in_every_unit_stays_constant() -> None:
    """Rounding must not make a spread where there is none, nor hide a small one."""
    codes = np.repeat(np.arange(400), 3)[:-1]
    same = merged_sums(_parts(np.full(len(codes), 0.1), codes, [7, 130, 131]))
    assert same.moments.is_constant
    little = 0.1 + 1e-6 * np.random.default_rng(0).normal(size=len(codes))
    assert not merged_sums(_parts(little, codes, [7, 130])).moments.is_constant


def test_nothing_merges_with_anything() -> None:
    """Without units there are no moments, and merging nothing changes nothing."""
    some = unit_sums(np.array([1.0, 2.0]), np.array([4, 9]))
    assert UnitSums().merge(some) == some == some.merge(UnitSums())
    assert merged_sums([]).moments.units == 0


@pytest.mark.parametrize("parts", [1, 3, 80, 500])
def test_guards_do_not_depend_on_the_number_of_blocks(make_evidence: Make, parts: int) -> None:
    """However finely the pairs are summed up, the guards come out the same."""
    broken = np.arange(2000) % 50 == 0
    evidence = make_evidence(2000, failed=broken)
    rows = read_rows(evidence)
    policy = Policy().with_defaults(20.0, 16.0)
    fine, coarse = (
        judge_pairs(blocks_of(rows, policy, n), "regression", policy, 0.02).guards
        for n in (parts, 40)
    )
    for one, other in zip(fine, coarse, strict=True):
        assert (one.name, one.state, one.units) == (other.name, other.state, other.units)
        assert one.interval == pytest.approx(other.interval)


def test_a_block_is_stored_and_read_back(make_evidence: Make) -> None:
    """The JSON of a block gives the same block."""
    policy = Policy().with_defaults(20.0, 16.0)
    for block in blocks_of(read_rows(make_evidence(300)), policy, 4):
        assert Block.from_json(json.loads(json.dumps(block.to_json()))) == block


def test_grouping_keeps_everything_and_its_order(make_evidence: Make) -> None:
    """Neighbours are merged; the sum stays, and time goes forward."""
    policy = Policy().with_defaults(20.0, 16.0)
    blocks = blocks_of(read_rows(make_evidence(999)), policy, 80)
    groups = grouped(blocks, 7)
    assert len(groups) == 7
    assert merged(groups).units == merged(blocks).units == 999
    until = [group.until for group in groups if group.until is not None]
    assert until == sorted(until)
