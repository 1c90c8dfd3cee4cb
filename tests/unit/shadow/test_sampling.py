"""The sample of a shadow."""

from uuid import UUID

from hypothesis import given, settings
from hypothesis import strategies as st

from understudy.shadow.sampling import is_sampled

_ids = st.uuids().map(str)
_shares = st.floats(0, 1)


@given(_ids, _shares)
@settings(deadline=None)
def test_the_same_request_always_gets_the_same_answer(request_id: str, share: float) -> None:
    """Asking twice changes nothing."""
    assert is_sampled(request_id, share) == is_sampled(request_id, share)


@given(_ids, _shares, _shares)
@settings(deadline=None)
def test_a_smaller_sample_lies_within_a_larger_one(request_id: str, one: float, two: float) -> None:
    """Whoever is in the sample at a share is in it at every larger share."""
    assert is_sampled(request_id, min(one, two)) <= is_sampled(request_id, max(one, two))


@given(_ids)
@settings(deadline=None)
def test_all_or_nothing_at_the_ends(request_id: str) -> None:
    """A share of 1 takes every request and a share of 0 none."""
    assert is_sampled(request_id, 1.0)
    assert not is_sampled(request_id, 0.0)


def test_the_sample_has_the_size_of_the_share() -> None:
    """Of 20,000 requests numbered in a row, a fifth is taken, within five standard errors."""
    taken = sum(is_sampled(str(UUID(int=number)), 0.2) for number in range(20_000))
    assert abs(taken - 4000) < 5 * (20_000 * 0.2 * 0.8) ** 0.5


def test_the_answer_is_the_same_in_every_release() -> None:
    """A request that was sampled yesterday is sampled today: the hash is frozen."""
    ids = [str(UUID(int=number)) for number in range(12)]
    assert [is_sampled(one, 0.5) for one in ids] == [bool(int(bit)) for bit in "001100011100"]
