"""GET /v1/models: what is known of the versions, each for itself."""

import json
from pathlib import Path

import httpx
import pytest

from understudy.artefacts.artefact import Artefact
from understudy.artefacts.store import ArtefactStore
from understudy.settings import Settings


def test_a_version_is_told_whole(
    api: httpx.Client, store: ArtefactStore, linear_artefact: Artefact
) -> None:
    """Manifest, gates, card and provenance, as the artefact has them."""
    store.push(linear_artefact)
    found = api.get("/v1/models/tiny-houses/1.0.0").json()
    assert found["digest"] == linear_artefact.digest
    assert found["manifest"] == json.loads((linear_artefact.folder / "manifest.json").read_bytes())
    assert found["gates"] == found["manifest"]["gates"] != []
    assert found["waivers"] == []
    assert found["card"] == (linear_artefact.folder / "card.md").read_text()
    assert found["provenance"] == linear_artefact.provenance()
    assert (found["signed_by"], found["problem"]) == (None, None)


def test_the_archive_is_fetched_once(
    api: httpx.Client, store: ArtefactStore, options: Settings, linear_artefact: Artefact
) -> None:
    """Asked again, the copy of the first time answers; the folders of the workers stay alone."""
    store.push(linear_artefact)
    first = api.get("/v1/models/tiny-houses/1.0.0").json()
    assert not options.cache_dir.exists()
    (folder,) = options.reading_dir.glob("tiny-houses-1.0.0-*")
    made = folder.stat().st_mtime_ns
    assert api.get("/v1/models/tiny-houses/1.0.0").json() == first
    assert folder.stat().st_mtime_ns == made


def test_a_version_whose_archive_is_gone_is_told_as_far_as_it_is_known(
    api: httpx.Client, store: ArtefactStore, options: Settings, linear_artefact: Artefact
) -> None:
    """The manifest answers, and it is said why the rest is missing."""
    store.push(linear_artefact)
    (archive,) = Path(options.artefacts_url).rglob("*.tar.gz")
    archive.unlink()
    found = api.get("/v1/models/tiny-houses/1.0.0").json()
    assert found["manifest"]["training"]["rows"] == 220
    assert (found["card"], found["provenance"]) == (None, None)
    assert "archive of tiny-houses:1.0.0 is gone" in found["problem"]


def test_the_key_that_signed_is_named(
    api: httpx.Client, store: ArtefactStore, linear_artefact: Artefact, tmp_path: Path
) -> None:
    """The id of the key, without a library that could verify it."""
    import shutil

    from understudy.artefacts.artefact import open_artefact
    from understudy.artefacts.signature import make_keys, read_signature, sign

    signed = shutil.copytree(linear_artefact.folder, tmp_path / "signed")
    private, _ = make_keys(tmp_path / "ada")
    sign(signed, private)
    artefact = open_artefact(signed)
    store.push(artefact)
    signature = read_signature(artefact)
    assert signature is not None
    assert api.get("/v1/models/tiny-houses/1.0.0").json()["signed_by"] == signature.key


@pytest.mark.parametrize(
    "path", ["tiny-houses/9.9.9", "nobody/1.0.0", "UPPER/1.0.0", "tiny-houses/latest"]
)
def test_a_version_that_is_not_stored_is_not_found(api: httpx.Client, path: str) -> None:
    """Known or not, the answer does not tell where the store is."""
    answer = api.get(f"/v1/models/{path}")
    assert answer.status_code == 404
    assert answer.json()["detail"] == f"{path.replace('/', ':')} is not in the artefact store."


def test_one_unreadable_manifest_keeps_back_no_other(
    api: httpx.Client, store: ArtefactStore, options: Settings,
    linear_artefact: Artefact, boosting_artefact: Artefact,
) -> None:  # fmt: skip
    """The good ones are listed, the bad one is named with its reason."""
    store.push(linear_artefact)
    store.push(boosting_artefact)
    manifest = Path(options.artefacts_url) / "tiny-houses" / "2.0.0" / "manifest.json"
    manifest.chmod(0o644)
    manifest.write_text('{"format_version": 1}')
    found = api.get("/v1/models").json()
    assert [model["version"] for model in found["models"]] == ["1.0.0"]
    (bad,) = found["unreadable"]
    assert (bad["name"], bad["version"]) == ("tiny-houses", "2.0.0")
    assert "Package the model again" in bad["reason"]
    answer = api.get("/v1/models/tiny-houses/2.0.0")
    assert (answer.status_code, answer.json()["title"]) == (500, "An artefact cannot be used")


def test_an_empty_store_is_an_empty_list(api: httpx.Client) -> None:
    """Before the first push there is nothing, and nothing wrong."""
    assert api.get("/v1/models").json() == {"models": [], "unreadable": []}
