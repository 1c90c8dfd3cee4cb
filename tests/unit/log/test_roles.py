"""The roles are the fold of the changes, and survive the file that carries them."""

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from understudy.artefacts.vetting import Waiver
from understudy.errors import DeploymentsUnreadable
from understudy.log.roles import (
    Action,
    DeploymentRow,
    Deployments,
    Policy,
    Role,
    ShadowRole,
    Waivers,
    fold,
    is_twin,
    read_waivers,
)

START = datetime(2026, 1, 1, tzinfo=UTC)


def _row(
    id: int,
    action: Action,
    version: str,
    *,
    share: float = 1.0,
    keep: bool = False,
    policy: Policy | None = None,
    digest: str = "",
    waivers: Waivers | None = None,
) -> DeploymentRow:
    at = START + timedelta(hours=id)
    return DeploymentRow(
        id, at, f"person {id}", f"reason {id}", action, "m", version,
        digest or f"digest {version}", share, keep, policy, waivers,
    )  # fmt: skip


def _versions(found: Deployments) -> tuple[str | None, str | None, list[str]]:
    return (
        found.live.version if found.live else None,
        found.previous.version if found.previous else None,
        [shadow.version for shadow in found.shadows],
    )


def test_nothing_is_deployed_before_the_first_change() -> None:
    """No rows: no roles, and the number of the last change is 0."""
    assert fold([]) == Deployments(0, None, None, ())


def test_a_new_live_version_makes_the_old_one_the_previous() -> None:
    """Live moves to previous, with who and why of its own change."""
    found = fold([_row(1, "live", "1"), _row(2, "live", "2")])
    assert _versions(found) == ("2", "1", [])
    assert found.id == 2
    assert found.previous == Role(
        "m", "1", "digest 1", START + timedelta(hours=1), "person 1", "reason 1", 1
    )


def test_the_same_live_version_again_keeps_its_beginning_and_the_previous() -> None:
    """Deploying what is live already must not make a rollback lead to itself."""
    found = fold([_row(1, "live", "1"), _row(2, "live", "2"), _row(3, "live", "2")])
    assert _versions(found) == ("2", "1", [])
    assert found.live is not None
    assert found.live.since == START + timedelta(hours=2)


def test_a_shadow_that_is_deployed_again_changes_share_and_policy_but_not_its_beginning() -> None:
    """The latest person and reason are shown beside the first moment."""
    rows = [
        _row(1, "shadow", "2", share=0.5),
        _row(2, "shadow", "3"),
        _row(3, "shadow", "2", share=0.1, policy={"days": 0}),
    ]
    found = fold(rows)
    assert _versions(found) == (None, None, ["2", "3"])
    shadow = found.shadow("m", "2")
    assert shadow is not None
    assert (shadow.share, shadow.policy, shadow.who) == (0.1, {"days": 0}, "person 3")
    assert shadow.since == START + timedelta(hours=1)


def test_a_shadow_with_other_content_under_the_same_version_begins_anew() -> None:
    """Two digests are two things, even if their names agree."""
    found = fold([_row(1, "shadow", "2"), _row(2, "shadow", "2", digest="other")])
    assert [(shadow.digest, shadow.since.hour) for shadow in found.shadows] == [("other", 2)]


def test_withdrawing_ends_one_shadow() -> None:
    """The others stay."""
    rows = [_row(1, "shadow", "2"), _row(2, "shadow", "3"), _row(3, "withdraw", "2")]
    assert _versions(fold(rows)) == (None, None, ["3"])


def test_promoting_makes_a_shadow_live_and_ends_its_role() -> None:
    """The other shadows go on."""
    rows = [
        _row(1, "live", "1"),
        _row(2, "shadow", "2"),
        _row(3, "shadow", "3"),
        _row(4, "promote", "2"),
    ]
    assert _versions(fold(rows)) == ("2", "1", ["3"])


def test_promoting_can_keep_the_shadow_role() -> None:
    """keep_shadow leaves the version in both roles."""
    rows = [_row(1, "live", "1"), _row(2, "shadow", "2"), _row(3, "promote", "2", keep=True)]
    assert _versions(fold(rows)) == ("2", "1", ["2"])


def test_a_twin_ends_when_another_version_becomes_live() -> None:
    """Promoted, rolled back or deployed: what it measured is live no more."""
    rows = [_row(1, "live", "1"), _row(2, "shadow", "1", share=0.05), _row(3, "shadow", "2")]
    found = fold(rows)
    assert [is_twin(shadow, found.live) for shadow in found.shadows] == [True, False]
    assert _versions(fold([*rows, _row(4, "promote", "2")])) == ("2", "1", [])
    assert _versions(fold([*rows, _row(4, "live", "3")])) == ("3", "1", ["2"])
    back = [*rows, _row(4, "promote", "2"), _row(5, "shadow", "2"), _row(6, "rollback", "1")]
    assert _versions(fold(back)) == ("1", "2", [])


