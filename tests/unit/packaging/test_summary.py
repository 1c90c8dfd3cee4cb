"""What a manifest says of the training data."""

from dataclasses import replace

import numpy as np
import pandas as pd
import pytest

from tests import tiny
from understudy.packaging.inference import infer_schema
from understudy.packaging.reference import SAMPLE_ROWS, prediction_columns, write_reference
from understudy.packaging.summary import describe_training, summarise
from understudy.serving.engines.scores import Scores

HOUSES = tiny.make_houses()
FIELDS = infer_schema(HOUSES, features=tiny.FEATURES, carried=tiny.CARRIED).fields
PRICE = HOUSES["price"].to_numpy()


def digest(frame: pd.DataFrame, target: "np.ndarray[tuple[int], np.dtype[np.float64]]") -> str:
    """Return the digest of training data."""
    return describe_training(frame, target, FIELDS, None).digest


def test_the_digest_knows_every_value() -> None:
    """One value, one target or the order of rows: each makes another digest."""
    changed = HOUSES.copy()
    changed.loc[7, "area"] += 1e-9
    renamed = HOUSES.assign(agent=HOUSES["agent"].replace("Ada", "Eda"))
    digests = [
        digest(HOUSES, PRICE), digest(changed, PRICE), digest(renamed, PRICE),
        digest(HOUSES, PRICE + 1), digest(HOUSES.iloc[::-1], PRICE[::-1]),
    ]  # fmt: skip
    assert len(set(digests)) == 5
    assert digest(HOUSES.copy(), PRICE.copy()) == digests[0]


def test_the_digest_does_not_know_dtypes() -> None:
    """The same values in another container are the same data."""
    assert digest(HOUSES.astype({"zone": "category"}), PRICE) == digest(HOUSES, PRICE)


@pytest.mark.parametrize(
    ("times", "start"),
    [
        (pd.to_datetime(["2010-05-01", "2006-01-31"]), "2006-01-31"),
        (["2010-05", "2006-01"], "2006-01"),
        ([2010, 2006], "2006"),
        ([2010.0, np.nan], "2010"),
        ([2010.25, 2006.5], "2006.5"),
    ],
)
def test_the_time_range_is_text(times: object, start: str) -> None:
    """Dates as ISO, years as years."""
    frame = pd.DataFrame({"when": times})
    described = describe_training(frame, np.zeros(2), [], "when")
    assert described.start == start


def test_distributions_are_summarised() -> None:
    """Ranges of numbers, counts of levels, shares of missing values."""
    found = summarise(HOUSES, FIELDS)
    assert found["area"].minimum == HOUSES["area"].min()
    assert found["area"].mean == pytest.approx(HOUSES["area"].mean())
    assert found["garage"].levels == {
        "false": int((~HOUSES["garage"]).sum()),
        "true": int(HOUSES["garage"].sum()),
    }
    assert found["alley"].missing_share == pytest.approx(HOUSES["alley"].isna().mean())
    assert found["zone"].distinct == 4


def test_free_text_and_empty_columns_are_summarised_too() -> None:
    """Without a list of thousands, and without a range of nothing."""
    frame = pd.DataFrame({"text": [f"t{i}" for i in range(1001)], "none": np.full(1001, np.nan)})
    fields = infer_schema(frame, features=["text", "none"]).features
    found = summarise(frame, fields)
    assert (found["text"].levels, found["text"].distinct) == (None, 1001)
    notes = summarise(frame.head(60), fields)["text"]
    assert (notes.levels, notes.distinct) == (None, 60), "sixty notes are no levels either"
    assert (found["none"].minimum, found["none"].missing_share) == (None, 1.0)


def test_the_reference_is_a_seeded_sample(
    tmp_path_factory: pytest.TempPathFactory, linear_artefact: object
) -> None:
    """Large data are sampled, the same way for the same seed."""
    houses = tiny.make_houses(3000)
    target = houses["price"].to_numpy()
    scores = Scores(values=target * 2)
    output = replace(linear_artefact.manifest.output)  # type: ignore[attr-defined]
    written = []
    for seed in (0, 0, 1):
        folder = tmp_path_factory.mktemp("reference")
        write_reference(folder, (houses, target), (houses, target, scores), output, seed)
        written.append((folder / "reference.parquet").read_bytes())
    assert written[0] == written[1]
    assert written[0] != written[2]
    frame = pd.read_parquet(folder / "reference.parquet")
    assert frame["__split__"].value_counts().to_dict() == {
        "train": SAMPLE_ROWS, "test": SAMPLE_ROWS,
    }  # fmt: skip
    test = frame[frame["__split__"] == "test"]
    np.testing.assert_array_equal(test["__prediction__"], test["__target__"] * 2)
    assert prediction_columns(Scores(), output) == {}
