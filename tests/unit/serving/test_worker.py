"""A worker follows the deployment file and never serves something half-changed."""

import asyncio
import shutil
import sqlite3
import time
from collections.abc import Awaitable, Callable, Mapping, Sequence
from contextlib import closing
from dataclasses import replace
from pathlib import Path
from typing import cast

import pytest

from tests.tiny import make_instances
from tests.unit.serving.conftest import deployed, placed
from understudy.artefacts.artefact import Artefact, open_artefact
from understudy.artefacts.manifest import write_manifest
from understudy.artefacts.signature import make_keys, sign
from understudy.capture import Capture, CapturePolicy
from understudy.errors import ArtefactInvalid, NoLiveModel, ScoringFailed, SpoolFull
from understudy.serving import deployment_file
from understudy.serving.capture_key import make_key
from understudy.serving.engines import Engine, Predictions
from understudy.serving.spool_reader import SpoolReader, SpoolStatus, set_aside
from understudy.serving.worker import Worker
from understudy.settings import Settings


def with_worker(settings: Settings, act: Callable[[Worker], Awaitable[None]]) -> None:
    """Run a worker's life around the act."""

    async def live() -> None:
        worker = Worker(settings)
        await worker.start()
        try:
            await act(worker)
        finally:
            await worker.stop()

    asyncio.run(live())


def status(settings: Settings) -> SpoolStatus:
    """Return what the one worker tells the agent."""
    (path,) = SpoolReader.all_in(settings.spool_dir)
    with SpoolReader(path) as reader:
        return reader.status()


def answering(settings: Settings) -> list[tuple[str, int | None]]:
    """Return which deployment answered each request that waits to be shipped."""
    (path,) = SpoolReader.all_in(settings.spool_dir)
    with SpoolReader(path) as reader:
        return [(request.request_id, request.deployment_id) for request in reader.read(0, 100)]


def test_a_worker_without_a_deployment_is_alive_but_not_ready(settings: Settings) -> None:
    """Before the first deployment there is no model, and the error says what to do."""

    async def act(worker: Worker) -> None:
        assert not worker.is_ready
        with pytest.raises(NoLiveModel, match="understudy deploy"):
            _ = worker.generation

    with_worker(settings, act)


def test_a_new_deployment_replaces_the_generation(
    settings: Settings, linear_artefact: Artefact, boosting_artefact: Artefact
) -> None:
    """The file changes, the worker serves the new version and tells the agent so."""

    async def act(worker: Worker) -> None:
        deployment_file.write(settings.deployment_file, deployed(1, linear_artefact))
        await worker.follow_once()
        old = worker.generation
        assert old.title == "tiny-houses:1.0.0"
        assert status(settings) == SpoolStatus(1, None, 0)
        promoted = replace(deployed(2, boosting_artefact), previous=placed(linear_artefact))
        deployment_file.write(settings.deployment_file, promoted)
        await worker.follow_once()
        assert worker.generation.title == "tiny-houses:2.0.0"
        assert status(settings).deployment_id == 2
        # A request that was accepted by the old generation is still answered by it.
        predictions = await worker.predict(old, "r1", None, make_instances(1))
        assert predictions.outputs == old.engine.predict(make_instances(1)).outputs
        await worker.predict(worker.generation, "r2", None, make_instances(1))
        assert answering(settings) == [("r1", 1), ("r2", 2)]
        back = replace(deployed(3, linear_artefact), previous=placed(boosting_artefact))
        deployment_file.write(settings.deployment_file, back)
        await worker.follow_once()
        assert worker.generation.engine is old.engine

    with_worker(settings, act)


def test_a_broken_artefact_leaves_the_old_generation(
    settings: Settings, linear_artefact: Artefact, boosting_artefact: Artefact, tmp_path: Path
) -> None:
    """A version with a changed file is refused, the old one serves on, and the reason is told."""
    broken = tmp_path / "broken"
    shutil.copytree(boosting_artefact.folder, broken)
    (broken / "card.md").write_text("changed")

    async def act(worker: Worker) -> None:
        deployment_file.write(settings.deployment_file, deployed(1, linear_artefact))
        await worker.follow_once()
        spoiled = replace(placed(boosting_artefact), folder=str(broken))
        deployment_file.write(
            settings.deployment_file, replace(deployed(2, boosting_artefact), live=spoiled)
        )
        await worker.follow_once()
        assert worker.generation.title == "tiny-houses:1.0.0"
        said = status(settings)
        assert said.deployment_id == 1
        assert said.problem is not None
        assert "card.md" in said.problem

    with_worker(settings, act)


