"""Waivers in words: each, none, or nobody knows."""

from understudy.artefacts.vetting import Waiver
from understudy.cli.waivers import waived


def test_each_waiver_is_one_line() -> None:
    """Which gate, by whom, and why."""
    two = (Waiver("quality", "for\nnow", "ada"), Waiver("cost", "it is worth it", "ben"))
    assert waived(two) == ["quality, by ada: for now", "cost, by ben: it is worth it"]


def test_none_is_not_the_same_as_not_recorded() -> None:
    """Silence of an earlier version is no statement."""
    assert (waived(()), waived(None)) == (["none"], ["not recorded"])
