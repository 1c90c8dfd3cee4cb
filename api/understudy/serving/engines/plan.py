"""A model as data: named columns, known steps and fitted arrays, with no code and no classes."""

import io
import json
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any, Literal
from zipfile import BadZipFile

import numpy as np
from numpy.typing import NDArray

from understudy.artefacts.canonical import canonical_json
from understudy.artefacts.parsing import parse
from understudy.errors import ArtefactInvalid

PLAN_FILE = "model.json"
ARRAYS_FILE = "model.npz"

Operation = Literal["subtract", "add", "multiply", "divide", "log1p", "is_missing"]
Link = Literal["identity", "exp", "sigmoid", "softmax", "shares", "decision"]


@dataclass(frozen=True)
class Lookup:
    """A column that is looked up by the value of a field; None stands for NaN."""

    field: str
    levels: tuple[object, ...]
    values: tuple[float | None, ...]
    missing: float | None
    unknown: float | None


@dataclass(frozen=True)
class Derived:
    """
    New columns, computed element by element: the first of each operand, the second of each, ….

    Arithmetic without a finite result gives NaN.
    """

    op: Operation
    operands: tuple[tuple[int, ...], ...]


@dataclass(frozen=True)
class Step:
    """One operation on all columns of a group, with a number per column if it needs one."""

    kind: str
    numbers: tuple[float, ...] = ()


@dataclass(frozen=True)
class Group:
    """Columns that go through the same steps."""

    take: tuple[int, ...]
    steps: tuple[Step, ...] = ()


@dataclass(frozen=True)
class OneHots:
    """
    A block of columns of which every looked-up position switches one on.

    Columns `first` to `first + count` hold positions; position `width` switches nothing. None
    stands for NaN.
    """

    first: int
    count: int
    width: int
    on: tuple[float | None, ...]
    off: tuple[float | None, ...]


@dataclass(frozen=True)
class Columns:
    """
    How instances become a matrix.

    Read `numbers` (fields as they are) and `lookups` into the first columns, append `derived`
    ones, then put the groups and the one-hot block side by side.
    """

    numbers: tuple[str, ...]
    lookups: tuple[Lookup, ...]
    derived: tuple[Derived, ...]
    groups: tuple[Group, ...]
    one_hots: OneHots | None = None


@dataclass(frozen=True)
class Head:
    """
    What is done to the raw outputs: the link of the loss, then steps back to the target.

    `label_by` says what decides on the label: the raw outputs or the probabilities, which rounding
    can make equal.
    """

    link: Link
    steps: tuple[Step, ...] = ()
    label_by: Literal["raw", "probabilities"] = "raw"


@dataclass(frozen=True)
class Forest:
    """
    How the trees in the arrays are to be read.

    `outputs` is how many numbers one instance gets, `single` whether thresholds stand for 32-bit
    comparisons, `accepts_missing` whether NaN is an answerable input, `mean` whether trees are
    averaged. `sums` says how leaves are added up: in pairs, or in the order of the trees, starting
    with the base, in the precision of the leaves. `missing_left` are columns that are walked a
    second time, behind the others, with NaN going left.
    """

    layout: Literal["tables", "steps"]
    trees: int
    outputs: int
    single: bool
    accepts_missing: bool
    mean: bool
    depth: int
    sums: Literal["pairwise", "ordered"] = "pairwise"
    missing_left: tuple[int, ...] = ()
    level_columns: tuple[int, ...] = ()


@dataclass(frozen=True)
class Document:
    """The part of a plan that is kept as JSON; without a forest the model is linear."""

    columns: Columns
    head: Head
    forest: Forest | None = None


@dataclass(frozen=True)
class Plan:
    """A document and its arrays."""

    document: Document
    arrays: dict[str, NDArray[Any]]


def save_plan(plan: Plan, folder: Path) -> list[str]:
    """Write a plan into an artefact's folder and return the files written."""
    (folder / PLAN_FILE).write_bytes(canonical_json(asdict(plan.document)))
    buffer = io.BytesIO()
    np.savez_compressed(buffer, allow_pickle=False, **plan.arrays)
    (folder / ARRAYS_FILE).write_bytes(buffer.getvalue())
    return [PLAN_FILE, ARRAYS_FILE]


def load_plan(folder: Path) -> Plan:
    """Read a plan; raises ArtefactInvalid for anything that is not one."""
    try:
        document = parse(Document, json.loads((folder / PLAN_FILE).read_bytes()), "plan")
        with np.load(folder / ARRAYS_FILE, allow_pickle=False) as file:
            arrays = {name: file[name] for name in file.files}
    except (OSError, ValueError, EOFError, BadZipFile) as error:
        raise ArtefactInvalid(f"The compiled model cannot be read ({error}).") from error
    return Plan(document, arrays)
