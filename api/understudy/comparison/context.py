"""What surrounds the pairs: drift of inputs and answers, and which instances got an outcome."""

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from .drift import DRIFT, DriftReport, drift
from .evidence import Evidence
from .finding import MATERIAL, Finding
from .outcomes import DAY
from .policy import Policy
from .rows import Rows
from .traffic import Traffic
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
    delay = policy.outcome_delay_days
    if delay is None or rows.served_at is None or not len(rows.served_at):
        return ()
    times = [rows.served_at, *([] if rows.outcome_at is None else [rows.outcome_at])]
    now = max(float(np.nanmax(side, initial=-np.inf)) for side in times)
    old = rows.compared & (rows.served_at <= now - delay * DAY)
    labelled, unlabelled = old & rows.known, old & ~rows.known
    if not labelled.any() or not unlabelled.any():
        return ()
    frame = _columns(evidence, rows)
    report = drift(
        frame[unlabelled],
        Traffic(
            frame[labelled], rows.codes[labelled], rows.names[labelled], rows.served_at[labelled]
        ),
        looks=True,
        alpha=policy.alpha,
    )
    return tuple(finding for finding in report.findings if finding.status == MATERIAL)


def _columns(evidence: Evidence, rows: Rows) -> pd.DataFrame:
    frame = pd.DataFrame(index=range(len(rows.compared)))
    if rows.live is not None:
        frame["prediction"] = rows.live
    if rows.live_labels is not None:
        frame["label"] = rows.live_labels
    traffic = evidence.inputs
    if traffic is None or traffic.units is None or traffic.instances is None:
        return frame
    inputs = traffic.frame().add_prefix("input ")
    inputs.index = pd.MultiIndex.from_arrays([_text(traffic.units), _text(traffic.instances)])
    keys = pd.MultiIndex.from_arrays([rows.unit_names, rows.names])
    found = inputs[~inputs.index.duplicated()].reindex(keys).reset_index(drop=True)
    return pd.concat([frame, found], axis=1)


def _text(values: Values) -> NDArray[np.str_]:
    return np.asarray(values, dtype=str)


def cautions(what: str, report: DriftReport | None) -> tuple[str, ...]:
    if report is None or report.verdict != DRIFT:
        return ()
    named = sorted({finding.column for finding in report.alarms})
    listed = ", ".join(named[:5]) + (f" and {len(named) - 5} more" if len(named) > 5 else "")
    count = len(report.alarms)
    return (f"the {what} have drifted ({count} alarm{'s' if count > 1 else ''}: {listed}).",)
