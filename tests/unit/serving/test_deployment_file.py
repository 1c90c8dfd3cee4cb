"""The file by which the agent tells workers what to serve."""

from dataclasses import replace
from pathlib import Path

import pytest

from tests.unit.serving.conftest import deployed
from understudy.artefacts.artefact import Artefact
from understudy.errors import ArtefactInvalid
from understudy.serving import deployment_file


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
