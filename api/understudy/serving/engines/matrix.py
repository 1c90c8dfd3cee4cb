"""From instances to the matrix a compiled model works on, in few calls of NumPy."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from operator import getitem, itemgetter
from typing import Any

import numpy as np
import orjson
from numpy.typing import NDArray

from understudy.serving.engines.plan import Columns, Group, Lookup, OneHots

Floats = NDArray[np.float64]

# The functions a plan may name.
FUNCTIONS: dict[str, np.ufunc] = {
    function.__name__: function
    for function in (
        np.absolute, np.arcsinh, np.cbrt, np.exp, np.exp2, np.expm1, np.log, np.log10, np.log1p,
        np.log2, np.negative, np.reciprocal, np.sign, np.sinh, np.sqrt, np.square, np.tanh,
        np.trunc,
    )
}  # fmt: skip
ARITHMETIC: dict[str, np.ufunc] = {
    "subtract": np.subtract, "add": np.add, "multiply": np.multiply, "divide": np.divide,
    "at_least": np.maximum, "at_most": np.minimum,
}  # fmt: skip
# Steps that change in how many bits the steps after them are done.
PRECISIONS: dict[str, type[np.floating[Any]]] = {"single": np.float32, "double": np.float64}


class Levels(dict[object, float]):
    """A lookup table that has an answer for every value."""

    def __init__(self, lookup: Lookup) -> None:
        numbers = [_number(value) for value in lookup.values]
        super().__init__(zip(lookup.levels, numbers, strict=True))
        self[None] = _number(lookup.missing)
        self.unknown = _number(lookup.unknown)

    def __missing__(self, level: object) -> float:
        return self.unknown


class MatrixBuilder:
    """Builds the matrix of a batch of instances."""

    def __init__(self, columns: Columns) -> None:
        self.numbers = _as_parsed(columns.numbers)
        self.tables = [Levels(lookup) for lookup in columns.lookups]
        self.keys = _as_parsed([lookup.field for lookup in columns.lookups])
        self.numbers_of, self.levels_of = _taker(self.numbers), _taker(self.keys)
        self.derived = [
            (item.op, [np.array(operand, np.intp) for operand in item.operands])
            for item in columns.derived
        ]
        self.groups = [_GroupRun(group) for group in columns.groups]
        self.one_hots = _OneHotRun(columns.one_hots) if columns.one_hots else None

    def build(self, instances: Sequence[Mapping[str, object]]) -> Floats:
        """Return one row per instance."""
        read = self._read(instances)
        for op, operands in self.derived:
            taken = [read.take(operand, axis=1) for operand in operands]
            read = np.concatenate([read, _derive(op, taken)], axis=1)
        blocks = [group.run(read) for group in self.groups]
        if self.one_hots:
            blocks.append(self.one_hots.run(read))
        return blocks[0] if len(blocks) == 1 else np.concatenate(blocks, axis=1)

    def _read(self, instances: Sequence[Mapping[str, object]]) -> Floats:
        tables = self.tables
        read: list[object] = []
        for instance in instances:
            try:
                numbers, levels = self.numbers_of(instance), self.levels_of(instance)
            except KeyError:  # a field is absent, which is a missing value
                numbers, levels = map(instance.get, self.numbers), map(instance.get, self.keys)
            read += numbers
            read += map(getitem, tables, levels)
        # NumPy reads None as NaN when it is told to expect floats.
        flat = np.array(read, dtype=np.float64)
        return flat.reshape(len(instances), len(self.numbers) + len(tables))


def _taker(names: Sequence[str]) -> Callable[[Mapping[str, object]], Iterable[object]]:
    """Return what takes these fields out of an instance; it raises KeyError for an absent one."""
    if len(names) > 1:
        return itemgetter(*names)
    return lambda instance: [instance[name] for name in names]


def _as_parsed(names: Sequence[str]) -> list[str]:
    """
    Return the names as the very objects that orjson gives its keys.

    A key that is the same object is found in a dictionary without a look at its text.
    """
    parsed = {key: key for key in orjson.loads(orjson.dumps(dict.fromkeys(names)))}
    return [parsed[name] for name in names]


class _GroupRun:
    """A group of columns, ready to run."""

    def __init__(self, group: Group) -> None:
        self.take = np.array(group.take, np.intp)
        self.steps = [(step.kind, np.array(step.numbers, np.float64)) for step in group.steps]

    def run(self, read: Floats) -> Floats:
        block = read.take(self.take, axis=1)
        for kind, numbers in self.steps:
            block = run_step(kind, numbers, block)
        return block


class _OneHotRun:
    """A one-hot block, ready to run."""

    def __init__(self, one_hots: OneHots) -> None:
        self.span = slice(one_hots.first, one_hots.first + one_hots.count)
        self.width = one_hots.width
        # One column more than there are takes the positions that switch nothing.
        self.on = np.array([*map(_number, one_hots.on), 0.0])
        self.off = np.array([*map(_number, one_hots.off), 0.0])

    def run(self, read: Floats) -> Floats:
        positions = read[:, self.span].astype(np.intp)
        block = np.empty((len(read), self.width + 1))
        block[:] = self.off
        block[np.arange(len(read))[:, None], positions] = self.on[positions]
        return block[:, :-1]


def run_step(kind: str, numbers: Floats, block: Floats) -> Floats:
    """Run one step on a block of columns, which it may change."""
    if kind == "fill":
        np.copyto(block, numbers, where=np.isnan(block))
        return block
    if kind == "isnan":
        return np.isnan(block).astype(np.float64)
    if kind in PRECISIONS:
        return block.astype(PRECISIONS[kind], copy=False)
    if kind == "blank":
        block[np.abs(block) <= numbers] = np.nan
        return block
    if kind in ARITHMETIC:
        return np.asarray(ARITHMETIC[kind](block, numbers, out=block))
    return np.asarray(FUNCTIONS[kind](block, out=block))


def _derive(op: str, operands: list[Floats]) -> Floats:
    if op == "is_missing":
        return np.isnan(operands[0]).astype(np.float64)
    computed = np.log1p(operands[0]) if op == "log1p" else ARITHMETIC[op](*operands)
    # A share of nothing and a logarithm of a loss are not known, rather than infinite.
    computed[~np.isfinite(computed)] = np.nan
    return np.asarray(computed)


def _number(value: float | None) -> float:
    return float("nan") if value is None else value
