"""Serving a compiled model loads nothing that it does not need."""

import json
import subprocess
import sys
from pathlib import Path

import pytest

from tests import tiny
from understudy.artefacts.artefact import Artefact

SCRIPT = """
import json, sys
from pathlib import Path
from understudy.artefacts.artefact import open_artefact
from understudy.artefacts.schema import instance_schema
from understudy.serving.engines import load_engine
from understudy.serving.engines.quiz import check_quiz

artefact = open_artefact(Path(sys.argv[1]))
engine = load_engine(artefact)
check_quiz(engine, artefact)
instance_schema(artefact.manifest.input_schema)
outputs = engine.predict(json.loads(sys.argv[2])).outputs
print(json.dumps({"outputs": list(outputs), "modules": sorted(sys.modules)}))
"""


def run_alone(artefact: Artefact) -> dict[str, list[str]]:
    """Load an artefact in a process of its own and predict with it."""
    instances = [
        {name: value.item() if hasattr(value, "item") else value for name, value in i.items()}
        for i in tiny.make_instances(3)
    ]
    done = subprocess.run(
        [sys.executable, "-c", SCRIPT, str(artefact.folder), json.dumps(instances)],
        capture_output=True,
        text=True,
        check=True,
        env={"PYTHONPATH": ":".join(path for path in sys.path if path)},
        cwd=Path.cwd(),
    )
    content: dict[str, list[str]] = json.loads(done.stdout)
    return content


@pytest.mark.parametrize("fixture", ["linear_artefact", "boosting_artefact", "multiclass_artefact"])
def test_a_compiled_model_needs_numpy_alone(fixture: str, request: pytest.FixtureRequest) -> None:
    """Neither pandas nor scikit-learn, scipy, pyarrow or skops is imported."""
    done = run_alone(request.getfixturevalue(fixture))
    assert len(done["outputs"]) == 3
    heavy = {"pandas", "sklearn", "scipy", "pyarrow", "skops", "fsspec", "yaml"}
    assert not heavy & set(done["modules"])


def test_the_exact_engine_would_be_noticed(exact_artefact: Artefact) -> None:
    """The check above can fail: the exact engine does import scikit-learn."""
    assert "sklearn" in run_alone(exact_artefact)["modules"]