def test_another_artefact_than_the_one_deployed_is_not_served(
    settings: Settings, linear_artefact: Artefact, boosting_artefact: Artefact
) -> None:
    """Whole as it may be, it is not what somebody decided on."""
    swapped = replace(placed(linear_artefact), folder=str(boosting_artefact.folder))

    async def act(worker: Worker) -> None:
        deployment_file.write(
            settings.deployment_file, replace(deployed(1, linear_artefact), live=swapped)
        )
        await worker.follow_once()
        assert not worker.is_ready
        assert "was deployed" in (status(settings).problem or "")

    with_worker(settings, act)


def test_a_model_that_no_gate_let_through_is_not_served(
    settings: Settings, linear_artefact: Artefact, tmp_path: Path
) -> None:
    """However it got into the deployment file."""
    folder = tmp_path / "unvetted"
    shutil.copytree(linear_artefact.folder, folder)
    write_manifest(replace(linear_artefact.manifest, gates=()), folder)
    unvetted = open_artefact(folder)

    async def act(worker: Worker) -> None:
        deployment_file.write(settings.deployment_file, deployed(1, unvetted))
        await worker.follow_once()
        assert not worker.is_ready
        assert "no gate has looked at it" in (status(settings).problem or "")

    with_worker(settings, act)


def test_what_is_served_changes_with_the_keys_that_are_trusted(
    settings: Settings, linear_artefact: Artefact, boosting_artefact: Artefact, tmp_path: Path
) -> None:
    """A worker sees keys come and go, without a restart and without a new deployment."""
    folders = [
        shutil.copytree(artefact.folder, tmp_path / artefact.folder.name)
        for artefact in (linear_artefact, boosting_artefact)
    ]
    old, new = map(open_artefact, folders)
    private, public = make_keys(tmp_path / "mine")
    trusted = tmp_path / "trusted"
    trusted.mkdir()
    asking = replace(settings, trusted_keys=trusted)

    async def act(worker: Worker) -> None:
        deployment_file.write(settings.deployment_file, deployed(1, old))
        await worker.follow_once()
        assert not worker.is_ready
        assert "holds no public key" in (status(settings).problem or "")
        sign(old.folder, private)
        shutil.copy(public, trusted)
        await worker.follow_once()
        assert worker.generation.title == "tiny-houses:1.0.0"
        deployment_file.write(
            settings.deployment_file, replace(deployed(2, new), previous=placed(old))
        )
        await worker.follow_once()
        assert worker.generation.title == "tiny-houses:1.0.0"
        assert "tiny-houses:2.0.0 is not trusted" in (status(settings).problem or "")
        shutil.copy(make_keys(tmp_path / "other")[1], trusted)
        (trusted / "mine.pub").unlink()
        deployment_file.write(settings.deployment_file, deployed(3, old))
        await worker.follow_once()
        # It is loaded, and goes on answering; but it would not be taken into service today.
        assert worker.generation.deployment_id == 1
        assert "trusted are" in (status(settings).problem or "")

    with_worker(asking, act)


def test_a_key_that_is_written_anew_in_place_is_noticed(
    settings: Settings, linear_artefact: Artefact, tmp_path: Path
) -> None:
    """A worker that refused looks again, though the folder of the keys is the same as before."""
    folder = shutil.copytree(linear_artefact.folder, tmp_path / "signed")
    private, public = make_keys(tmp_path / "mine")
    sign(folder, private)
    trusted = tmp_path / "trusted"
    trusted.mkdir()
    shutil.copy(make_keys(tmp_path / "stranger")[1], trusted / "release.pub")

    async def act(worker: Worker) -> None:
        deployment_file.write(settings.deployment_file, deployed(1, open_artefact(folder)))
        await worker.follow_once()
        assert "trusted are" in (status(settings).problem or "")
        before = trusted.stat().st_mtime_ns
        (trusted / "release.pub").write_bytes(public.read_bytes())
        assert trusted.stat().st_mtime_ns == before
        await worker.follow_once()
        assert worker.generation.title == "tiny-houses:1.0.0"

    with_worker(replace(settings, trusted_keys=trusted), act)


