"""The columns that a plan reads and computes, each once, and their places."""

from collections.abc import Hashable, Iterable

from understudy.serving.engines.compiler.symbols import (
    Computed,
    LookedUp,
    NotCompilable,
    Raw,
    Register,
    Table,
    is_nan,
)
from understudy.serving.engines.plan import Derived, Lookup


class Registers:
    """
    Gives every register a place: fields first, then lookups, then positions, then the computed.

    `positions` are further lookups, kept together because they are read as whole numbers.
    """

    def __init__(self, registers: Iterable[Register], positions: list[Lookup]) -> None:
        leaves: dict[Hashable, Raw | Lookup] = {}
        computed: dict[Hashable, Computed] = {}
        for register in registers:
            _collect(register, leaves, computed)
        raw = [key for key, leaf in leaves.items() if isinstance(leaf, Raw)]
        looked_up = [key for key, leaf in leaves.items() if isinstance(leaf, Lookup)]
        self._places = {key: place for place, key in enumerate([*raw, *looked_up])}
        self.numbers = tuple(leaf.field.name for leaf in leaves.values() if isinstance(leaf, Raw))
        found = [leaf for leaf in leaves.values() if isinstance(leaf, Lookup)]
        self.first_position = len(leaves)
        self.lookups = (*found, *positions)
        self.derived = self._arrange(computed, len(leaves) + len(positions))

    def place(self, register: Register) -> int:
        """Return the place of a register."""
        return self._places[_key(register)]

    def _arrange(self, computed: dict[Hashable, Computed], place: int) -> tuple[Derived, ...]:
        """Compute alike things together, once all they need is there."""
        waves: dict[tuple[int, str], list[Computed]] = {}
        for register in computed.values():
            waves.setdefault((_depth(register), register.op), []).append(register)
        derived = []
        for _, wave in sorted(waves.items()):
            operands = zip(*(register.operands for register in wave), strict=True)
            places = tuple(tuple(map(self.place, operand)) for operand in operands)
            derived.append(Derived(wave[0].op, places))
            for register in wave:
                self._places[_key(register)] = place
                place += 1
        return tuple(derived)


def lookup_of(table: Table) -> Lookup:
    """Return a numeric table as it stands in a plan, without levels that are like any unknown."""
    if not table.is_numeric():
        raise NotCompilable(f"text in {table.field.name} reaches the model")
    unknown = entry_of(table.unknown)
    kept = {level: entry_of(value) for level, value in table.values.items()}
    kept = {level: value for level, value in kept.items() if value != unknown}
    return Lookup(
        table.field.name, tuple(kept), tuple(kept.values()), entry_of(table.missing), unknown
    )


def entry_of(value: object) -> float | None:
    """Return a number as a plan has it: None for NaN."""
    return None if is_nan(value) else float(value)  # type: ignore[arg-type]


def _collect(
    register: Register,
    leaves: dict[Hashable, Raw | Lookup],
    computed: dict[Hashable, Computed],
) -> None:
    if isinstance(register, Computed):
        for operand in register.operands:
            _collect(operand, leaves, computed)
        computed[_key(register)] = register
    elif isinstance(register, LookedUp):
        leaves[_key(register)] = lookup_of(register.table)
    else:
        leaves[_key(register)] = register


def _key(register: Register) -> Hashable:
    if isinstance(register, Raw):
        return ("field", register.field.name)
    if isinstance(register, LookedUp):
        return ("lookup", lookup_of(register.table))
    return (register.op, *map(_key, register.operands))


def _depth(register: Register) -> int:
    if isinstance(register, Computed):
        return 1 + max(map(_depth, register.operands))
    return 0
