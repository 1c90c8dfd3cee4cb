"""
Whatever an artefact holds, nothing in it is executed when it is loaded.

Every artefact here is made by somebody who can write all of its files, manifest and digests
included, and who wants one file on this machine touched, or one removed.
"""

import gc
import io
import json
import os
import pickle
import subprocess
import sys
import warnings
import zipfile
from collections.abc import Callable
from contextlib import suppress
from dataclasses import replace
from pathlib import Path
from shutil import copytree
from typing import Any

import numpy as np
import pandas as pd
import pyarrow as pa
import pyarrow.parquet as pq
import pytest
import skops.io
from sklearn.preprocessing import FunctionTransformer

from understudy.artefacts import archive
from understudy.artefacts.artefact import Artefact, open_artefact
from understudy.artefacts.canonical import file_sha256
from understudy.artefacts.manifest import write_manifest
from understudy.errors import ArtefactInvalid
from understudy.serving.engines import load_engine

pytestmark = pytest.mark.no_cover

Make = Callable[..., Artefact]


class Touch:
    """Touches a file when it is unpickled."""

    def __init__(self, path: Path) -> None:
        self.path = path

    def __reduce__(self) -> tuple[Any, ...]:
        return os.mkdir, (str(self.path),)


@pytest.fixture
def ran(tmp_path: Path) -> Path:
    """Return the path that exists once code of an artefact has run."""
    return tmp_path / "ran"


@pytest.fixture
def make(tmp_path: Path) -> Make:
    """Return a way to replace files of an artefact, with a manifest that agrees."""

    def _make(artefact: Artefact, files: dict[str, bytes], **changes: Any) -> Artefact:
        folder = copytree(artefact.folder, tmp_path / "hostile")
        for name, content in files.items():
            (folder / name).write_bytes(content)
        named = {
            path.name: file_sha256(path)
            for path in folder.iterdir()
            if path.name not in ("manifest.json", "provenance.json")
        }
        write_manifest(replace(artefact.manifest, files=named, **changes), folder)
        return open_artefact(folder)

    return _make


def node(qualified: str, loader: str, **more: object) -> dict[str, object]:
    """Return one node of a skops file."""
    module, _, name = qualified.rpartition(".")
    return {"__class__": name, "__module__": module, "__loader__": loader, "__id__": 1} | more


def text(content: str, number: int = 2) -> dict[str, object]:
    """Return a node that is a text."""
    return node("builtins.str", "JsonNode", content=json.dumps(content), is_json=True) | {
        "__id__": number
    }


def skops_file(root: dict[str, object], **files: bytes) -> bytes:
    """Return a skops file with any tree, as its own library would never write it."""
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w") as file:
        for name, content in files.items():
            file.writestr(name.replace("_npy", ".npy"), content)
        content = json.dumps(root | {"protocol": 2, "_skops_version": skops.__version__})
        file.writestr("schema.json", content)
    return buffer.getvalue()


def pickled_array(path: Path) -> bytes:
    """Return a NumPy file with an object in it that touches a path when unpickled."""
    buffer = io.BytesIO()
    np.save(buffer, np.array([Touch(path)], dtype=object), allow_pickle=True)
    return buffer.getvalue()


def test_the_bait_works(ran: Path) -> None:
    """Unpickled, the payload of these tests does run."""
    np.load(io.BytesIO(pickled_array(ran)), allow_pickle=True)
    assert ran.exists()


