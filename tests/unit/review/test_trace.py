"""An answer is followed to the very content that gave it, and to no other."""

import json
import shutil
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import pytest

from understudy.artefacts.artefact import Artefact, open_artefact
from understudy.artefacts.manifest import write_manifest
from understudy.artefacts.store import ArtefactStore
from understudy.log.lineage import Answerer
from understudy.log.predictions import LivePrediction, RecordedRequest
from understudy.log.roles import DeploymentRow
from understudy.review.answer import Answer
from understudy.review.trace import trace

NOW = datetime(2026, 1, 2, tzinfo=UTC)
VERSION = ("tiny-houses", "1.0.0")
REQUEST = RecordedRequest(
    "r", None, *VERSION, 2, NOW, NOW, [LivePrediction(0, {"area": 1.0}, 2.0, 2.0, None)], [], []
)


def _answer(digest: str) -> Answer:
    row = DeploymentRow(2, NOW, "ada", "", "live", *VERSION, digest)
    return Answer(REQUEST, Answerer(row, 2), {VERSION: digest})


@pytest.fixture
def store(tmp_path: Path, linear_artefact: Artefact) -> ArtefactStore:
    """A store that holds tiny-houses:1.0.0."""
    store = ArtefactStore(str(tmp_path / "store"))
    store.push(linear_artefact)
    return store


def test_an_answer_leads_to_its_artefact(
    store: ArtefactStore, tmp_path: Path, linear_artefact: Artefact
) -> None:
    """The manifest is that which answered, and all of it is ready for programs."""
    found = trace(_answer(linear_artefact.digest), "houses", store, tmp_path / "cache")
    assert found.problem is None
    content = json.loads(json.dumps(found.to_json(), default=str))
    assert content["digest"] == linear_artefact.digest
    assert content["artefact"]["manifest"]["training"]["rows"] == 220
    assert content["artefact"]["provenance"]["packaged_by"]
    assert content["deployment"]["who"] == "ada"
    assert content["endpoint"] == "houses"


def test_an_answer_without_its_decision_is_followed_by_what_was_deployed(
    store: ArtefactStore, tmp_path: Path, linear_artefact: Artefact
) -> None:
    """The version never had another content, so it was this one."""
    answer = Answer(REQUEST, None, {VERSION: linear_artefact.digest})
    found = trace(answer, "houses", store, tmp_path / "cache")
    assert found.dossier is not None
    assert found.to_json()["deployment"] is None


def test_of_two_contents_none_is_guessed(store: ArtefactStore, tmp_path: Path) -> None:
    """A story about the wrong model is worse than none."""
    found = trace(Answer(REQUEST, None, {}), "houses", store, tmp_path / "cache")
    assert found.dossier is None
    assert found.problem is not None
    assert "more than one content" in found.problem
    assert found.to_json()["artefact"] is None


def test_other_content_under_the_same_version_is_not_mistaken_for_it(
    store: ArtefactStore, tmp_path: Path
) -> None:
    """Somebody made the store anew: the digests differ, and that is said."""
    found = trace(_answer("0" * 64), "houses", store, tmp_path / "cache")
    assert found.dossier is None
    assert found.problem is not None
    assert "000000000000… answered" in found.problem


def test_what_the_store_lost_this_machine_may_have(
    tmp_path: Path, linear_artefact: Artefact
) -> None:
    """The copy of an earlier time has the same digest, so it tells the same."""
    empty, cache = ArtefactStore(str(tmp_path / "empty")), tmp_path / "cache"
    lost = trace(_answer(linear_artefact.digest), "houses", empty, cache)
    assert lost.dossier is None
    assert lost.problem is not None
    assert "is not in the artefact store" in lost.problem
    store = ArtefactStore(str(tmp_path / "store"))
    store.push(linear_artefact)
    store.pull(*VERSION, cache)
    found = trace(_answer(linear_artefact.digest), "houses", empty, cache)
    assert found.dossier is not None
    assert found.problem is not None
    assert "the copy that this machine fetched earlier" in found.problem


def test_the_copy_stands_in_for_changed_content_too(
    tmp_path: Path, linear_artefact: Artefact
) -> None:
    """The store holds another model under the version, this machine still the one that answered."""
    cache = tmp_path / "cache"
    before = ArtefactStore(str(tmp_path / "before"))
    before.push(linear_artefact)
    before.pull(*VERSION, cache)
    shutil.copytree(linear_artefact.folder, tmp_path / "other")
    write_manifest(replace(linear_artefact.manifest, description="other"), tmp_path / "other")
    after = ArtefactStore(str(tmp_path / "after"))
    after.push(open_artefact(tmp_path / "other"))
    found = trace(_answer(linear_artefact.digest), "houses", after, cache)
    assert found.dossier is not None
    assert found.dossier.manifest == linear_artefact.manifest
    assert found.problem is not None
    assert "The store holds tiny-houses:1.0.0 with the digest" in found.problem


def test_what_another_part_of_this_machine_fetched_is_found_and_left_alone(
    linear_artefact: Artefact, tmp_path: Path
) -> None:
    """The agent has the very content; a trace reads it there, and writes only into its own."""
    store = ArtefactStore(str(tmp_path / "empty"))
    digest = linear_artefact.digest
    place = tmp_path / "agent" / f"tiny-houses-1.0.0-{digest[:12]}"
    shutil.copytree(linear_artefact.folder, place)
    places = tmp_path / "mine", tmp_path / "agent"
    found = trace(_answer(digest), "houses", store, *places)
    assert found.dossier is not None
    assert found.dossier.manifest.digest == digest
    (place / "card.md").write_text("changed")
    assert trace(_answer(digest), "houses", store, *places).dossier is None
    assert (place / "card.md").read_text() == "changed"
