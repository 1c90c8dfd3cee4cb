"""On which scale predictions are counted."""

from dataclasses import replace
from itertools import pairwise

from hypothesis import given, settings
from hypothesis import strategies as st

from understudy.artefacts.artefact import Artefact
from understudy.monitoring.scale import OTHER, OutputScale, _buckets, scale_of

NUMBERS = st.floats(-1e12, 1e12, allow_nan=False)


def test_a_regression_is_counted_by_its_own_quantiles(linear_artefact: Artefact) -> None:
    """Buckets lie where the first model's predictions on held-out rows lie, and a bit beyond."""
    output = linear_artefact.manifest.output
    scale = scale_of(linear_artefact.manifest)
    assert output.minimum is not None
    assert output.maximum is not None
    assert scale.buckets[0] < output.minimum
    assert scale.buckets[-1] > output.maximum
    assert 10 <= len(scale.buckets) <= 16
    assert scale.labels == ()


def test_probabilities_are_counted_from_0_to_1(binary_artefact: Artefact) -> None:
    """Every binary model has the same buckets, and its two labels."""
    scale = scale_of(binary_artefact.manifest)
    assert scale.buckets[-1] == 1.0
    assert 0 < scale.buckets[0] < 0.05
    assert set(scale.labels) == {"cheap", "dear"}


def test_labels_without_probabilities_have_no_buckets(binary_artefact: Artefact) -> None:
    """A model that only names a label has no number to count."""
    manifest = binary_artefact.manifest
    mute = replace(manifest, output=replace(manifest.output, has_probabilities=False))
    assert scale_of(mute).buckets == ()


def test_several_classes_are_counted_by_label(multiclass_artefact: Artefact) -> None:
    """A classifier with three classes has three names and no numbers."""
    scale = scale_of(multiclass_artefact.manifest)
    assert scale == OutputScale(labels=("low", "mid", "top"))


def test_the_number_of_labels_is_bounded(multiclass_artefact: Artefact) -> None:
    """A model with ten thousand classes does not become ten thousand series."""
    manifest = multiclass_artefact.manifest
    classes = tuple(f"class-{number}" for number in range(10_000))
    scale = scale_of(replace(manifest, output=replace(manifest.output, classes=classes)))
    assert len({scale.name(label) for label in classes}) == 51
    assert scale.name("class-0") == "class-0"
    assert scale.name("class-9999") == OTHER


@settings(max_examples=100, deadline=None)
@given(st.lists(NUMBERS, min_size=2, max_size=40).map(sorted))
def test_buckets_are_increasing_and_finite(quantiles: list[float]) -> None:
    """Whatever a model predicts, Prometheus takes the buckets."""
    buckets = _buckets(tuple(quantiles))
    assert 1 <= len(buckets) <= 15
    assert all(low < high for low, high in pairwise(buckets))


def test_a_model_that_always_says_the_same_has_a_bucket() -> None:
    """A constant is counted, above or below."""
    assert _buckets((7.0,) * 21) == (7.0,)


def test_a_model_without_quantiles_has_no_buckets() -> None:
    """What is not known is not invented."""
    assert _buckets(()) == ()
