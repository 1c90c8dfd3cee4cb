"""From an instance as it was sent to an instance as it is kept."""

import re
from collections.abc import Callable
from pathlib import Path

import pytest

from understudy.capture import CapturePolicy
from understudy.errors import CaptureKeyUnusable
from understudy.serving.capture_key import make_key, read_key
from understudy.serving.redaction import Redact, compile_capture

FIELDS = ("area", "zone", "agent")

Compile = Callable[..., Redact | None]


@pytest.fixture
def key(tmp_path: Path) -> Path:
    """The file of a key."""
    path = tmp_path / "data" / "capture.key"
    assert make_key(path)
    return path


def compiled(key: Path, **fields: object) -> Redact:
    """Compile a policy that redacts something."""
    found = compile_capture(CapturePolicy.from_json({"fields": fields}), FIELDS, key)
    assert found is not None
    return found


def test_a_policy_that_keeps_all_that_is_known_costs_nothing(tmp_path: Path) -> None:
    """No function is made, and no key is asked for, where the fields it names are not there."""
    policy = CapturePolicy.from_json({"fields": {"other": "hash"}})
    assert compile_capture(policy, FIELDS, tmp_path / "no.key") is None
    assert compile_capture(CapturePolicy(), FIELDS, tmp_path / "no.key") is None


def test_a_dropped_field_is_gone_and_what_was_sent_stays(key: Path) -> None:
    """The model and the answer have to do with the instances as they were sent."""
    sent = [{"area": 1.0, "agent": "Ada"}, {"area": 2.0}]
    assert compiled(key, agent="drop")(sent) == [{"area": 1.0}, {"area": 2.0}]
    assert sent == [{"area": 1.0, "agent": "Ada"}, {"area": 2.0}]


def test_equal_values_of_a_field_stay_equal_and_nothing_else_does(key: Path) -> None:
    """1 is 1.0, but no text; null and absence stay; another field or key has other digests."""
    redact = compiled(key, area="hash", agent="hash")
    sent = [{"area": 1, "agent": "Ada"}, {"area": 1.0, "agent": "1"}, {"area": None}, {}]
    one, two, null, absent = redact(sent)
    assert one["area"] == two["area"]
    assert re.fullmatch("hash:[0-9a-f]{32}", str(one["area"]))
    assert len({*one.values(), *two.values()}) == 3
    assert (null, absent) == ({"area": None}, {})
    assert redact([{"area": 1}])[0]["area"] == one["area"]
    other = key.with_name("other.key")
    make_key(other)
    assert compiled(other, area="hash")([{"area": 1}])[0]["area"] != one["area"]
    same = redact([{"area": "x", "agent": "x"}])[0]
    assert same["area"] != same["agent"]


def test_a_number_is_replaced_by_its_bucket(key: Path) -> None:
    """An edge belongs to the bucket that it begins; what is no number has none."""
    redact = compiled(key, area={"bucket": [50, 80.5, 1234567]})
    values = [-1e300, 49.9, 50, 80.4, 80.5, 2e6, "far", True, None]
    assert [instance["area"] for instance in redact([{"area": one} for one in values])] == [
        "below 50", "below 50", "50 to 80.5", "50 to 80.5", "80.5 to 1234567", "from 1234567",
        None, None, None,
    ]  # fmt: skip


def test_a_hash_without_a_key_is_refused(tmp_path: Path) -> None:
    """The worker then keeps to what it had, and says why."""
    with pytest.raises(CaptureKeyUnusable, match=r"no\.key"):
        compiled(tmp_path / "no.key", agent="hash")
    assert compiled(tmp_path / "no.key", agent="drop") is not None


def test_a_key_is_its_owners_alone(key: Path) -> None:
    """Made once, readable by nobody else; one that others may read is not used."""
    assert key.stat().st_mode & 0o777 == 0o600
    before = read_key(key)
    assert not make_key(key)
    assert read_key(key) == before
    assert len(before) == 64
    key.chmod(0o640)
    with pytest.raises(CaptureKeyUnusable, match="chmod 600"):
        read_key(key)


@pytest.mark.parametrize("content", ["", "short", "x" * 65])
def test_a_key_of_another_length_is_refused(key: Path, content: str) -> None:
    """And the refusal does not tell what is in the file."""
    key.write_text(content)
    with pytest.raises(CaptureKeyUnusable, match="32 to 64 bytes") as refused:
        read_key(key)
    assert not content or content not in str(refused.value).replace(str(key), "")


@pytest.mark.parametrize("value", [1e18, 2.0**63, -(2.0**63), 1e20, 1e300, -1e300])
def test_no_number_is_too_large_to_be_hashed(key: Path, value: float) -> None:
    """Whatever a client may send has a digest; of whole numbers the float's is the integer's."""
    redact = compiled(key, area="hash")
    (kept,) = redact([{"area": value}])
    assert re.fullmatch("hash:[0-9a-f]{32}", str(kept["area"]))
    if abs(value) < 2**63:
        assert redact([{"area": int(value)}]) == [kept]
