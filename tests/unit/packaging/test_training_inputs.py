"""A served instance is known again by its input, however the client spelt it."""

import json
from dataclasses import replace

import numpy as np
import pytest

from tests import tiny
from understudy.artefacts.artefact import TRAINING_INPUTS_FILE, Artefact
from understudy.artefacts.frames import instances_of
from understudy.packaging.training_inputs import TrainingInputs, training_inputs

SOME = slice(0, 60)


def _trained_on(artefact: Artefact) -> list[dict[str, object]]:
    """Return training rows of the tiny houses as a client sends them, through JSON."""
    fields = artefact.manifest.input_schema.fields
    rows = instances_of(tiny.make_houses().iloc[SOME], fields)
    return [dict(row) for row in json.loads(json.dumps(rows))]


@pytest.fixture(scope="module")
def known(linear_artefact: Artefact) -> TrainingInputs:
    """The inputs of `tiny-houses:1.0.0`."""
    return training_inputs(linear_artefact)


def test_every_training_row_is_known_and_no_other(
    known: TrainingInputs, linear_artefact: Artefact
) -> None:
    """The first rows were trained on; made houses of another seed were not."""
    assert known.is_complete
    assert known.hold(_trained_on(linear_artefact)).all()
    assert not known.hold(tiny.make_instances(200)).any()


def test_spelling_does_not_matter(known: TrainingInputs, linear_artefact: Artefact) -> None:
    """1 for 1.0, an absent key for null, and fields that the model does not use."""
    instances = _trained_on(linear_artefact)
    spelt = [
        {name: _whole(value) for name, value in instance.items() if value is not None}
        | {"agent": "somebody", "unheard_of": 1}
        for instance in instances
    ]
    assert known.hold(spelt).all()


@pytest.mark.parametrize("name", tiny.FEATURES)
def test_another_value_is_another_input(
    known: TrainingInputs, linear_artefact: Artefact, name: str
) -> None:
    """A change of any feature is noticed, and so is a value of another type."""
    changes = {"zone": "Nowhere", "alley": "Mud", "garage": None}
    changed = [row | {name: changes.get(name, 12345)} for row in _trained_on(linear_artefact)]
    assert not known.hold(changed).any()
    mistyped = [row | {name: ["odd"]} for row in _trained_on(linear_artefact)]
    assert not known.hold(mistyped).any()
    assert not known.hold([row | {"area": True} for row in _trained_on(linear_artefact)]).any()


def test_nothing_is_held_of_nothing(known: TrainingInputs) -> None:
    """An empty batch has no flags."""
    assert known.hold([]).shape == (0,)


def test_an_earlier_artefact_knows_its_sample(linear_artefact: Artefact) -> None:
    """Without the file the reference sample is asked, which is all of a small training set."""
    manifest = linear_artefact.manifest
    files = {
        name: digest for name, digest in manifest.files.items() if name != TRAINING_INPUTS_FILE
    }
    earlier = Artefact(linear_artefact.folder, replace(manifest, files=files))
    assert earlier.training_inputs() is None
    found = training_inputs(earlier)
    assert found.is_complete
    assert np.array_equal(found.fingerprints, linear_artefact.training_inputs())
    more = replace(manifest, files=files, training=replace(manifest.training, rows=5000))
    assert not training_inputs(Artefact(linear_artefact.folder, more)).is_complete


def _whole(value: object) -> object:
    return int(value) if isinstance(value, float) and value.is_integer() else value
