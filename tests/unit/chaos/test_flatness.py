"""Memory that grows is told from memory that is flat, within an hour and with noise."""

import numpy as np
import pytest

from tests.chaos.soak.flatness import Series, flatness


def _hour(per_hour: float, *, level: float = 100.0, noise: float = 2.0, seed: int = 1) -> Series:
    random = np.random.default_rng(seed)
    at = np.arange(0, 3600, 5.0)
    return list(zip(at, level + per_hour * at / 3600 + random.normal(0, noise, len(at)),
                    strict=True))  # fmt: skip


@pytest.mark.parametrize("seed", range(5))
def test_noise_is_flat(seed: int) -> None:
    """Its slope is near nothing, and so is the bound."""
    found = flatness(_hour(0, seed=seed), 1200)
    assert found.is_flat
    assert found.at_most is not None
    assert found.growth is not None
    assert abs(found.growth) < 4
    assert found.growth < found.at_most < 6


@pytest.mark.parametrize("seed", range(5))
def test_a_leak_is_seen(seed: int) -> None:
    """Ten megabytes per hour, beneath noise of two at each look."""
    found = flatness(_hour(10, seed=seed), 1200)
    assert found.growth == pytest.approx(10, abs=4)
    assert not found.is_flat


def test_a_leak_in_the_warm_up_alone_is_none() -> None:
    """Caches that fill at first are passed over."""
    warming = [(at, min(at, 1200) / 10) for at in np.arange(0, 3600, 5.0)]
    assert not flatness(warming, 0).is_flat
    assert flatness(warming, 1200).is_flat


def _at_work(series: Series, seed: int) -> Series:
    """Return the same with pieces of work that take 30 MB for a quarter to two minutes each."""
    random = np.random.default_rng(seed)
    ends = np.cumsum(random.uniform(15, 120, 200))
    return [(at, value + 30 * (int(np.searchsorted(ends, at)) % 2)) for at, value in series]


@pytest.mark.parametrize("seed", range(20))
def test_work_that_gives_back_what_it_took_hides_no_leak_and_is_none(seed: int) -> None:
    """It may go on for two minutes and take more than a leak does in an hour."""
    assert flatness(_at_work(_hour(0, seed=seed), seed), 1200).is_flat
    leaking = flatness(_at_work(_hour(10, seed=seed), seed), 1200)
    assert not leaking.is_flat
    assert leaking.growth == pytest.approx(10, abs=4)
    assert leaking.most > 120


def test_what_is_gone_for_a_moment_is_no_growth() -> None:
    """A process that is replaced is not there for a look or two."""
    blinking = [(at, 0.0 if at in (1300, 3500) else size) for at, size in _hour(0)]
    assert flatness(blinking, 1200).is_flat


def test_a_short_peak_every_minute_is_no_growth() -> None:
    """The watcher works once a minute, however it falls into the minute."""
    peaks = [(at, 100 + (at if at % 60 < 10 else 0)) for at in np.arange(0, 3600, 5.0)]
    assert flatness(peaks, 1200).is_flat


def test_a_large_process_may_move_by_a_share_of_itself() -> None:
    """Five per cent per hour of a gigabyte are within its limit."""
    assert flatness(_hour(30, level=1000), 1200).is_flat
    assert not flatness(_hour(30, level=100), 1200).is_flat


def test_a_few_minutes_show_nothing() -> None:
    """Without a bound nothing is called flat."""
    found = flatness(_hour(0)[:60], 0)
    assert (found.growth, found.at_most, found.is_flat) == (None, None, False)
