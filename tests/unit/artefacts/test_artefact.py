"""An artefact is opened only if it is what its manifest says."""

from collections.abc import Callable
from pathlib import Path

import pandas as pd
import pytest

from understudy.artefacts.artefact import Artefact, open_artefact
from understudy.errors import ArtefactCorrupt, ArtefactInvalid


def test_an_untouched_artefact_opens(folder: Path, linear_artefact: Artefact) -> None:
    """With the same digest wherever it lies."""
    assert open_artefact(folder).digest == linear_artefact.digest


def test_every_file_is_verified(folder: Path) -> None:
    """A single byte more in any file is noticed, whichever it is."""
    for file in open_artefact(folder).manifest.files:
        original = (folder / file).read_bytes()
        (folder / file).write_bytes(original + b" ")
        with pytest.raises(ArtefactCorrupt, match=file.replace(".", r"\.")):
            open_artefact(folder)
        (folder / file).write_bytes(original)
    open_artefact(folder)


def test_a_missing_file_is_named(folder: Path) -> None:
    """An artefact without its model is none."""
    (folder / "model.npz").unlink()
    with pytest.raises(ArtefactInvalid, match=r"model\.npz"):
        open_artefact(folder)


def test_a_file_too_many_is_refused(folder: Path) -> None:
    """Nothing rides along that no manifest names, not even in a folder below."""
    (folder / "below").mkdir()
    with pytest.raises(ArtefactInvalid, match="below"):
        open_artefact(folder)


def test_the_provenance_stands_outside(folder: Path, linear_artefact: Artefact) -> None:
    """Who packaged a model when does not change what the model is."""
    assert {"packaged_by", "packaged_at", "cpu_ms_per_row"} <= set(linear_artefact.provenance())
    (folder / "provenance.json").unlink()
    assert open_artefact(folder).digest == linear_artefact.digest


def test_the_signature_stands_outside(folder: Path, linear_artefact: Artefact) -> None:
    """Whoever signs a model does not change what the model is."""
    (folder / "signature.json").write_text("{}")
    assert open_artefact(folder).digest == linear_artefact.digest


def test_a_folder_is_no_file(folder: Path) -> None:
    """What stands where a file should be is not read."""
    (folder / "card.md").unlink()
    (folder / "card.md").mkdir()
    with pytest.raises(ArtefactInvalid, match=r"lacks card\.md"):
        open_artefact(folder)


def test_the_reference_holds_inputs_and_the_models_own_predictions(
    linear_artefact: Artefact,
) -> None:
    """Training rows with their targets, held-out rows with predictions as well."""
    reference = linear_artefact.reference()
    train = reference[reference["__split__"] == "train"]
    test = reference[reference["__split__"] == "test"]
    assert (len(train), len(test)) == (220, 80)
    assert train["__prediction__"].isna().all()
    assert test["__prediction__"].notna().all()
    assert reference["__target__"].notna().all()
    names = [field.name for field in linear_artefact.manifest.input_schema.fields]
    assert list(reference.columns[: len(names)]) == names


def test_a_classifier_keeps_labels_too(
    binary_artefact: Artefact, multiclass_artefact: Artefact
) -> None:
    """A probability only where there is a positive class."""
    binary, multi = binary_artefact.reference(), multiclass_artefact.reference()
    held_out = binary["__split__"] == "test"
    assert set(binary.loc[held_out, "__label__"]) == {"cheap", "dear"}
    assert binary.loc[held_out, "__prediction__"].between(0, 1).all()
    assert "__prediction__" not in multi
    assert isinstance(multi, pd.DataFrame)


def test_the_quiz_can_be_read_as_a_table(linear_artefact: Artefact) -> None:
    """The same questions, for people."""
    table = pd.read_parquet(linear_artefact.folder / "quiz.parquet")
    assert table["__expected__"].tolist() == [item.expected for item in linear_artefact.quiz()]


@pytest.mark.parametrize(
    ("file", "read"),
    [
        ("quiz.json", Artefact.quiz),
        ("reference.parquet", Artefact.reference),
        ("training_rows.npy", Artefact.training_rows),
        ("training_inputs.npy", Artefact.training_inputs),
        ("provenance.json", Artefact.provenance),
    ],
)
@pytest.mark.parametrize("content", [b"", b'[{"other": 1}]', b"\x93NUMPY"])
def test_a_file_whose_digest_is_right_and_whose_content_is_not_is_named(
    folder: Path, file: str, read: Callable[[Artefact], object], content: bytes
) -> None:
    """A digest says that nobody changed a file, not that it was one."""
    artefact = open_artefact(folder)
    (folder / file).write_bytes(content)
    with pytest.raises(ArtefactInvalid, match=file):
        read(artefact)