def test_a_shadow_that_was_promoted_and_kept_is_a_twin_and_becomes_a_shadow_again() -> None:
    """It was there before it was live, and is there after it, unless it was deployed as a twin."""
    rows = [_row(1, "live", "1"), _row(2, "shadow", "2"), _row(3, "promote", "2", keep=True)]
    found = fold(rows)
    assert is_twin(found.shadows[0], found.live)
    assert _versions(fold([*rows, _row(4, "rollback", "1")])) == ("1", "2", ["2"])
    again = [*rows, _row(4, "shadow", "2", share=0.05), _row(5, "rollback", "1")]
    assert _versions(fold(again)) == ("1", "2", [])


def test_nothing_is_a_twin_while_nothing_is_live() -> None:
    """A shadow may come before the first live version."""
    assert not is_twin(fold([_row(1, "shadow", "1")]).shadows[0], None)


def test_rolling_back_exchanges_live_and_previous() -> None:
    """Twice leads back to where it began."""
    rows = [_row(1, "live", "1"), _row(2, "live", "2"), _row(3, "rollback", "1")]
    assert _versions(fold(rows)) == ("1", "2", [])
    assert _versions(fold([*rows, _row(4, "rollback", "2")])) == ("2", "1", [])


def test_a_role_carries_its_waivers_and_its_change() -> None:
    """A later change of a shadow's share tells who made it, and what is waived now."""
    waivers = (Waiver("quality", "good enough to try", "ada"),)
    rows = [
        _row(1, "live", "1", waivers=()),
        _row(2, "shadow", "2", waivers=waivers),
        _row(3, "shadow", "2", share=0.1, waivers=waivers),
        _row(4, "promote", "2", waivers=waivers),
    ]
    (shadow,) = fold(rows[:3]).shadows
    assert (shadow.waivers, shadow.deployment_id, shadow.since.hour) == (waivers, 3, 2)
    found = fold(rows)
    assert found.live is not None
    assert found.previous is not None
    assert (found.live.waivers, found.live.deployment_id) == (waivers, 4)
    assert (found.previous.waivers, found.previous.deployment_id) == ((), 1)


def test_waivers_are_read_past_what_a_later_version_adds() -> None:
    """During a rolling change, an older agent folds what a newer command recorded."""
    one = {"gate": "quality", "reason": "so be it", "by": "ada", "until": "2027"}
    assert read_waivers([one]) == (Waiver("quality", "so be it", "ada"),)
    assert (read_waivers([]), read_waivers(None)) == ((), None)


_waivers = st.none() | st.lists(
    st.builds(Waiver, gate=st.text(max_size=3), reason=st.text(max_size=3), by=st.text(max_size=3)),
    max_size=2,
).map(tuple)
_roles = st.builds(
    ShadowRole,
    name=st.text(max_size=5),
    version=st.text(max_size=5),
    digest=st.text(max_size=5),
    since=st.datetimes(timezones=st.just(UTC)),
    who=st.text(max_size=5),
    why=st.text(max_size=5),
    share=st.floats(0, 1),
    policy=st.none() | st.dictionaries(st.text(max_size=3), st.integers(0, 9), max_size=2),
    deployment_id=st.none() | st.integers(1, 2**53),
    waivers=_waivers,
)
_live = st.builds(
    Role,
    name=st.text(max_size=5),
    version=st.text(max_size=5),
    digest=st.text(max_size=5),
    since=st.datetimes(timezones=st.just(UTC)),
    who=st.text(max_size=5),
    waivers=_waivers,
)


@settings(max_examples=50, deadline=None)
@given(
    st.builds(
        Deployments,
        id=st.integers(0, 2**53),
        live=st.none() | _live,
        previous=st.none() | _live,
        shadows=st.lists(_roles, max_size=2).map(tuple),
    )
)
def test_the_file_brings_back_exactly_what_was_written(deployments: Deployments) -> None:
    """from_json is the inverse of to_json."""
    assert Deployments.from_json(deployments.to_json()) == deployments


def test_a_file_of_an_earlier_version_is_read() -> None:
    """It knows neither changes nor waivers."""
    role = b'{"name": "m", "version": "1", "digest": "d", "since": "2026-01-01T00:00:00+00:00"'
    content = b'{"id": 1, "live": ' + role + b', "who": "ada"}, "previous": null, "shadows": []}'
    live = Deployments.from_json(content).live
    assert live is not None
    assert (live.deployment_id, live.waivers) == (None, None)


@pytest.mark.parametrize(
    "content",
    [
        b"", b"[]", b"{}", b"{", b"null", b'{"id": 1}',
        b'{"id": 1, "live": {"name": "m"}, "previous": null, "shadows": []}',
        b'{"id": 1, "live": 5, "previous": null, "shadows": []}',
        b'{"id": "x", "live": null, "previous": null, "shadows": []}',
    ],
)  # fmt: skip
def test_a_file_of_another_form_is_refused_by_name(content: bytes) -> None:
    """Whatever stands in the file, the error is ours."""
    with pytest.raises(DeploymentsUnreadable):
        Deployments.from_json(content)


def test_a_role_is_named_as_people_write_it() -> None:
    """Name and version, joined for people and apart for the readers."""
    role = Role("m", "1", "d", START, "me")
    assert (role.model, role.key) == ("m:1", ("m", "1"))
