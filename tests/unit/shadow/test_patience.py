"""The delays before something that fails is tried again."""

from understudy.shadow.patience import LONGEST_S, Patience


def test_delays_double_up_to_five_minutes() -> None:
    """Each failure in a row costs twice as much as the one before."""
    patience = Patience()
    delays = [patience.fail() for _ in range(12)]
    assert delays[:4] == [1, 2, 4, 8]
    assert delays[-1] == LONGEST_S == 300


def test_free_failures_cost_nothing() -> None:
    """Only the failures beyond the free ones make anyone wait."""
    patience = Patience(free=2)
    assert [patience.fail() for _ in range(4)] == [0, 0, 1, 2]


def test_it_is_worn_once_the_free_failures_are_used_up() -> None:
    """The number of failures in a row decides, not their kind."""
    patience = Patience(free=1)
    patience.fail()
    assert not patience.is_worn
    patience.fail()
    assert patience.is_worn


def test_a_success_forgets_the_failures() -> None:
    """After a success the delays begin anew."""
    patience = Patience()
    patience.fail()
    patience.fail()
    patience.succeed()
    assert not patience.is_worn
    assert patience.fail() == 1


def test_a_thousand_failures_do_not_overflow() -> None:
    """The longest delay stays the longest."""
    patience = Patience()
    assert [patience.fail() for _ in range(2000)][-1] == LONGEST_S
