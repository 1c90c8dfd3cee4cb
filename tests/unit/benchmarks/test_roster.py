"""The servers and their environments are complete."""

import re

import orjson
import pytest

from benchmarks.serving.environments import REQUIREMENTS, versions
from benchmarks.serving.ports import free_ports
from benchmarks.serving.roster import MLSERVER, SERVERS


def test_every_server_has_a_name_of_its_own() -> None:
    """And a title; there are peers, and others."""
    assert len({server.name for server in SERVERS}) == len(SERVERS)
    assert len({server.title for server in SERVERS}) == len(SERVERS)
    assert {server.name for server in SERVERS if server.is_peer} == {
        "flask", "fastapi", "mlflow", "mlserver", "bentoml", "litserve",
    }  # fmt: skip


@pytest.mark.parametrize("name", sorted(path.stem for path in REQUIREMENTS.glob("*.in")))
def test_requirements_are_pinned_with_hashes(name: str) -> None:
    """Each package has a version and a hash, no file names a host, and a server needs it."""
    text = (REQUIREMENTS / f"{name}.txt").read_text()
    assert "//" not in text
    packages = re.split(r"\n(?=[a-z0-9])", text.strip())
    assert all("==" in package and "--hash=sha256:" in package for package in packages)
    named = re.findall(r"^([a-z0-9-]+)", (REQUIREMENTS / f"{name}.in").read_text(), re.MULTILINE)
    assert set(named) <= set(versions(name))
    assert name in {server.environment for server in SERVERS}


def test_all_who_load_the_pipeline_have_our_scikit_learn() -> None:
    """The very same pipeline is loaded everywhere, so its library is the same."""
    theirs = [versions(server.environment) for server in SERVERS if server.environment]
    found = {pinned["scikit-learn"] for pinned in theirs if "scikit-learn" in pinned}
    assert found == {versions(None)["scikit-learn"]}


def test_an_instance_is_one_element_of_the_tensor() -> None:
    """MLServer merges tensors of several requests along their first axis."""
    (tensor,) = orjson.loads(MLSERVER.body([{"a": None}, {"a": 1}]))["inputs"]
    assert tensor["shape"] == [2, 1]
    assert [orjson.loads(text) for text in tensor["data"]] == [{"a": None}, {"a": 1}]


def test_ports_are_in_a_row_and_free() -> None:
    """Another call does not give the same, as a rule."""
    assert len({free_ports(4) for _ in range(5)}) > 1
