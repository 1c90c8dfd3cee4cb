"""Every gate can refuse; what becomes of a refusal is decided in one place."""

from collections.abc import Callable, Mapping
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pytest
from sklearn.dummy import DummyRegressor
from sklearn.ensemble import RandomForestRegressor
from sklearn.linear_model import LinearRegression
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import FunctionTransformer

from tests import tiny
from understudy import package_model
from understudy.artefacts.artefact import Artefact, QuizItem
from understudy.artefacts.vetting import ABSOLUTE_GATES, GATE_NAMES, Waiver, unvetted
from understudy.errors import ArtefactRefused, GatesInvalid
from understudy.packaging.gates.case import Case
from understudy.packaging.gates.run import GATES, Gate, Vetting, ask_gates, check_overrides
from understudy.packaging.given import Refusals

MakeCase = Callable[..., Case]
Trap = Callable[[MakeCase, Artefact], Case]

HOUSES = tiny.make_houses()
PLAIN = HOUSES[["area", "rooms", "price"]]
WAIVABLE = [gate for gate in GATES if not gate.is_absolute]


def plain_case(make_case: MakeCase, estimator: Any = None, **changes: Any) -> Case:
    """Return a case of a model on two numbers."""
    rows = {"train": PLAIN[:220], "test": PLAIN[220:]}
    return make_case(LinearRegression() if estimator is None else estimator, **(rows | changes))


def broken(make_case: MakeCase, _: Artefact) -> Case:
    """Return a case whose test rows are larger than clients may ask about."""
    case = plain_case(make_case)
    area, rooms = case.given.schema.features
    schema = replace(case.given.schema, features=(replace(area, outside="refuse"), rooms))
    test = case.given.test.assign(area=10_000.0)
    return replace(case, given=replace(case.given, schema=schema, test=test))


def wrong(make_case: MakeCase, _: Artefact) -> Case:
    """Return a case with a question that the model answers wrongly."""
    return plain_case(make_case, questions=[QuizItem({"area": 1.0, "rooms": 1}, 0.0, 1.0, "given")])


def unstable(make_case: MakeCase, _: Artefact) -> Case:
    """Return a case of a model that knows no logarithm of a negative area."""
    logarithm = make_pipeline(FunctionTransformer(np.log1p), LinearRegression())
    return plain_case(make_case, logarithm)


def unfair(make_case: MakeCase, _: Artefact) -> Case:
    """Return a case of a model that is far off for the houses of one zone."""
    test = tiny.make_houses(400, seed=5)
    dearer = test["price"] + 300_000 * (test["zone"] == "West")
    return make_case(test=test.assign(price=dearer), limits={"slices": {"ratio": 2.0}})


# A case for each gate that it refuses.
TRAPS: Mapping[str, Trap] = {
    "schema": broken,
    "quiz": wrong,
    "stable": unstable,
    "leakage": lambda make, _: plain_case(make, test=PLAIN[200:]),
    "denied": lambda make, _: plain_case(make, limits={"denied": {"names": ["area"]}}),
    "staleness": lambda make, _: make(limits={"staleness": {"refuse_days": 0}}),
    "quality": lambda make, _: plain_case(make, limits={"quality": {"metric": "mae", "limit": 1}}),
    "baseline": lambda make, _: plain_case(make, DummyRegressor()),
    "simpler": lambda make, _: make(DummyRegressor()),
    "slices": unfair,
    "live": lambda make, live: make(DummyRegressor(), live=live),
    "deviation": lambda make, live: make(
        DummyRegressor(), live=live, limits={"deviation": {"share": 0.0}}
    ),
    "cost": lambda make, _: plain_case(make, costs={"1": 101.0}),
    "reproducible": lambda make, _: plain_case(make, RandomForestRegressor(n_estimators=3)),
}


def ask(case: Case, overrides: Mapping[str, str] | None = None) -> tuple[Vetting, list[str]]:
    """Return what all gates found and what is refused."""
    refusals = Refusals("test", "1.0.0")
    vetting = ask_gates(case, overrides or {}, "Ada", refusals, lambda _: None)
    return vetting, refusals.reasons


def package(out: Path, estimator: Any = None, **changes: Any) -> Artefact:
    """Package a model of two numbers, with something changed."""
    X, y = PLAIN[["area", "rooms"]], PLAIN["price"]
    model = (LinearRegression() if estimator is None else estimator).fit(X[:220], y[:220])
    given = {
        "name": "test", "version": "1.0.0", "X_train": X[:220], "y_train": y[:220],
        "X_test": X[220:], "y_test": y[220:], "out": out,
    }  # fmt: skip
    return package_model(model, **(given | changes))