def functions(ran: Path) -> dict[str, bytes]:
    """Return skops files that hold functions with a side effect."""
    command = f"mkdir {ran}"
    arguments = node("builtins.tuple", "TupleNode", content=[text(command)]) | {"__id__": 3}
    options = node("builtins.dict", "DictNode", content={}) | {
        "key_types": node("builtins.list", "ListNode", content=[]) | {"__id__": 5}, "__id__": 4,
    }  # fmt: skip
    called = {
        "func": node("posix.system", "TypeNode") | {"__id__": 6},
        "args": arguments, "kwds": options, "namespace": text("null", 7),
    }  # fmt: skip
    return {
        "a function of the system": skops.io.dumps(FunctionTransformer(os.system)),
        "a call that waits": skops_file(node("functools.partial", "PartialNode", content=called)),
        "an operator": skops_file(
            node("operator.methodcaller", "OperatorFuncNode", attrs=arguments)
        ),
        "a class that runs a program": skops_file(
            node("subprocess.Popen", "ConstructorFromReduceNode", content=arguments)
        ),
        "a class made from a file": skops_file(
            node("subprocess.Popen", "NdArrayNode", type="numpy", file="a.npy"),
            a_npy=pickled_array(ran),
        ),
        "an array of pickles": skops_file(
            node("numpy.ndarray", "NdArrayNode", type="numpy", file="a.npy"),
            a_npy=pickled_array(ran),
        ),
    }


@pytest.mark.parametrize("kind", list(functions(Path("/"))))
def test_a_skops_file_calls_nothing(
    kind: str, exact_artefact: Artefact, make: Make, ran: Path
) -> None:
    """Whatever function or class it names, and whatever arguments it brings."""
    hostile = make(exact_artefact, {"model.skops": functions(ran)[kind]})
    with pytest.raises(ArtefactInvalid):
        load_engine(hostile)
    assert not ran.exists()


def test_a_model_does_not_take_files_with_it_when_it_goes(
    exact_artefact: Artefact, make: Make, tmp_path: Path
) -> None:
    """A class of NumPy removes the folder in its attributes when nobody holds it any more."""
    victim = tmp_path / "victim"
    victim.mkdir()
    name = node("builtins.str", "TypeNode") | {"__id__": 2}
    flag = node("builtins.str", "JsonNode", content="true", is_json=True) | {"__id__": 3}
    attributes = node(
        "builtins.dict", "DictNode",
        content={"_destpath": text(str(victim), 4), "_istmpdest": flag},
        key_types=node("builtins.list", "ListNode", content=[name, name]) | {"__id__": 5},
    ) | {"__id__": 6}  # fmt: skip
    content = skops_file(node("numpy.lib._datasource.DataSource", "ObjectNode", content=attributes))
    hostile = make(exact_artefact, {"model.skops": content})
    with pytest.raises(ArtefactInvalid, match="DataSource, which may not be loaded"):
        load_engine(hostile)
    assert victim.exists()
    # The bait works: for whoever trusts it, the folder is gone.
    skops.io.loads(content, trusted=skops.io.get_untrusted_types(data=content))
    gc.collect()
    assert not victim.exists()


@pytest.mark.parametrize(
    "distributions",
    [
        {},
        {"numpy": "1.0"},
        {"scikit-learn": "1.0", "understudy": "1"},
        {"innocent-features": "1.0"},
    ],
)
@pytest.mark.parametrize("module", ["innocent_features", "innocent_features.deep", "innocent"])
def test_a_module_that_no_distribution_defines_is_not_imported(
    exact_artefact: Artefact, make: Make, ran: Path, tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch, module: str, distributions: dict[str, str],
) -> None:  # fmt: skip
    """Whatever the manifest says of it: importing is executing."""
    package = tmp_path / "path" / "innocent_features"
    package.mkdir(parents=True)
    harmful = f"import pathlib\npathlib.Path({str(ran)!r}).mkdir()\nclass Step: pass\n"
    for file in (package / "__init__.py", package / "deep.py", package.parent / "innocent.py"):
        file.write_text(harmful)
    monkeypatch.syspath_prepend(str(package.parent))
    hostile = make(
        exact_artefact,
        {"model.skops": skops_file(node(f"{module}.Step", "ObjectNode"))},
        distributions=distributions,
    )
    with pytest.raises(ArtefactInvalid):
        load_engine(hostile)
    assert not ran.exists()
    assert not {"innocent_features", "innocent"} & set(sys.modules)


