"""A worker follows the deployment file and never serves something half-changed."""

import asyncio
import shutil
from dataclasses import replace
from pathlib import Path

import pytest

from tests.tiny import make_instances
from tests.unit.serving.conftest import deployed, placed
from tests.unit.serving.workers import answering, status, with_worker
from understudy.artefacts.artefact import Artefact, open_artefact
from understudy.artefacts.manifest import write_manifest
from understudy.artefacts.signature import make_keys, sign
from understudy.errors import NoLiveModel
from understudy.serving import deployment_file
from understudy.serving.spool_reader import SpoolStatus
from understudy.serving.worker import Worker
from understudy.settings import Settings


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