@pytest.mark.parametrize("gate", GATES, ids=lambda gate: gate.name)
def test_every_gate_can_refuse(gate: Gate, make_case: MakeCase, linear_artefact: Artefact) -> None:
    """A gate that lets everything pass guards nothing; the reason has a figure in it."""
    ruling = gate.judge(TRAPS[gate.name](make_case, linear_artefact))
    assert ruling.status == "refused"
    assert any(character.isdigit() for character in ruling.sentence)
    assert not ruling.summary.endswith(".")


@pytest.mark.parametrize("gate", WAIVABLE, ids=lambda gate: gate.name)
def test_a_refusal_can_be_waived(
    gate: Gate, make_case: MakeCase, linear_artefact: Artefact
) -> None:
    """With a reason and a name, unless the gate is absolute."""
    case = TRAPS[gate.name](make_case, linear_artefact)
    vetting, reasons = ask(case, {gate.name: " we know "})
    status = {result.gate: result.status for result in vetting.results}
    assert status[gate.name] == "waived"
    assert vetting.waivers == [Waiver(gate.name, "we know", "Ada")]
    assert not any(reason.startswith(f"{gate.name}:") for reason in reasons)


def test_every_gate_is_asked_in_order(make_case: MakeCase) -> None:
    """Somebody who waits hears which."""
    heard: list[str] = []
    vetting = ask_gates(make_case(), {}, "Ada", Refusals("test", "1.0.0"), heard.append)
    names = [gate.name for gate in GATES]
    assert [result.gate for result in vetting.results] == names
    assert heard == [f"gate {gate.name}: {gate.question}" for gate in GATES]
    assert vetting.measured.keys() == {"staleness", "cost", "reproducible"}


def test_an_override_that_nobody_needed_is_not_recorded(make_case: MakeCase) -> None:
    """The gate passes as it would have, and somebody who waits hears of it."""
    heard: list[str] = []
    refusals = Refusals("test", "1.0.0")
    vetting = ask_gates(make_case(), {"cost": "too dear"}, "Ada", refusals, heard.append)
    assert vetting.waivers == []
    assert {result.gate: result.status for result in vetting.results}["cost"] == "passed"
    assert "gate cost: its override is not needed" in heard


def test_a_costly_gate_that_is_waived_is_not_asked(make_case: MakeCase) -> None:
    """A training of hours is not done again for nothing."""
    vetting, _ = ask(make_case(), {"reproducible": "it takes a day"})
    result = {found.gate: found for found in vetting.results}["reproducible"]
    assert (result.status, result.summary) == ("waived", "it was not asked, because it is waived")
    assert vetting.waivers == [Waiver("reproducible", "it takes a day", "Ada")]


def test_a_fault_of_a_gate_is_no_verdict(make_case: MakeCase) -> None:
    """It is neither a pass nor a refusal, so it comes through."""
    with pytest.raises(KeyError):
        ask(make_case(costs={}))


@pytest.mark.parametrize(
    ("overrides", "reason"),
    [
        ({"costs": "why not"}, "no gate 'costs'; there are schema, quiz"),
        ({"quiz": "it is right"}, "quiz cannot be overridden"),
        ({"schema": "it is right"}, "schema cannot be overridden"),
        ({"stable": "it is right"}, "stable cannot be overridden"),
        ({"cost": " "}, "Say why"),
        ({"cost": None}, "Say why"),
    ],
)
def test_an_override_that_cannot_be_is_a_mistake(overrides: Any, reason: str) -> None:
    """An unknown gate, an absolute one, or no reason."""
    with pytest.raises(GatesInvalid, match=reason):
        check_overrides(overrides)


def test_an_absolute_gate_cannot_be_waived_when_packaging(tmp_path: Path) -> None:
    """Not even where nothing is wrong."""
    with pytest.raises(GatesInvalid, match="stable cannot be overridden"):
        package(tmp_path, overrides={"stable": "never mind"})
    assert not list(tmp_path.iterdir())


def test_a_refusal_names_every_failed_gate_at_once(tmp_path: Path) -> None:
    """With its figure, and leaves nothing behind."""
    X = pd.concat([PLAIN[220:], PLAIN[:20]])
    with pytest.raises(ArtefactRefused) as caught:
        package(
            tmp_path,
            DummyRegressor(),
            X_test=X[["area", "rooms"]],
            y_test=X["price"],
            quiz=[{"area": 80.0, "rooms": 2, "__expected__": 1, "__tolerance__": 1}],
            gates={"cost": {"ms_per_row": 1e-9}, "denied": {"names": ["rooms"]}},
        )
    gates = [reason.split(":")[0] for reason in caught.value.reasons]
    assert gates == ["quiz", "leakage", "denied", "baseline", "cost"]
    assert all(reason in str(caught.value) for reason in caught.value.reasons)
    assert "20 of 100 test rows" in str(caught.value)
    assert "measured: ms per row" in str(caught.value)
    assert not list(tmp_path.iterdir())