def test_a_folder_of_keys_that_is_gone_is_told_and_its_return_noticed(
    settings: Settings, linear_artefact: Artefact, tmp_path: Path
) -> None:
    """A single key file as well as a folder with a link that leads nowhere."""
    folder = shutil.copytree(linear_artefact.folder, tmp_path / "signed")
    private, public = make_keys(tmp_path / "mine")
    sign(folder, private)
    key, lost = tmp_path / "release.pub", tmp_path / "lost"

    async def act(worker: Worker) -> None:
        deployment_file.write(settings.deployment_file, deployed(1, open_artefact(folder)))
        await worker.follow_once()
        assert "cannot be used" in (status(settings).problem or "")
        key.mkdir()
        (key / "link.pub").symlink_to(lost)
        await worker.follow_once()
        assert not worker.is_ready
        shutil.copy(public, lost)
        await worker.follow_once()
        assert worker.is_ready

    with_worker(replace(settings, trusted_keys=key), act)


def test_a_previous_model_that_cannot_be_kept_does_not_stop_the_new_one(
    settings: Settings, linear_artefact: Artefact, boosting_artefact: Artefact, tmp_path: Path
) -> None:
    """Only the rollback would be slower; the deployment itself goes on."""
    gone = replace(placed(linear_artefact), folder=str(tmp_path / "gone"), digest="0" * 64)

    async def act(worker: Worker) -> None:
        deployment_file.write(
            settings.deployment_file, replace(deployed(2, boosting_artefact), previous=gone)
        )
        await worker.follow_once()
        assert worker.generation.title == "tiny-houses:2.0.0"

    with_worker(settings, act)


def test_the_worker_notices_a_change_by_itself(
    settings: Settings, linear_artefact: Artefact
) -> None:
    """Nobody has to tell a worker that the file was replaced."""

    async def act(worker: Worker) -> None:
        deployment_file.write(settings.deployment_file, deployed(1, linear_artefact))
        async with asyncio.timeout(5):
            while not worker.is_ready:
                await asyncio.sleep(0.01)

    with_worker(settings, act)


def test_a_spoilt_file_is_told_and_survived(settings: Settings, linear_artefact: Artefact) -> None:
    """A deployment file that nobody can read changes nothing."""

    async def act(worker: Worker) -> None:
        deployment_file.write(settings.deployment_file, deployed(1, linear_artefact))
        await worker.follow_once()
        settings.deployment_file.write_text("{")
        await worker.follow_once()
        assert worker.generation.title == "tiny-houses:1.0.0"
        assert "is not JSON" in (status(settings).problem or "")

    with_worker(settings, act)


def test_a_worker_whose_deployments_cannot_be_read_yet_comes_to_them(
    settings: Settings, linear_artefact: Artefact
) -> None:
    """It starts, is not ready, and is as soon as whatever was in the way is gone."""
    settings.deployment_file.mkdir(parents=True)

    async def act(worker: Worker) -> None:
        assert not worker.is_ready
        settings.deployment_file.rmdir()
        deployment_file.write(settings.deployment_file, deployed(1, linear_artefact))
        async with asyncio.timeout(5):
            while not worker.is_ready:
                await asyncio.sleep(0.01)

    with_worker(settings, act)


def test_nothing_live_means_not_ready(settings: Settings, linear_artefact: Artefact) -> None:
    """A deployment of shadows alone serves nobody."""

    async def act(worker: Worker) -> None:
        deployment_file.write(settings.deployment_file, deployed(1, linear_artefact))
        await worker.follow_once()
        deployment_file.write(
            settings.deployment_file, replace(deployed(2, linear_artefact), live=None)
        )
        await worker.follow_once()
        assert not worker.is_ready

    with_worker(settings, act)


def test_what_a_shadow_needs_is_accepted_and_stays_optional(
    settings: Settings, linear_artefact: Artefact, binary_artefact: Artefact
) -> None:
    """The contract is the live model's, plus the shadow's further features as optional ones."""

    async def act(worker: Worker) -> None:
        deployment_file.write(
            settings.deployment_file, deployed(1, linear_artefact, binary_artefact)
        )
        await worker.follow_once()
        known = {field.name for field in linear_artefact.manifest.input_schema.fields}
        shadow = {field.name for field in binary_artefact.manifest.input_schema.features}
        assert {field.name for field in worker.generation.extra} == shadow - known
        worker.generation.validator.accept({"instances": make_instances(1)})

    with_worker(settings, act)


