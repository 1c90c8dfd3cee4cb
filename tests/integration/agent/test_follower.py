"""The api workers of a machine are told what to serve, as soon as it can be served."""

import shutil
import threading
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from tests.integration.agent.bench import ENDPOINT, Bench, served, until
from understudy.agent.events import ArtefactUnavailable, DeploymentFollowed, Shipped
from understudy.agent.follower import Follower
from understudy.artefacts.artefact import Artefact, open_artefact
from understudy.artefacts.manifest import write_manifest
from understudy.artefacts.signature import make_keys, sign
from understudy.artefacts.store import ArtefactStore
from understudy.capture import Capture, CapturePolicy
from understudy.errors import LogUnavailable
from understudy.log.database import connect
from understudy.log.deployments import Change, append, change_capture
from understudy.serving.deployment_file import Deployed, read


@pytest.fixture
def follower(bench: Bench) -> Follower:
    """A follower whose machine has served nothing yet."""
    return Follower(bench.settings, bench.engine, bench.seen)


@pytest.fixture
def store(bench: Bench, linear_artefact: Artefact, boosting_artefact: Artefact) -> ArtefactStore:
    """The artefact store of the bench, with two versions in it."""
    made = ArtefactStore(bench.settings.artefacts_url)
    made.push(linear_artefact)
    made.push(boosting_artefact)
    return made


def decide(bench: Bench, action: str, artefact: Artefact | None = None, **more: object) -> None:
    """Record a decision about an artefact."""
    manifest = None if artefact is None else artefact.manifest
    named = {} if manifest is None else {"name": manifest.name, "version": manifest.version}
    digest = {} if artefact is None else {"digest": artefact.digest}
    with bench.engine.begin() as connection:
        append(connection, ENDPOINT, Change(action, "ann", **(named | digest | more)))  # type: ignore[arg-type]


def told(bench: Bench) -> Deployed:
    """Return what the workers are told."""
    found = read(bench.settings.deployment_file)
    assert found is not None
    return found


def titles(deployed: Deployed) -> tuple[str | None, str | None, list[str]]:
    """Return who is live, previous and shadow."""
    live, previous = deployed.live, deployed.previous
    return (
        live and live.version,
        previous and previous.version,
        [shadow.version for shadow in deployed.shadows],
    )


def test_every_role_is_followed_to_a_verified_folder(
    bench: Bench, follower: Follower, store: ArtefactStore,
    linear_artefact: Artefact, boosting_artefact: Artefact,
) -> None:  # fmt: skip
    """Live, shadow, promotion and rollback arrive with their folders, digests and shares."""
    follower.follow()
    assert titles(told(bench)) == (None, None, [])
    decide(bench, "live", linear_artefact)
    decide(bench, "shadow", boosting_artefact, share=0.25)
    follower.follow()
    found = told(bench)
    assert titles(found) == ("1.0.0", None, ["2.0.0"])
    assert (found.deployment_id, found.endpoint, found.shadows[0].share) == (2, ENDPOINT, 0.25)
    assert found.live is not None
    assert open_artefact(Path(found.live.folder)).digest == found.live.digest
    assert Path(found.live.folder).is_relative_to(bench.settings.cache_dir.absolute())
    decide(bench, "promote", boosting_artefact)
    follower.follow()
    assert titles(told(bench)) == ("2.0.0", "1.0.0", [])
    assert [manifest.version for manifest in follower.manifests] == ["2.0.0", "1.0.0"]
    decide(bench, "rollback")
    follower.follow()
    assert titles(told(bench)) == ("1.0.0", "2.0.0", [])
    assert follower.problem is None
    assert len(bench.seen.of(DeploymentFollowed)) == 4


def test_the_file_is_written_only_when_something_changed(
    bench: Bench, follower: Follower, store: ArtefactStore, linear_artefact: Artefact
) -> None:
    """Workers load a model when they have to, and not because an agent started again."""
    decide(bench, "live", linear_artefact)
    follower.follow()
    before = bench.settings.deployment_file.stat()
    follower.follow()
    again = Follower(bench.settings, bench.engine, bench.seen)
    assert [manifest.version for manifest in again.manifests] == ["1.0.0"]
    again.follow()
    after = bench.settings.deployment_file.stat()
    assert (before.st_ino, before.st_mtime_ns) == (after.st_ino, after.st_mtime_ns)


