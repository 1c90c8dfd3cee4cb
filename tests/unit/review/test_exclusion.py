"""A shadow is not judged on what it was trained on."""

from dataclasses import replace
from datetime import UTC, datetime

import numpy as np
import pytest

from tests import tiny
from understudy.artefacts.artefact import Artefact
from understudy.artefacts.frames import instances_of
from understudy.review.exclusion import trained, training_end

LONG_AGO = datetime(2008, 5, 1, tzinfo=UTC).timestamp()
TODAY = datetime(2026, 5, 1, tzinfo=UTC).timestamp()


def _with_end(artefact: Artefact, end: str | None) -> Artefact:
    manifest = artefact.manifest
    return Artefact(
        artefact.folder, replace(manifest, training=replace(manifest.training, end=end))
    )


def test_what_is_not_later_than_the_training_data_or_stands_in_it_is_excluded(
    linear_artefact: Artefact,
) -> None:
    """Both reasons are told, and an instance with both is counted once."""
    fields = linear_artefact.manifest.input_schema.fields
    seen = instances_of(tiny.make_houses().iloc[:2], fields)
    unseen = tiny.make_instances(2)
    served_at = np.array([LONG_AGO, TODAY, LONG_AGO, TODAY])
    found = trained(linear_artefact).excluded(served_at, [*seen, *unseen])
    assert found.by_time.tolist() == [True, False, True, False]
    assert found.by_input.tolist() == [True, True, False, False]
    assert found.flags.tolist() == [True, True, True, False]
    assert found.counts == {"excluded": 3, "by_time": 2, "by_input": 2, "exploratory": 0}


def test_replayed_instances_are_exploratory_where_the_range_is_unknown(
    linear_artefact: Artefact,
) -> None:
    """Nobody knows whether they were before or after the training; the inputs are known still."""
    shadow = trained(_with_end(linear_artefact, None))
    fields = linear_artefact.manifest.input_schema.fields
    seen = instances_of(tiny.make_houses().iloc[:1], fields)
    served_at, replayed = np.full(3, LONG_AGO), np.array([True, True, False])
    found = shadow.excluded(served_at, [*seen, *tiny.make_instances(2)], replayed)
    assert found.flags.tolist() == [True, False, False]
    assert found.exploratory.tolist() == [False, True, False]
    sure = trained(linear_artefact).excluded(np.full(3, TODAY), tiny.make_instances(3), replayed)
    assert not sure.exploratory.any()


@pytest.mark.parametrize(
    ("end", "moment"),
    [
        ("2010", datetime(2011, 1, 1, tzinfo=UTC)),
        ("2010-06-30", datetime(2010, 7, 1, tzinfo=UTC)),
        ("the spring", None),
        (None, None),
    ],
)
def test_the_training_data_ends_with_its_last_day_or_year(
    linear_artefact: Artefact, end: str | None, moment: datetime | None
) -> None:
    """What was served on the last day may have been trained on."""
    assert training_end(_with_end(linear_artefact, end).manifest) == moment
