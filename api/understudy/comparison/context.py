"""What surrounds the pairs: drift of inputs and answers, and which instances got an outcome."""

from collections.abc import Sequence

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from .concentration import Concentration, concentrate
from .cutting import arrival_of_outcomes
from .drift import DRIFT, DriftReport, drift, take_looks
from .evidence import Evidence
from .explanation import Explanation, explain
from .family import Family
from .finding import MATERIAL, Finding
from .looks import Look, conclude
from .naming import Coded
from .outcomes import DAY
from .policy import Policy
from .rows import Rows
from .slice_looks import glance_apart, look_once, take_slice_looks
from .slices import SliceReport, conclude_slices
from .traffic import Traffic, as_frame
from .units import Values


def input_drift(evidence: Evidence, policy: Policy) -> DriftReport | None:
    """Traffic with times is looked at again and again, traffic without is a file: one look."""
    if evidence.inputs is None or evidence.reference is None:
        return None
    return drift(
        evidence.reference,
        evidence.inputs,
        kinds=evidence.kinds,
        training=evidence.training,
        looks=evidence.inputs.served_at is not None,
        alpha=policy.alpha,
    )


def output_drift(evidence: Evidence, rows: Rows, policy: Policy) -> DriftReport | None:
    answers = rows.live_labels if rows.task == "multiclass" else rows.live
    if evidence.held_out is None or answers is None:
        return None
    return drift(
        {"prediction": evidence.held_out},
        Traffic({"prediction": answers}, rows.codes, rows.names, rows.served_at),
        kinds={"prediction": "categorical" if rows.task == "multiclass" else "numeric"},
        looks=rows.served_at is not None,
        alpha=policy.alpha,
    )


def selection(evidence: Evidence, rows: Rows, policy: Policy) -> tuple[Finding, ...]:
    """
    What tells instances with an outcome from those without, among those old enough to have one.

    Looks at live's prediction and, where they are known, at the inputs.
    """
    columns = traffic_columns(evidence, rows)
    return conclude_selection(take_selection_looks(rows, columns, policy), policy)


def take_selection_looks(
    rows: Rows, columns: pd.DataFrame | None, policy: Policy, taken: Sequence[Look] = ()
) -> tuple[Look, ...]:
    """Takes the looks at labelled against unlabelled that are due, by units with an outcome."""
    old = old_enough(rows, policy)
    labelled, unlabelled = old & rows.known, old & ~rows.known
    if not labelled.any() or not unlabelled.any():
        return tuple(taken)
    frame = _answers(rows, columns)
    family = Family.of(frame[unlabelled])
    current = Traffic(
        frame[labelled], rows.codes[labelled], rows.names[labelled], _arrived(rows)[labelled]
    )
    return take_looks(family, current.one_per_unit(), policy.alpha, taken=taken)


def conclude_selection(looks: Sequence[Look], policy: Policy) -> tuple[Finding, ...]:
    """Gives what differs materially between instances with and without an outcome."""
    found = conclude(looks, policy.alpha) if looks else []
    return tuple(finding for finding in found if finding.status == MATERIAL)


def old_enough(rows: Rows, policy: Policy) -> NDArray[np.bool_]:
    """Tells which compared rows should have had their outcome by the newest time in the rows."""
    delay = policy.outcome_delay_days
    if delay is None or rows.served_at is None or not len(rows.served_at):
        return np.zeros(len(rows.compared), dtype=bool)
    times = [rows.served_at, *([] if rows.outcome_at is None else [rows.outcome_at])]
    now = max(float(np.nanmax(side, initial=-np.inf)) for side in times)
    return rows.compared & (rows.served_at <= now - delay * DAY)


def _arrived(rows: Rows) -> NDArray[np.float64]:
    """When each row's unit is known: with its outcome, else when it was served."""
    came = arrival_of_outcomes(rows)[rows.codes]
    served = np.zeros(len(came)) if rows.served_at is None else rows.served_at
    return np.where(np.isfinite(came) & (came > 0), came, served)


def _answers(rows: Rows, columns: pd.DataFrame | None) -> pd.DataFrame:
    frame = pd.DataFrame(index=range(len(rows.compared)))
    if rows.live is not None:
        frame["prediction"] = rows.live
    if rows.live_labels is not None:
        frame["label"] = rows.live_labels
    return frame if columns is None else pd.concat([frame, columns.add_prefix("input ")], axis=1)


def traffic_columns(evidence: Evidence, rows: Rows) -> pd.DataFrame | None:
    """Gives the columns of the traffic for the very rows, or None where nothing tells which."""
    traffic = evidence.inputs
    if traffic is None:
        return None
    inputs = traffic.frame()
    if traffic.units is None or traffic.instances is None:
        is_aligned = traffic.units is evidence.units
        same = is_aligned and len(inputs) == len(rows.compared)
        return inputs.iloc[rows.units.order].reset_index(drop=True) if same else None
    inputs.index = pd.MultiIndex.from_arrays([_text(traffic.units), _text(traffic.instances)])
    keys = pd.MultiIndex.from_arrays([rows.unit_names, rows.names])
    return inputs[~inputs.index.duplicated()].reindex(keys).reset_index(drop=True)


def search_slices(evidence: Evidence, rows: Rows, policy: Policy) -> SliceReport | None:
    """Looks for slices at each number of units that is due; once, where nothing has a time."""
    columns = traffic_columns(evidence, rows)
    if columns is None or not len(columns.columns) or policy.loss is None:
        return None
    reference = None if evidence.reference is None else as_frame(evidence.reference)
    arguments = rows, columns, reference, policy
    if rows.served_at is None:
        return conclude_slices([look_once(*arguments)], policy)
    looks = take_slice_looks(*arguments) or (glance_apart(*arguments),)
    return conclude_slices(looks, policy)


def explain_difference(evidence: Evidence, rows: Rows) -> Explanation | None:
    """Explains in words where the two models differ, if the inputs of the pairs are known."""
    columns = traffic_columns(evidence, rows)
    return None if columns is None or not len(columns.columns) else explain(rows, columns)


def concentrated(evidence: Evidence, rows: Rows, policy: Policy) -> tuple[Concentration, ...]:
    """Tells which few parts hold most of the difference, if the inputs of the pairs are known."""
    columns = traffic_columns(evidence, rows)
    if columns is None or not len(columns.columns):
        return ()
    reference = None if evidence.reference is None else as_frame(evidence.reference)
    return concentrate(rows, columns, reference, policy)


def _text(values: Values | Coded) -> NDArray[np.str_]:
    return values.texts() if isinstance(values, Coded) else np.asarray(values, dtype=str)


def cautions(what: str, report: DriftReport | None) -> tuple[str, ...]:
    if report is None or report.verdict != DRIFT:
        return ()
    named = sorted({finding.column for finding in report.alarms})
    listed = ", ".join(named[:5]) + (f" and {len(named) - 5} more" if len(named) > 5 else "")
    count = len(report.alarms)
    return (f"the {what} have drifted ({count} alarm{'s' if count > 1 else ''}: {listed}).",)