def test_a_live_model_that_is_not_here_changes_nothing(
    bench: Bench, follower: Follower, store: ArtefactStore,
    linear_artefact: Artefact, boosting_artefact: Artefact, monkeypatch: pytest.MonkeyPatch,
) -> None:  # fmt: skip
    """The old file stays, the reason is told, and the next attempt heals it."""
    decide(bench, "live", linear_artefact)
    follower.follow()
    away = Path(bench.settings.artefacts_url) / "tiny-houses" / "2.0.0"
    hidden = away.rename(bench.settings.data_dir / "hidden")
    decide(bench, "live", boosting_artefact)
    follower.follow()
    assert titles(told(bench)) == ("1.0.0", None, [])
    assert follower.problem is not None
    assert "deployment 2: tiny-houses:2.0.0: " in follower.problem
    assert [event.version for event in bench.seen.of(ArtefactUnavailable)] == ["2.0.0"]
    follower.follow()  # not at once again
    assert len(bench.seen.of(ArtefactUnavailable)) == 1
    hidden.rename(away)
    monkeypatch.setattr("understudy.agent.follower._RETRY_S", 0.0)
    follower._retry_at = 0.0
    follower.follow()
    assert titles(told(bench)) == ("2.0.0", "1.0.0", [])
    assert follower.problem is None


def test_what_is_not_live_does_not_stand_in_the_way(
    bench: Bench, follower: Follower, store: ArtefactStore,
    linear_artefact: Artefact, boosting_artefact: Artefact,
) -> None:  # fmt: skip
    """A shadow and a previous model that are gone are left out, and that is told."""
    decide(bench, "live", boosting_artefact)
    decide(bench, "live", linear_artefact)
    decide(bench, "shadow", boosting_artefact)
    shutil.rmtree(Path(bench.settings.artefacts_url) / "tiny-houses" / "2.0.0")
    follower.follow()
    assert titles(told(bench)) == ("1.0.0", None, [])
    assert told(bench).deployment_id == 3
    assert follower.problem is not None


def test_another_content_under_the_same_version_is_refused(
    bench: Bench, follower: Follower, store: ArtefactStore, linear_artefact: Artefact
) -> None:
    """What was decided on is served, or nothing new is."""
    decide(bench, "live", linear_artefact, digest="0" * 64)
    follower.follow()
    assert not bench.settings.deployment_file.exists()
    assert "000000000000… was deployed" in (follower.problem or "")


def test_a_cache_that_was_cleaned_is_filled_again(
    bench: Bench, follower: Follower, store: ArtefactStore, linear_artefact: Artefact
) -> None:
    """Nobody is sent to a folder that is gone."""
    decide(bench, "live", linear_artefact)
    follower.follow()
    shutil.rmtree(bench.settings.cache_dir)
    decide(bench, "live", linear_artefact)
    follower.follow()
    live = told(bench).live
    assert live is not None
    assert (Path(live.folder) / "manifest.json").exists()


def test_a_folder_that_was_damaged_is_fetched_again(
    bench: Bench, follower: Follower, store: ArtefactStore, linear_artefact: Artefact
) -> None:
    """Verified once is not verified for ever."""
    decide(bench, "live", linear_artefact)
    follower.follow()
    live = told(bench).live
    assert live is not None
    (Path(live.folder) / "card.md").write_text("changed")
    decide(bench, "live", linear_artefact)
    follower.follow()
    assert told(bench).deployment_id == 2
    assert open_artefact(Path(live.folder)).digest == live.digest
    assert follower.problem is None