def test_a_malformed_question_does_not_hide_the_gates(tmp_path: Path) -> None:
    """Everything is told at once."""
    with pytest.raises(ArtefactRefused) as caught:
        package(tmp_path, quiz=[{"aera": 1}], gates={"cost": {"ms_per_row": 1e-9}})
    assert [reason.split(":")[0] for reason in caught.value.reasons] == ["quiz", "cost"]


def test_rows_that_break_the_schema_are_one_reason_each(tmp_path: Path) -> None:
    """Text for a number in the test is no traceback of the model."""
    X = PLAIN[["area", "rooms"]][220:].assign(area="large", rooms=1.5)
    with pytest.raises(ArtefactRefused) as caught:
        package(tmp_path, X_test=X)
    assert [reason.split(":")[0] for reason in caught.value.reasons] == ["schema"] * 2


def test_rows_out_of_bounds_do_not_hide_the_other_gates(tmp_path: Path) -> None:
    """They can be scored, so everything is told at once."""
    X = PLAIN[["area", "rooms"]][220:].assign(area=10_000.0)
    with pytest.raises(ArtefactRefused) as caught:
        package(
            tmp_path,
            X_test=X,
            schema_overrides={"area": {"minimum": 0, "maximum": 5000, "outside": "refuse"}},
            gates={"cost": {"ms_per_row": 1e-9}},
        )
    gates = [reason.split(":")[0] for reason in caught.value.reasons]
    assert gates == ["schema", "baseline", "cost"]
    assert "schema: 80 of 80 test rows are not between 0 and 5000" in caught.value.reasons[0]


def test_a_live_version_that_cannot_be_asked_can_be_overruled(
    tmp_path: Path, linear_artefact: Artefact
) -> None:
    """A model on other columns may well be meant, and nobody has the old ones any more."""
    with pytest.raises(ArtefactRefused, match="live: it cannot be held against live: the test"):
        package(tmp_path, live=linear_artefact)
    manifest = package(tmp_path, live=linear_artefact, overrides={"live": "new columns"}).manifest
    status = {result.gate: result.status for result in manifest.gates}
    assert (status["live"], status["deviation"]) == ("waived", "skipped")
    assert [waiver.gate for waiver in manifest.waivers] == ["live"]


def test_a_refused_model_has_a_way_out(tmp_path: Path) -> None:
    """What `stable` refuses can be served once clients cannot send it."""
    logarithm = make_pipeline(FunctionTransformer(np.log1p), LinearRegression())
    with pytest.raises(ArtefactRefused, match=r"stable: .*outside: refuse"):
        package(tmp_path, logarithm)
    positive = {"minimum": 0, "maximum": 5000, "outside": "refuse"}
    overrides = {"area": positive, "rooms": positive | {"maximum": 50}}
    manifest = package(tmp_path, logarithm, schema_overrides=overrides).manifest
    assert [field.outside for field in manifest.input_schema.features] == ["refuse", "refuse"]
    assert {result.gate: result.status for result in manifest.gates}["stable"] == "passed"


def test_the_manifest_tells_who_waived_what(tmp_path: Path) -> None:
    """And the artefact may be served."""
    overrides = {"cost": "the machine is slow", "denied": "not needed"}
    heard: list[str] = []
    artefact = package(
        tmp_path, gates={"cost": {"ms_per_row": 1e-9}}, overrides=overrides, progress=heard.append
    )
    manifest = artefact.manifest
    status = {result.gate: result.status for result in manifest.gates}
    assert list(status) == [gate.name for gate in GATES]
    assert status["cost"] == "waived"
    (waiver,) = manifest.waivers
    assert (waiver.gate, waiver.reason) == ("cost", "the machine is slow")
    assert waiver.by
    assert unvetted(manifest.gates, manifest.waivers) == []
    assert "gate denied: its override is not needed" in heard


def test_what_is_measured_stays_out_of_the_manifest(tmp_path: Path) -> None:
    """So that the same training has the same digest on a slow day."""
    one, other = package(tmp_path / "one"), package(tmp_path / "other")
    assert one.digest == other.digest
    measured: Any = one.provenance()
    assert "ms per row" in str(measured)


def test_the_door_into_service_knows_the_gates_that_packaging_asks() -> None:
    """All of them, and in their order: what one of them left out could be served unseen."""
    assert tuple(gate.name for gate in GATES) == GATE_NAMES
    assert {gate.name for gate in GATES if gate.is_absolute} == ABSOLUTE_GATES
