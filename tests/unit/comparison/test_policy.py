"""The comparison policy and its strict reading."""

import json
from typing import Any

import pytest

from understudy.comparison import Policy
from understudy.errors import PolicyInvalid


def test_a_policy_comes_back_from_its_json() -> None:
    """Writing and reading a policy loses nothing, and equal policies have equal digests."""
    policy = Policy(aim="same", tolerance=3.5, guards=("tolerance", "failures"), minimum_days=None)
    again = Policy.from_json(json.loads(json.dumps(policy.to_json())))
    assert again == policy
    assert again.digest == policy.digest != Policy().digest


@pytest.mark.parametrize(
    ("given", "message"),
    [
        ({"aims": "same"}, r"aims is 'same', but there is no such key; did you mean aim\?$"),
        ({"minimal_units": 5}, r"no such key; did you mean minimum_units\?"),
        ({"colour": 5}, "no such key; known keys are aim, loss"),
        ({"aim": "worse"}, "one of same, not_worse, better"),
        ({"aim": True}, "one of same, not_worse, better"),
        ({"aim": "not-worse"}, r"did you mean not_worse\?$"),
        ({"loss": "absolut"}, r"one of absolute, brier.*; did you mean absolute\?"),
        ({"loss": "pinball"}, "loss_quantile is None, but the loss pinball needs the quantile"),
        ({"loss_quantile": 0.5}, "no other loss does"),
        ({"loss": "pinball", "loss_quantile": 1.0}, "above 0 and below 1"),
        ({"slices": "OldTown"}, "slices is 'OldTown', but it must be a list of names"),
        ({"slices": ["a", "a"]}, "each of them once"),
        ({"slices": [3]}, "list of names"),
        ({"slice_margin": 0}, "above 0"),
        ({"slice_units": 99}, "from 100"),
        ({"loss_margin": 0}, "above 0"),
        ({"loss_margin": "2%"}, "above 0"),
        ({"tolerance": float("nan")}, "above 0"),
        ({"tolerance": True}, "above 0"),
        ({"alpha": 1}, "below 1"),
        ({"alpha": None}, "above 0 and below 1"),
        ({"minimum_days": -1}, "from 0"),
        ({"minimum_units": 0}, "from 1"),
        ({"minimum_units": 10.5}, "from 1"),
        ({"minimum_outcomes": True}, "from 1"),
        ({"guards": "failures"}, "list of failures"),
        ({"guards": ["failure"]}, r"list of failures.*; did you mean failures\?"),
        ({"outcome_influenced": "false"}, "one of true, false"),
        ({"outcome_influenced": 1}, "one of true, false"),
        ({"unit": ""}, "name a field"),
        ([], "keys with values"),
        (None, "keys with values"),
        ({"tolerance": "5e3"}, "above 0; to YAML this is a text"),
    ],
)
def test_a_wrong_policy_is_refused_by_name(given: Any, message: str) -> None:
    """The message names the key, what was found and what is allowed."""
    with pytest.raises(PolicyInvalid, match=message):
        Policy.from_json(given)


def test_defaults_of_regression_come_from_live_s_offline_errors() -> None:
    """A tenth of the RMSE for the mean, the MAE for a pair, 2 % of absolute error."""
    filled = Policy().with_defaults(rmse=30.0, mae=20.0)
    assert (filled.difference_margin, filled.tolerance) == (3.0, 20.0)
    assert (filled.loss, filled.loss_margin) == ("absolute", 0.02)
    assert filled.slice_margin == pytest.approx(0.1)


def test_defaults_by_task() -> None:
    """Classification judges 0/1 loss by an absolute margin of half a per cent."""
    binary, multiclass = (Policy().with_defaults(task=task) for task in ("binary", "multiclass"))
    assert (binary.loss, binary.loss_margin) == ("zero_one", 0.005)
    assert (binary.difference_margin, binary.tolerance) == (0.01, 0.05)
    assert multiclass.difference_margin == 0.02


def test_what_the_policy_says_stands() -> None:
    """Defaults fill gaps and overrule nothing."""
    given = Policy(
        loss="squared", loss_margin=0.1, difference_margin=1.0, tolerance=2.0, slice_margin=0.2
    )
    assert given.with_defaults(rmse=30.0, mae=20.0) == given


@pytest.mark.parametrize(
    ("policy", "task"), [(Policy(loss="brier"), "regression"), (Policy(), "x")]
)
def test_a_loss_of_another_task_is_refused(policy: Policy, task: str) -> None:
    """The Brier score of a price, or a task nobody knows, is a mistake to be told."""
    with pytest.raises(PolicyInvalid):
        policy.with_defaults(task=task)


@pytest.mark.parametrize(
    ("policy", "task", "has_numbers", "names"),
    [
        (Policy(), "regression", True, ("failures", "not_worse")),
        (Policy(aim="better", guards=()), "binary", True, ("better",)),
        (Policy(aim="same"), "regression", True, ("failures", "difference", "tolerance")),
        (Policy(aim="same"), "binary", False, ("failures", "labels")),
        (Policy(aim="same"), "multiclass", True, ("failures", "difference", "labels")),
        (
            Policy(aim="same", guards=("difference", "failures")),
            "regression",
            True,
            ("failures", "difference", "tolerance"),
        ),
    ],
)
def test_criteria_are_the_guards_and_the_aim(
    policy: Policy, task: str, has_numbers: bool, names: tuple[str, ...]
) -> None:
    """The error probability is shared among these and no others."""
    assert policy.criteria(task, has_numbers=has_numbers) == names
