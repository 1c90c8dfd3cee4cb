"""Every kind of artefact store, empty, and artefacts to spoil."""

import shutil
import uuid
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import fsspec
import pytest

from tests import tiny
from understudy.artefacts.artefact import Artefact, open_artefact
from understudy.artefacts.manifest import write_manifest
from understudy.artefacts.store import ArtefactStore


@pytest.fixture(params=["folder", "url", "memory", "s3"])
def store_url(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[str]:
    """Return the URL of an empty store of every kind in turn."""
    if request.param == "s3":
        yield f"s3://{request.getfixturevalue('s3').make_bucket()}/some/models"
        return
    urls = {
        "folder": str(tmp_path / "a [store] of *"),
        "url": f"file://{tmp_path}/store",
        "memory": f"memory://{uuid.uuid4().hex}",
    }
    yield urls[request.param]
    fsspec.filesystem("memory").store.clear()


@pytest.fixture
def store(store_url: str) -> ArtefactStore:
    """Return an empty store of every kind in turn."""
    return ArtefactStore(store_url)


@pytest.fixture(scope="session")
def other_content(tmp_path_factory: pytest.TempPathFactory) -> Artefact:
    """Return another model under the name and version of the linear one."""
    folder = tmp_path_factory.mktemp("other")
    return tiny.package_houses(tiny.boosting_pipeline(), folder, "1.0.0")


@pytest.fixture
def folder(linear_artefact: Artefact, tmp_path: Path) -> Path:
    """Return a copy of an artefact that may be spoilt."""
    return shutil.copytree(linear_artefact.folder, tmp_path / "copy")


def changed(artefact: Artefact, folder: Path, **changes: object) -> Artefact:
    """Return a copy of an artefact whose manifest says something else."""
    shutil.copytree(artefact.folder, folder)
    write_manifest(replace(artefact.manifest, **changes), folder)  # type: ignore[arg-type]
    return open_artefact(folder)


def files_in(store: ArtefactStore) -> list[str]:
    """Return every file behind a store."""
    files, root = fsspec.url_to_fs(store.url)
    files.invalidate_cache()
    return [str(path) for path in files.find(root)] if files.exists(root) else []
