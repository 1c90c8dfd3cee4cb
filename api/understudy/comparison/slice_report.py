"""What the stored looks at the slices mean together."""

from collections.abc import Iterator, Mapping, Sequence

from .policy import Policy
from .slice_shapes import Slice, SliceLook, SliceReport


def conclude_slices(looks: Sequence[SliceLook], policy: Policy) -> SliceReport:
    """
    Says what all stored looks mean: the newest one, and every slice that was ever confirmed as bad.

    A confirmed slice keeps the figures of the newest look that confirmed it.
    """
    taken = sorted(looks, key=lambda look: look.number)
    if not taken:
        return SliceReport(0, 0, 0, (), (), f"not searched yet: {_asked(policy)}")
    newest = taken[-1]
    confirmed = {part.name: (look, part) for look in taken for part in look.tested if part.is_bad}
    bad = sorted((part for _, part in confirmed.values()), key=_suspicion)
    rest = sorted((part for part in newest.tested if part.name not in confirmed), key=_suspicion)
    return SliceReport(
        look=newest.number,
        units=newest.units,
        candidates=newest.candidates,
        worst=(*bad, *rest),
        apart=newest.apart,
        note="; ".join((*_why_few(newest, policy), *_since(confirmed, newest))),
    )


def _suspicion(part: Slice) -> tuple[float, float, str]:
    p = 1.0 if part.p_value is None else part.p_value
    return p, -(part.effect or 0.0), part.name


def _asked(policy: Policy) -> str:
    return f"a slice needs {policy.slice_units:,} units in each half of the traffic"


def _why_few(look: SliceLook, policy: Policy) -> Iterator[str]:
    if policy.needs_outcomes and not look.outcome_units:
        yield f"losses not searched yet: none of the {look.units:,} units has an outcome"
    elif not look.candidates:
        there = look.outcome_units or look.units
        yield f"not searched yet: {_asked(policy)}; there are {there:,} units in both together"
    elif look.outcome_units and not look.tested:
        yield f"nothing tested yet: no slice has {policy.slice_units:,} units in the second half"


def _since(confirmed: Mapping[str, tuple[SliceLook, Slice]], newest: SliceLook) -> Iterator[str]:
    for name, (look, _) in confirmed.items():
        if look.number < newest.number:
            yield f"{name} was confirmed at the look of {look.units:,} units and stays"