def test_only_what_is_vetted_and_signed_is_brought_to_the_workers(
    bench: Bench, linear_artefact: Artefact, boosting_artefact: Artefact, tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:  # fmt: skip
    """Live and shadow alike; a signature that comes later is seen by itself."""
    monkeypatch.setattr("understudy.agent.follower._RETRY_S", 0.0)
    private, public = make_keys(tmp_path / "mine")
    folders = [
        shutil.copytree(artefact.folder, tmp_path / artefact.folder.name)
        for artefact in (linear_artefact, boosting_artefact)
    ]
    live, shadow = map(open_artefact, folders)
    store = ArtefactStore(bench.settings.artefacts_url)
    store.push(live)
    store.push(shadow)
    follower = Follower(replace(bench.settings, trusted_keys=public), bench.engine, bench.seen)
    decide(bench, "live", live)
    decide(bench, "shadow", shadow)
    follower.follow()
    assert not bench.settings.deployment_file.exists()
    assert "tiny-houses:1.0.0 is not trusted: it is not signed" in (follower.problem or "")
    sign(live.folder, private)
    store.push(live)
    follower.follow()
    assert titles(told(bench)) == ("1.0.0", None, [])
    assert "tiny-houses:2.0.0 is not trusted" in (follower.problem or "")
    sign(shadow.folder, private)
    store.push(shadow)
    follower.follow()
    assert titles(told(bench)) == ("1.0.0", None, ["2.0.0"])
    assert follower.problem is None


def test_a_key_that_is_trusted_no_more_ends_a_way_back(
    bench: Bench, linear_artefact: Artefact, boosting_artefact: Artefact, tmp_path: Path
) -> None:
    """What was brought before is asked again; signed with another key, it comes from the store."""
    keys = {name: make_keys(tmp_path / name)[0] for name in ("old", "new")}
    trusted = tmp_path / "trusted"
    trusted.mkdir()
    for name in keys:
        shutil.copy(tmp_path / f"{name}.pub", trusted)
    first, second = (
        open_artefact(shutil.copytree(artefact.folder, tmp_path / artefact.folder.name))
        for artefact in (linear_artefact, boosting_artefact)
    )
    store = ArtefactStore(bench.settings.artefacts_url)
    for artefact, name in ((first, "old"), (second, "new")):
        sign(artefact.folder, keys[name])
        store.push(artefact)
    follower = Follower(replace(bench.settings, trusted_keys=trusted), bench.engine, bench.seen)
    for artefact in (first, second):
        decide(bench, "live", artefact)
        follower.follow()
    assert titles(told(bench)) == ("2.0.0", "1.0.0", [])
    (trusted / "old.pub").unlink()
    decide(bench, "rollback")
    follower.follow()
    assert titles(told(bench)) == ("2.0.0", "1.0.0", [])
    assert "tiny-houses:1.0.0 is not trusted" in (follower.problem or "")
    sign(first.folder, keys["new"])
    store.push(first)
    decide(bench, "live", first)
    follower.follow()
    assert titles(told(bench)) == ("1.0.0", "2.0.0", [])


def test_a_model_that_no_gate_let_through_is_not_brought(
    bench: Bench, linear_artefact: Artefact, tmp_path: Path
) -> None:
    """Whoever recorded the deployment, and however."""
    folder = shutil.copytree(linear_artefact.folder, tmp_path / "unvetted")
    write_manifest(replace(linear_artefact.manifest, gates=()), folder)
    unvetted = open_artefact(folder)
    ArtefactStore(bench.settings.artefacts_url).push(unvetted)
    follower = Follower(bench.settings, bench.engine, bench.seen)
    decide(bench, "live", unvetted)
    follower.follow()
    assert not bench.settings.deployment_file.exists()
    assert "no gate has looked at it" in (follower.problem or "")


def test_a_broken_deployment_file_is_written_anew(
    bench: Bench, store: ArtefactStore, linear_artefact: Artefact
) -> None:
    """The record in Postgres is what counts; a file whose folder is gone counts nothing."""
    bench.settings.data_dir.mkdir(exist_ok=True)
    bench.settings.deployment_file.write_text("{")
    follower = Follower(bench.settings, bench.engine, bench.seen)
    decide(bench, "live", linear_artefact)
    follower.follow()
    assert titles(told(bench)) == ("1.0.0", None, [])
    shutil.rmtree(bench.settings.cache_dir)
    assert Follower(bench.settings, bench.engine, bench.seen).manifests == ()


def test_without_postgres_the_old_file_stays(
    bench: Bench, follower: Follower, store: ArtefactStore, linear_artefact: Artefact
) -> None:
    """A restart of the agent during an outage takes nothing away from the workers."""
    decide(bench, "live", linear_artefact)
    follower.follow()
    gone = replace(bench.settings, database_url="postgresql://nobody@/no?host=/nonexistent")
    engine = connect(gone.database_url or "")
    lost = Follower(gone, engine, bench.seen)
    with pytest.raises(LogUnavailable):
        lost.follow()
    assert titles(told(bench)) == ("1.0.0", None, [])
    assert len(lost.manifests) == 1
    engine.dispose()


@pytest.fixture
def broken(monkeypatch: pytest.MonkeyPatch) -> Iterator[threading.Event]:
    """Let following fail in a way that nobody has thought of, until the event is set."""
    healed = threading.Event()
    follow = Follower.follow

    def fail(self: Follower) -> None:
        if not healed.is_set():
            raise ZeroDivisionError("nobody has thought of this")
        follow(self)

    monkeypatch.setattr(Follower, "follow", fail)
    monkeypatch.setattr("understudy.agent.follower._RETRY_S", 0.01)
    yield healed
    healed.set()


def test_nothing_ends_the_following(
    bench: Bench, store: ArtefactStore, linear_artefact: Artefact, broken: threading.Event
) -> None:
    """An unexpected error is logged, and the agent looks again."""
    decide(bench, "live", linear_artefact)
    with bench.agent():
        writer = bench.writer(served())
        until(lambda: bench.seen.of(Shipped))  # shipping does not care
        assert not bench.settings.deployment_file.exists()
        broken.set()
        until(bench.settings.deployment_file.exists)
        writer.close()


def test_the_whole_agent_follows_and_counts_inputs(
    bench: Bench, store: ArtefactStore, linear_artefact: Artefact
) -> None:
    """A decision is in the file within a second; what is served then is counted."""
    with bench.agent():
        decide(bench, "live", linear_artefact)
        until(lambda: bench.settings.deployment_file.exists() and told(bench).live, seconds=10)
        writer = bench.writer(served(instances=3))
        until(lambda: bench.seen.of(Shipped))
        (counts,) = bench.seen.of(Shipped)[0].inputs
        assert (counts.version, counts.instances) == ("1.0.0", 3)
        assert counts.features["frontage"].missing == 3
        assert counts.features["area"].out_of_range == 3
        writer.close()


def test_a_worker_hears_of_it_through_its_spool(
    bench: Bench, store: ArtefactStore, boosting_artefact: Artefact
) -> None:
    """Whoever waits for the workers sees why they do not change."""
    shutil.rmtree(Path(bench.settings.artefacts_url))
    writer = bench.writer()
    with bench.agent():
        decide(bench, "live", boosting_artefact)
        until(lambda: "not in the artefact store" in str(bench.ask("SELECT problem FROM spool")))
    writer.close()


def test_a_capture_policy_is_followed_like_a_deployment(
    bench: Bench, follower: Follower, store: ArtefactStore, linear_artefact: Artefact
) -> None:
    """With a number of its own, by which the workers say that they have it."""
    decide(bench, "live", linear_artefact)
    follower.follow()
    assert (told(bench).capture, follower.capture) == (None, None)
    policy = CapturePolicy.from_json({"default": "drop", "fields": {"area": {"bucket": [1, 2.5]}}})
    with bench.engine.begin() as connection:
        change_capture(connection, ENDPOINT, policy, "ann", "so")
    follower.follow()
    found = told(bench)
    assert (found.deployment_id, found.capture) == (2, Capture(2, policy))
    assert titles(found) == ("1.0.0", None, [])
    assert Follower(bench.settings, bench.engine, bench.seen).capture == Capture(2, policy)