def test_a_damaged_shadow_does_not_keep_the_live_model_out_of_service(
    settings: Settings, linear_artefact: Artefact, tmp_path: Path
) -> None:
    """What such a shadow needs beyond the contract is unknown; the live model needs none of it."""
    damaged = tmp_path / "damaged"
    damaged.mkdir()
    (damaged / "manifest.json").write_text("{")
    shadow = replace(placed(linear_artefact), version="9.0.0", folder=str(damaged))

    async def act(worker: Worker) -> None:
        deployment_file.write(
            settings.deployment_file, replace(deployed(1, linear_artefact), shadows=(shadow,))
        )
        await worker.follow_once()
        assert worker.generation.title == "tiny-houses:1.0.0"
        assert worker.generation.extra == ()

    with_worker(settings, act)


@pytest.mark.parametrize("content", ["[]", "{}", '{"deployment_id": 1}', "nonsense"])
def test_only_a_whole_deployment_file_is_read(tmp_path: Path, content: str) -> None:
    """Anything else is refused with the file's name."""
    path = tmp_path / "deployments.json"
    path.write_text(content)
    with pytest.raises(ArtefactInvalid, match=r"deployments\.json"):
        deployment_file.read(path)


def test_a_failed_write_leaves_no_litter(tmp_path: Path, linear_artefact: Artefact) -> None:
    """The temporary file goes when the content cannot be written."""
    spoilt = replace(deployed(1, linear_artefact), endpoint={1, 2})  # type: ignore[arg-type]
    with pytest.raises(TypeError):
        deployment_file.write(tmp_path / "deployments.json", spoilt)
    assert list(tmp_path.iterdir()) == []


PLANTED = "Adalina-Nowhere"
CAPTURE = Capture(2, CapturePolicy.from_json({"fields": {"agent": "hash", "sold": "drop"}}))


def recorded(settings: Settings) -> list[dict[str, object]]:
    """Return the instances that wait to be shipped."""
    (path,) = SpoolReader.all_in(settings.spool_dir)
    with SpoolReader(path) as reader:
        return [dict(one) for request in reader.read(0, 100) for one in request.instances]


def test_what_the_capture_policy_redacts_never_reaches_the_spool(
    settings: Settings, linear_artefact: Artefact
) -> None:
    """From the deployment on that brings it; the model is asked what was sent all the same."""
    make_key(settings.capture_key_file)
    asked = [{**make_instances(1)[0], "agent": PLANTED, "sold": 2010}]

    async def act(worker: Worker) -> None:
        deployment_file.write(settings.deployment_file, deployed(1, linear_artefact))
        await worker.follow_once()
        assert not worker.is_private
        before = await worker.predict(worker.generation, "r1", None, asked)
        told = replace(deployed(2, linear_artefact), capture=CAPTURE)
        deployment_file.write(settings.deployment_file, told)
        await worker.follow_once()
        assert worker.is_private
        assert status(settings) == SpoolStatus(2, None, 0)
        after = await worker.predict(worker.generation, "r2", None, asked)
        assert after.outputs == before.outputs
        kept = recorded(settings)
        assert kept[0] == asked[0]
        assert "sold" not in kept[1]
        assert str(kept[1]["agent"]).startswith("hash:")
        assert asked[0]["agent"] == PLANTED

    with_worker(settings, act)


def test_a_worker_without_the_key_says_so_and_follows_once_it_is_there(
    settings: Settings, linear_artefact: Artefact
) -> None:
    """It does not claim to serve the deployment that brings the policy, so nobody is deceived."""

    async def act(worker: Worker) -> None:
        deployment_file.write(settings.deployment_file, deployed(1, linear_artefact))
        await worker.follow_once()
        told = replace(deployed(2, linear_artefact), capture=CAPTURE)
        deployment_file.write(settings.deployment_file, told)
        await worker.follow_once()
        said = status(settings)
        assert said.deployment_id == 1
        assert "UNDERSTUDY_CAPTURE_KEY" in (said.problem or "")
        make_key(settings.capture_key_file)
        await worker.follow_once()
        assert status(settings) == SpoolStatus(2, None, 0)

    with_worker(settings, act)


def test_a_worker_that_starts_without_the_key_records_nothing(
    settings: Settings, linear_artefact: Artefact
) -> None:
    """There is no earlier generation to go on with."""
    told = replace(deployed(2, linear_artefact), capture=CAPTURE)
    deployment_file.write(settings.deployment_file, told)

    async def act(worker: Worker) -> None:
        assert not worker.is_ready
        assert worker.is_private

    with_worker(settings, act)


