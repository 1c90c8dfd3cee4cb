"""
Comparisons whose policy counts by a field: a client, a property, not a request.

A unit then comes back in later work, so its sums cannot be closed when work is folded in: pairs and
inputs are read again. The looks are taken once and kept, as for requests, with the folds that they
knew: whoever reads these and no others gets the same look, whatever came since.
"""

from collections.abc import Mapping, Sequence

import numpy as np
import pandas as pd

from understudy.comparison.blocks import Block, blocks_of
from understudy.comparison.drift import Counts, DriftReport, report, take_looks
from understudy.comparison.family import Family
from understudy.comparison.fold import INPUTS, OUTPUTS, Premises
from understudy.comparison.looks import Look, glance
from understudy.comparison.policy import Policy
from understudy.comparison.rows import read_rows
from understudy.comparison.traffic import Traffic
from understudy.log import comparisons, kept_looks
from understudy.log.comparisons import KeptComparison
from understudy.log.database import Connection, Engine, log_errors
from understudy.log.readers import read_instances
from understudy.review.evidence import as_evidence, read_compared, unit_names
from understudy.review.looks import as_kept, keep_looks, read_looks
from understudy.review.redaction import without_redacted
from understudy.review.sides import Sides


def read_blocks(
    connection: Connection, sides: Sides, kept: KeptComparison, policy: Policy
) -> tuple[tuple[Block, ...], int]:
    """Read every pair of a comparison, sum them up by unit, and count their requests."""
    pairs = read_compared(connection, sides, kept)
    blocks = blocks_of(read_rows(as_evidence(pairs, sides)), policy)
    return blocks, len(pd.unique(pairs.request_ids))


def take_unit_looks(engine: Engine, sides: Sides, comparison_id: int) -> None:
    """Take the looks at inputs and answers that are due by the units so far, and keep them."""
    with log_errors(), engine.begin() as connection:
        kept = comparisons.read_comparison(connection, comparison_id, lock=True)
        newest = kept_looks.last_outcome(connection, kept.endpoint)
        taken = read_looks(connection, kept)
        for name, looks in unit_looks(connection, sides, kept, taken).items():
            fresh = [look for look in looks if look not in taken.get(name, [])]
            rows = [found for look in fresh for found in as_kept(name, look)]
            keep_looks(connection, kept, rows, newest)


def unit_looks(
    connection: Connection,
    sides: Sides,
    kept: KeptComparison,
    taken: Mapping[str, Sequence[Look]],
) -> dict[str, tuple[Look, ...]]:
    """Take the looks that are due by the units of the folds of `kept`; those taken stay."""
    sides = without_redacted(connection, sides, kept)
    premises = sides.premises(sides.terms(kept).policy)
    traffic = _read_traffic(connection, sides, kept)
    alpha = premises.policy.alpha
    return {
        name: take_looks(family, traffic[name].one_per_unit(), alpha, taken=taken.get(name, ()))
        for name, family in premises.families.items()
    }


def unit_drift(
    connection: Connection,
    sides: Sides,
    kept: KeptComparison,
    premises: Premises,
    looks: Mapping[str, list[Look]],
) -> dict[str, DriftReport]:
    """Report on inputs and answers by all looks, or by estimates where none was due yet."""
    traffic = _read_traffic(connection, sides, kept)
    return {
        name: _report(family, traffic[name], looks.get(name, []), premises.policy.alpha)
        for name, family in premises.families.items()
    }


def _report(family: Family, traffic: Traffic, looks: list[Look], alpha: float) -> DriftReport:
    frame, rows = traffic.one_per_unit(), traffic.frame()
    early = () if looks else glance(family.checks, family.tally(frame), alpha)
    repeated = int(rows.astype(str).duplicated().sum())
    return report(family, looks, Counts(len(frame), len(rows), repeated), early=early, alpha=alpha)


def _read_traffic(connection: Connection, sides: Sides, kept: KeptComparison) -> dict[str, Traffic]:
    fields = list(dict.fromkeys([*sides.learned.features, str(sides.unit)]))
    found = read_instances(
        connection, sides.endpoint, kept.live, fields, comparison_id=kept.id, folds=kept.folds
    )
    units, instances = unit_names(
        found.columns[str(sides.unit)], found.request_ids, found.instance_no
    )
    answers = found.label if sides.task == "multiclass" else found.value
    columns = pd.DataFrame({name: found.columns[name] for name in sides.learned.features})
    served = np.asarray(found.served_at)
    return {
        INPUTS: Traffic(columns, units, instances, served),
        OUTPUTS: Traffic({"prediction": answers}, units, instances, served),
    }
