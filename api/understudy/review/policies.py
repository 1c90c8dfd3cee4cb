"""What a comparison policy asks for once it meets the models it is about."""

from collections.abc import Collection
from dataclasses import dataclass, fields
from typing import Any

from understudy.artefacts.manifest import Manifest
from understudy.comparison.jsonable import as_json
from understudy.comparison.policy import SLICE_FACTOR, Policy
from understudy.comparison.policy_values import nearest
from understudy.errors import PolicyInvalid

REQUEST = "request"


@dataclass(frozen=True)
class PolicyLine:
    """One key of a policy: its value, the unit it is in, and where it comes from."""

    key: str
    value: Any
    unit: str
    source: str


def check_policy(policy: Policy, live: Manifest, shadow: Manifest | None = None) -> Policy:
    """
    Return the policy with its defaults filled from the live model.

    Raises PolicyInvalid for a unit or slice that is no field of the live model, a loss or a guard
    that its task does not know, and a criterion that these models can never answer.
    """
    _check_fields(policy, live)
    filled = fill(policy, live)
    has_numbers = all(_has_numbers(one) for one in (live, shadow or live))
    if filled.loss in ("log_loss", "brier") and not has_numbers:
        wanted = f"{_without_numbers(live, shadow)} gives no probabilities, which this loss needs"
        raise PolicyInvalid("loss", filled.loss, wanted)
    for name in filled.criteria(live.task, has_numbers=has_numbers):
        if lacking := _lacking(name, filled, live, has_numbers):
            key = "guards" if name in policy.guards else "aim"
            raise PolicyInvalid(key, getattr(policy, key), f"{name!r} needs {lacking}")
    return filled


def fill(policy: Policy, live: Manifest) -> Policy:
    """Return the policy with its defaults filled from the live model's offline errors and task."""
    errors = {name: metric.value for name, metric in live.metrics.items()}
    return policy.with_defaults(errors.get("rmse"), errors.get("mae"), live.task)


def _check_fields(policy: Policy, live: Manifest) -> None:
    known = [field.name for field in live.input_schema.fields]
    if policy.unit != REQUEST and policy.unit not in known:
        hint = nearest(policy.unit, (REQUEST, *known))
        wanted = f"it must be 'request', or a feature or carried field of {live.title}{hint}"
        raise PolicyInvalid("unit", policy.unit, wanted)
    for name in policy.slices or ():
        if name not in known:
            hint = nearest(name, known)
            wanted = f"{name!r} is no feature or carried field of {live.title}{hint}"
            raise PolicyInvalid("slices", list(policy.slices or ()), wanted)


def _has_numbers(manifest: Manifest) -> bool:
    return manifest.task == "regression" or manifest.output.has_probabilities


def _without_numbers(live: Manifest, shadow: Manifest | None) -> str:
    return next(one.title for one in (live, shadow) if one is not None and not _has_numbers(one))


def _lacking(name: str, filled: Policy, live: Manifest, has_numbers: bool) -> str:
    """Say what a criterion would need that is not there; empty if it can be answered."""
    if name == "labels":
        return "labels, and a regression has none" if live.task == "regression" else ""
    if name not in ("difference", "tolerance"):
        return ""
    if not has_numbers:
        return "probabilities of both models"
    key = "difference_margin" if name == "difference" else "tolerance"
    if getattr(filled, key) is None:
        return f"{key}, since {live.title} says nothing of its offline error"
    return ""


def explain_policy(
    policy: Policy, given: Collection[str], source: str, live: Manifest | None
) -> tuple[PolicyLine, ...]:
    """
    Return every key with its value and where it comes from, in the order of the policy.

    `given` are the keys that `source` names; without a live model what depends on it stays open.
    """
    filled = policy if live is None else fill(policy, live)
    return tuple(
        PolicyLine(
            key=field.name,
            value=as_json(getattr(filled, field.name)),
            unit=_unit(field.name, live),
            source=source if field.name in given else _derived(field.name, filled, live),
        )
        for field in fields(Policy)
    )


_WITHOUT = {
    "loss_cap": "losses are not capped",
    "loss_quantile": "only pinball has one",
    "outcome_delay_days": "no outcome counts as late",
    "slices": "all suitable fields",
}


def _unit(key: str, live: Manifest | None) -> str:
    is_in_unit = live is not None and live.task == "regression"
    if key in ("difference_margin", "tolerance") and live is not None and is_in_unit:
        return live.output.unit
    return {"minimum_days": "days", "outcome_delay_days": "days"}.get(key, "")


def _derived(key: str, filled: Policy, live: Manifest | None) -> str:
    """Say where a value comes from that nobody wrote down."""
    if key == "loss":
        return "depends on the task" if live is None else f"default for {live.task}"
    if key == "loss_margin":
        absolute, relative = "0.5 % absolute", "2 % of live's loss"
        kind = absolute if filled.loss == "zero_one" else relative
        return f"default: {kind}" if filled.loss else f"{relative}; {absolute} for zero_one"
    if key == "slice_margin":
        return f"{SLICE_FACTOR} × loss_margin"
    if key not in ("difference_margin", "tolerance"):
        without = _WITHOUT.get(key) if getattr(filled, key) is None else None
        return f"default: {without}" if without else "default"
    if live is not None and live.task != "regression":
        return f"default for {live.task}"
    measure = "0.1 × offline RMSE" if key == "difference_margin" else "offline MAE"
    return f"{measure} of {'the live model' if live is None else live.title}"
