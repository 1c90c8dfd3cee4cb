"""How API keys look."""

import pytest

from understudy.keys import digest_of, id_in, mint


def test_a_key_carries_its_id_and_nothing_else_that_is_kept() -> None:
    """The id is in the text; the digest is of all of it; no two are alike."""
    one, other = mint(), mint()
    assert id_in(one.text) == one.id
    assert one.digest == digest_of(one.text) != other.digest
    assert one.text not in (one.id, one.digest)
    assert len(one.text) > 50
    assert one.id != other.id


@pytest.mark.parametrize("text", ["", "us", "us_abc_x", "us_abcdefgh", "sk_abcdefgh_x", "\udcff"])
def test_what_is_no_key_has_no_id(text: str) -> None:
    """Whatever somebody sends is looked at without an error, and has a digest."""
    assert id_in(text) is None
    assert digest_of(text)
