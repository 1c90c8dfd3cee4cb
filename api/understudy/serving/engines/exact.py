"""The exact engine: the fitted estimator itself, kept by skops and never by pickle."""

import io
import json
from pathlib import Path
from typing import Any
from zipfile import ZIP_DEFLATED, ZipFile, ZipInfo

import skops.io
from sklearn.feature_extraction.text import _VectorizerMixin

from understudy.artefacts.artefact import Artefact
from understudy.errors import ArtefactInvalid
from understudy.serving.engines.distributions import check_distributions
from understudy.serving.engines.fitted import FittedModel
from understudy.serving.engines.parts import parts_of
from understudy.serving.engines.trusted import trusted_types

MODEL_FILE = "model.skops"
# Only compared with an address in the same process; a vectoriser that finds another looks anew.
_STOP_WORDS_ADDRESS = "_stop_words_id"


def save_exact(estimator: Any, folder: Path) -> list[str]:
    """Write a fitted estimator into an artefact's folder and return the files written."""
    (folder / MODEL_FILE).write_bytes(_normalised(skops.io.dumps(estimator)))
    return [MODEL_FILE]


def load_exact(artefact: Artefact) -> FittedModel:
    """
    Load the estimator of an artefact, refusing every type that is not known to be harmless.

    Raises ArtefactInvalid naming a type that is not allowed or a distribution that is missing.
    """
    manifest = artefact.manifest
    check_distributions(manifest.distributions)
    content = (artefact.folder / MODEL_FILE).read_bytes()
    estimator = load_estimator(content, list(manifest.distributions))
    return FittedModel(
        estimator, manifest.input_schema.features, manifest.input_form, manifest.output
    )


def load_estimator(content: bytes, distributions: list[str]) -> Any:
    """Rebuild an estimator from the bytes of a skops file, trusting only what is allowed."""
    try:
        unknown = skops.io.get_untrusted_types(data=content)
        estimator = skops.io.loads(content, trusted=trusted_types(unknown, distributions))
    except ArtefactInvalid:
        raise
    except Exception as error:
        raise ArtefactInvalid(f"{MODEL_FILE} cannot be read ({error}).") from error
    _check_reads_texts(estimator)
    return estimator


def _check_reads_texts(estimator: Any) -> None:
    """A client must not be able to name a file of this machine and learn what is in it."""
    for part in parts_of(estimator):
        if isinstance(part, _VectorizerMixin) and part.input != "content":
            raise ArtefactInvalid(
                f"The model's {type(part).__name__} reads what clients send as names of files"
                f" (input={part.input!r}); train it on the texts themselves (input='content')."
            )


def _normalised(content: bytes) -> bytes:
    """
    Rewrite a skops file so that equal estimators give equal bytes.

    skops names arrays after memory addresses and stamps them with the time, and scikit-learn's
    vectorisers remember the address of their stop words.
    """
    with ZipFile(io.BytesIO(content)) as archive:
        files = {name: archive.read(name) for name in archive.namelist()}
    numbers: dict[object, int] = {}
    names: dict[str, str] = {}
    schema = _renumbered(json.loads(files.pop("schema.json")), numbers, names)
    buffer = io.BytesIO()
    with ZipFile(buffer, "w", ZIP_DEFLATED) as archive:
        for name in sorted(files, key=lambda name: names[name]):
            archive.writestr(_entry(names[name]), files[name])
        archive.writestr(_entry("schema.json"), json.dumps(schema, indent=1))
    return buffer.getvalue()


def _renumbered(node: Any, numbers: dict[object, int], names: dict[str, str]) -> Any:
    """Replace memory addresses by running numbers, in the order in which they appear."""
    if isinstance(node, list):
        return [_renumbered(item, numbers, names) for item in node]
    if not isinstance(node, dict):
        return node
    renumbered = {key: _renumbered(value, numbers, names) for key, value in node.items()}
    if isinstance(address := renumbered.get(_STOP_WORDS_ADDRESS), dict):
        address["content"] = "0"
    if "__id__" in node:
        renumbered["__id__"] = numbers.setdefault(node["__id__"], len(numbers) + 1)
    if isinstance(file := node.get("file"), str):
        renumbered["file"] = names.setdefault(file, f"{len(names):06d}{Path(file).suffix}")
    return renumbered


def _entry(name: str) -> ZipInfo:
    entry = ZipInfo(name, date_time=(1980, 1, 1, 0, 0, 0))
    entry.compress_type = ZIP_DEFLATED
    return entry
