"""A comparison policy is held against the models before anything is compared."""

from dataclasses import fields, replace

import pytest

from understudy.artefacts.artefact import Artefact
from understudy.comparison import Policy
from understudy.errors import PolicyInvalid
from understudy.review.policies import check_policy, explain_policy


def test_a_policy_that_fits_comes_back_filled(
    linear_artefact: Artefact, boosting_artefact: Artefact
) -> None:
    """Features and carried fields may be units and slices; margins come from live's errors."""
    live, shadow = linear_artefact.manifest, boosting_artefact.manifest
    filled = check_policy(Policy(unit="agent", slices=("zone", "sold")), live, shadow)
    assert filled.difference_margin == pytest.approx(0.1 * live.metrics["rmse"].value)
    assert filled.tolerance == live.metrics["mae"].value


@pytest.mark.parametrize(
    ("policy", "message"),
    [
        (Policy(unit="agnt"), r"unit is 'agnt'.*field of tiny-houses:1.0.0; did you mean agent\?$"),
        (Policy(unit="requests"), r"did you mean request\?$"),
        (Policy(unit="qqq"), r"carried field of tiny-houses:1.0.0\.$"),
        (Policy(slices=("zone", "Agents")), r"'Agents' is no feature.*did you mean agent\?$"),
        (Policy(loss="brier"), "regression models are judged by absolute"),
        (Policy(guards=("labels",)), "'labels' needs labels, and a regression has none"),
    ],
)
def test_what_the_live_model_does_not_know_is_refused(
    policy: Policy, message: str, linear_artefact: Artefact
) -> None:
    """The message names the key, the model, and the nearest name."""
    with pytest.raises(PolicyInvalid, match=message):
        check_policy(policy, linear_artefact.manifest)


def test_a_limit_without_an_offline_error_is_refused(linear_artefact: Artefact) -> None:
    """A tolerance that nobody gave, of a model that says nothing of its error, stays unknown."""
    silent = replace(linear_artefact.manifest, metrics={})
    with pytest.raises(PolicyInvalid, match="'difference' needs difference_margin, since tiny"):
        check_policy(Policy(aim="same"), silent)
    check_policy(Policy(aim="same", difference_margin=1.0, tolerance=1.0), silent)


def test_probabilities_are_asked_of_both_models(binary_artefact: Artefact) -> None:
    """A shadow that gives labels only can be judged by labels only."""
    live = binary_artefact.manifest
    bare = replace(live, version="2.0.0", output=replace(live.output, has_probabilities=False))
    for policy in (Policy(loss="log_loss"), Policy(guards=("tolerance",))):
        check_policy(policy, live, live)
    with pytest.raises(PolicyInvalid, match=r"tiny-dear:2.0.0 gives no probabilities"):
        check_policy(Policy(loss="log_loss"), live, bare)
    with pytest.raises(PolicyInvalid, match="'tolerance' needs probabilities of both"):
        check_policy(Policy(guards=("tolerance",)), live, bare)
    assert check_policy(Policy(aim="same"), live, bare).criteria("binary", has_numbers=False) == (
        "failures",
        "labels",
    )


def test_every_key_is_explained(linear_artefact: Artefact, binary_artefact: Artefact) -> None:
    """What the file says is told from the file, the rest from the manifest or as a default."""
    live = linear_artefact.manifest
    lines = {
        line.key: line
        for line in explain_policy(Policy(alpha=0.1), ("alpha",), "policy.yaml", live)
    }
    assert list(lines) == [field.name for field in fields(Policy)]
    assert lines["alpha"].source == "policy.yaml"
    assert lines["tolerance"].source == "offline MAE of tiny-houses:1.0.0"
    assert lines["tolerance"].unit == live.output.unit != ""
    assert lines["loss"].source == "default for regression"
    assert lines["slice_margin"].value == pytest.approx(0.1)
    assert lines["slices"].source == "default: all suitable fields"
    binary = {x.key: x for x in explain_policy(Policy(), (), "", binary_artefact.manifest)}
    assert (binary["loss_margin"].value, binary["loss_margin"].source) == (
        0.005,
        "default: 0.5 % absolute",
    )
    assert binary["tolerance"].source == "default for binary"


def test_without_a_live_model_its_defaults_stay_open() -> None:
    """What cannot be known yet has no value, and says what it will come from."""
    lines = {line.key: line for line in explain_policy(Policy(), (), "", None)}
    assert (lines["loss"].value, lines["loss"].source) == (None, "depends on the task")
    assert lines["difference_margin"].source == "0.1 × offline RMSE of the live model"
    assert "zero_one" in lines["loss_margin"].source