@pytest.mark.parametrize(
    ("module", "distributions"),
    [
        ("numpy.f2py.__main__", {}),
        ("sklearn.conftest", {}),
        ("IPython.__main__", {"ipython": "1"}),
        ("antigravity", {}),
    ],
)
def test_no_program_of_an_installed_distribution_is_started(
    exact_artefact: Artefact, make: Make, module: str, distributions: dict[str, str]
) -> None:
    """Some modules are programs: importing them runs them, or ends this process."""
    hostile = make(
        exact_artefact,
        {"model.skops": skops_file(node(f"{module}.Step", "ObjectNode"))},
        distributions=distributions,
    )
    script = (
        "import sys\n"
        "from pathlib import Path\n"
        "from understudy.artefacts.artefact import open_artefact\n"
        "from understudy.errors import ArtefactInvalid\n"
        "from understudy.serving.engines import load_engine\n"
        "try:\n"
        "    load_engine(open_artefact(Path(sys.argv[1])))\n"
        "except ArtefactInvalid:\n"
        "    print('refused', sys.argv[2] in sys.modules)\n"
    )
    done = subprocess.run(
        [sys.executable, "-c", script, str(hostile.folder), module],
        capture_output=True, text=True, check=False, stdin=subprocess.DEVNULL,
    )  # fmt: skip
    assert (done.stdout, done.returncode) == ("refused False\n", 0), done.stderr


def test_arrays_of_a_compiled_model_are_not_unpickled(
    linear_artefact: Artefact, make: Make, ran: Path
) -> None:
    """Neither an array of objects nor a bare pickle in its place."""
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w") as file:
        for name in np.load(linear_artefact.folder / "model.npz").files:
            file.writestr(f"{name}.npy", pickled_array(ran))
    hostile = make(linear_artefact, {"model.npz": buffer.getvalue()})
    with pytest.raises(ArtefactInvalid):
        load_engine(hostile)
    (hostile.folder / "model.npz").write_bytes(pickle.dumps(Touch(ran)))
    with pytest.raises(ArtefactInvalid):
        load_engine(Artefact(hostile.folder, hostile.manifest))
    assert not ran.exists()


def test_the_fingerprints_of_the_training_rows_are_not_unpickled(
    linear_artefact: Artefact, make: Make, ran: Path
) -> None:
    """They are read when the next version is compared with this one."""
    hostile = make(linear_artefact, {"training_rows.npy": pickled_array(ran)})
    with pytest.raises(ArtefactInvalid, match="allow_pickle"):
        hostile.training_rows()
    assert not ran.exists()


def test_the_metadata_of_the_reference_is_not_unpickled(
    linear_artefact: Artefact, make: Make, ran: Path
) -> None:
    """A column of a Parquet file may say that it is of a pickled Python type."""
    table = pa.Table.from_pandas(pd.read_parquet(linear_artefact.folder / "reference.parquet"))
    claim = {
        b"ARROW:extension:name": b"arrow.py_extension_type",
        b"ARROW:extension:metadata": pickle.dumps(Touch(ran)),
    }
    field = table.schema.field(0).with_metadata(claim)
    columns = [table.column(index) for index in range(table.num_columns)]
    schema = pa.schema([field, *list(table.schema)[1:]], metadata=table.schema.metadata)
    buffer = io.BytesIO()
    pq.write_table(pa.Table.from_arrays(columns, schema=schema), buffer)
    hostile = make(linear_artefact, {"reference.parquet": buffer.getvalue()})
    with suppress(Exception), warnings.catch_warnings(action="ignore"):
        hostile.reference()
    assert not ran.exists()


def test_a_bomb_in_a_model_file_does_not_go_off(
    linear_artefact: Artefact, exact_artefact: Artefact, make: Make,
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path,
) -> None:  # fmt: skip
    """What is packed inside the model is held against the same limit as the artefact."""
    monkeypatch.setattr(archive, "MAX_UNPACKED_BYTES", 1_000_000)
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as file:
        file.writestr("weights.npy", bytes(1_000_001))
    assert len(buffer.getvalue()) < 10_000
    for artefact, name in ((linear_artefact, "model.npz"), (exact_artefact, "model.skops")):
        hostile = make(artefact, {name: buffer.getvalue()})
        with pytest.raises(ArtefactInvalid, match=f"{name} unpacks to more than 1000000 bytes"):
            load_engine(hostile)
        hostile.folder.rename(tmp_path / name)
