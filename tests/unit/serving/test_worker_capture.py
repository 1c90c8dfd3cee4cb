"""What a worker records where a capture policy stands."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import cast

import pytest

from tests.tiny import make_instances
from tests.unit.serving.conftest import deployed
from tests.unit.serving.workers import status, with_worker
from understudy.artefacts.artefact import Artefact
from understudy.capture import Capture, CapturePolicy
from understudy.errors import ScoringFailed
from understudy.serving import deployment_file
from understudy.serving.capture_key import make_key
from understudy.serving.engines import Engine, Predictions
from understudy.serving.spool_reader import SpoolReader, SpoolStatus
from understudy.serving.worker import Worker
from understudy.settings import Settings

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
