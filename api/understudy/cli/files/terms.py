"""The policy under which a file of pairs is judged."""

from dataclasses import replace
from typing import Any

import numpy as np

from understudy.cli.figures_text import number
from understudy.cli.files.asked import Asked, Terms
from understudy.comparison import Evidence, Policy
from understudy.errors import UsageError
from understudy.review.policy_file import read_policy


def agree(terms: Terms, asked: Asked, evidence: Evidence) -> tuple[Policy, tuple[str, ...]]:
    """
    Give the policy, and what a person should know of how it came about.

    A file asks for no number of days. Without an outcome column the aim is `same`, because nothing
    else can be judged. Raises UsageError or PolicyInvalid for what this file cannot answer.
    """
    policy, stated = (Policy(), ()) if terms.policy_file is None else read_policy(terms.policy_file)
    remarks = []
    if "minimum_days" in stated and policy.minimum_days:
        remarks.append("The policy's minimum_days does not apply to a file.")
    policy = replace(policy, **_said(terms), minimum_days=None, unit=asked.unit or "request")
    if evidence.outcomes is None and policy.needs_outcomes:
        if terms.aim is not None or "aim" in stated:
            raise UsageError(
                f"The aim {policy.aim!r} is about errors, which only outcomes tell: name their"
                " column with --outcome, or ask for --aim same."
            )
        policy = replace(policy, aim="same")
        remarks.append("Without --outcome the aim is 'same': the shadow answers as live does.")
    return policy, (*remarks, *_margins(policy, evidence))


def _said(terms: Terms) -> dict[str, Any]:
    said = {
        "aim": terms.aim,
        "loss": terms.loss,
        "loss_margin": terms.loss_margin,
        "difference_margin": terms.margin,
        "tolerance": terms.tolerance,
    }
    return {key: value for key, value in said.items() if value is not None}


def _margins(policy: Policy, evidence: Evidence) -> list[str]:
    """Say which margins come from the file, or ask for those that nothing can tell."""
    if evidence.task != "regression":
        return []
    filled = policy.with_defaults(evidence.offline.get("rmse"), evidence.offline.get("mae"))
    needed = filled.criteria("regression", has_numbers=True)
    missing = [
        option
        for name, option, value in (
            ("difference", "--margin", filled.difference_margin),
            ("tolerance", "--tolerance", filled.tolerance),
        )
        if name in needed and value is None
    ]
    if missing:
        raise UsageError(_ask_for(missing, evidence))
    if policy.difference_margin is not None or "difference" not in needed:
        return []
    return [
        f"The margin of the mean difference is {number(filled.difference_margin)}, a tenth of"
        " live's own RMSE in this file; --margin names another."
    ]


def _ask_for(options: list[str], evidence: Evidence) -> str:
    live = np.asarray(evidence.live, dtype=np.float64)
    live = live[np.isfinite(live)]
    spread = (
        f" Live's answers have mean {number(float(live.mean()))} and standard deviation"
        f" {number(float(live.std()))}."
        if len(live)
        else ""
    )
    meaning = {
        "--margin": "--margin NUMBER says how far the mean of shadow − live may be from nought",
        "--tolerance": "--tolerance NUMBER says how far a single pair may be apart",
    }
    asked_for = "; ".join(meaning[option] for option in options)
    return (
        f"Nothing tells which differences matter: {asked_for}.{spread}"
        " With --outcome COLUMN they come from live's own errors."
    )