def test_a_models_words_are_not_logged_beside_a_capture_policy(
    settings: Settings, linear_artefact: Artefact, caplog: pytest.LogCaptureFixture
) -> None:
    """They may quote what was asked."""
    make_key(settings.capture_key_file)

    class Gossip:
        """An engine that raises what it was asked."""

        def predict(self, instances: Sequence[Mapping[str, object]]) -> Predictions:
            raise ValueError(f"cannot make sense of {instances}")

    async def act(worker: Worker) -> None:
        asked = [{**make_instances(1)[0], "agent": PLANTED}]
        for number, capture in ((1, None), (2, CAPTURE)):
            told = replace(deployed(number, linear_artefact), capture=capture)
            deployment_file.write(settings.deployment_file, told)
            await worker.follow_once()
            broken = replace(worker.generation, engine=cast(Engine, Gossip()))
            caplog.clear()
            with pytest.raises(ScoringFailed):
                await worker.predict(broken, "r", None, asked)
            assert (PLANTED in caplog.text) is (capture is None)
            assert "cannot answer" in caplog.text

    with_worker(settings, act)


@pytest.mark.parametrize("damage", ["set aside", "malformed"])
def test_a_worker_goes_on_in_a_new_spool(
    settings: Settings, linear_artefact: Artefact, damage: str
) -> None:
    """The old one is damaged: what is answered a moment later is recorded where the agent looks."""

    async def act(worker: Worker) -> None:
        deployment_file.write(settings.deployment_file, deployed(7, linear_artefact))
        await worker.follow_once()
        (old,) = SpoolReader.all_in(settings.spool_dir)
        await worker.predict(worker.generation, "r1", None, make_instances(1))
        if damage == "set aside":
            set_aside(old)
        else:
            with closing(sqlite3.connect(old)) as db:
                db.execute("PRAGMA wal_checkpoint(TRUNCATE)")
            with old.open("r+b") as file:
                file.seek(4096)
                file.write(b"\xff" * (old.stat().st_size - 4096))
        deadline = time.monotonic() + 20
        asked = 1
        while not set(SpoolReader.all_in(settings.spool_dir)) - {old}:
            assert time.monotonic() < deadline
            asked += 1
            await worker.predict(worker.generation, f"r{asked}", None, make_instances(1))
            await asyncio.sleep(0.05)
        await worker.predict(worker.generation, "last", None, make_instances(1))
        (new,) = (path for path in SpoolReader.all_in(settings.spool_dir) if path != old)
        with SpoolReader(new) as reader:
            assert ("last", 7) in [(r.request_id, r.deployment_id) for r in reader.read(0, 100)]
            assert reader.status().deployment_id == 7

    with_worker(settings, act)


@pytest.fixture
def without_room(settings: Settings, linear_artefact: Artefact) -> Settings:
    """Settings of a worker that has a model, and less room than an empty spool needs."""
    deployment_file.write(settings.deployment_file, deployed(7, linear_artefact))
    return replace(settings, max_spool_bytes=4096)


def test_a_worker_without_room_for_a_spool_answers_and_counts(
    settings: Settings, without_room: Settings, caplog: pytest.LogCaptureFixture
) -> None:
    """It starts all the same, and tells what it lost as soon as it can make a spool."""

    async def act(worker: Worker) -> None:
        await worker.predict(worker.generation, "lost", None, make_instances(3))
        assert "No spool can be made" in caplog.text
        object.__setattr__(without_room, "max_spool_bytes", settings.max_spool_bytes)
        deadline = time.monotonic() + 20
        while not list(without_room.spool_dir.glob("*.spool")):
            assert time.monotonic() < deadline
            await asyncio.sleep(0.05)
        await worker.predict(worker.generation, "kept", None, make_instances(1))
        assert answering(without_room) == [("kept", 7)]
        assert status(without_room) == SpoolStatus(7, None, 3)

    with_worker(without_room, act)
    assert caplog.text.count("No spool can be made") == 1


def test_a_worker_that_never_finds_room_says_what_it_lost(
    without_room: Settings, caplog: pytest.LogCaptureFixture
) -> None:
    """In its last words: there is nowhere else to count."""

    async def act(worker: Worker) -> None:
        await worker.predict(worker.generation, "lost", None, make_instances(3))

    with_worker(without_room, act)
    assert "3 instances were answered without a record, and no spool" in caplog.text


def test_without_room_for_a_spool_strict_answers_nobody(without_room: Settings) -> None:
    """An answer that cannot be recorded is none."""

    async def act(worker: Worker) -> None:
        with pytest.raises(SpoolFull, match="no spool to record it in"):
            await worker.predict(worker.generation, "r", None, make_instances(3))

    with_worker(replace(without_room, spool_policy="strict"), act)
