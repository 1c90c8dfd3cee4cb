"""A comparison of what was redacted at capture: the outputs as ever, and no word of the rest."""

from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

from tests.integration.conftest import NewDatabase
from tests.integration.endpoint import ENDPOINT
from tests.integration.review.decisions import Decisions
from understudy.capture import CapturePolicy
from understudy.comparison.compare import Comparison
from understudy.log.captures import read_captures
from understudy.log.deployments import change_capture
from understudy.log.work import claim, complete
from understudy.log.work_item import ShadowResult
from understudy.records import ServedRequest
from understudy.review.gathering import gather
from understudy.review.inputs import check_inputs
from understudy.serving.capture_key import make_key
from understudy.serving.engines import load_engine
from understudy.serving.redaction import compile_capture

CARRIED = {"agent": "hash", "sold": "drop"}
# What live reads and the shadow does not need to be asked again for: it has scored already.
FEATURES = {"built": "hash", "zone": "drop", "area": {"bucket": [100, 200]}}


def _capture(decisions: Decisions, fields: dict[str, object]) -> int:
    """Put a policy in force and return its number."""
    policy = CapturePolicy.from_json({"fields": fields, "output_only": True})
    with decisions.engine.begin() as connection:
        now = change_capture(connection, ENDPOINT, policy, "ann", "")
    return now.id


def _record(
    decisions: Decisions, requests: Sequence[ServedRequest], number: int, folder: Path
) -> None:
    """Record requests as a worker under the policy `number` would have."""
    with decisions.engine.begin() as connection:
        row = read_captures(connection, ENDPOINT).of(number)
    assert row is not None
    make_key(folder / "key")
    fields = [field.name for field in decisions.live.manifest.input_schema.fields]
    redact = compile_capture(row.policy, fields, folder / "key")
    assert redact is not None
    decisions.endpoint.record(
        [
            request._replace(
                instances=redact([dict(one) for one in request.instances]), deployment_id=number
            )
            for request in requests
        ]
    )


def _score_as_sent(decisions: Decisions, sent: Sequence[ServedRequest]) -> None:
    """Close the shadow's oldest item as one does that reads nothing of what is redacted."""
    manifest = decisions.shadow.manifest
    item = claim(decisions.engine, ENDPOINT, manifest.name, manifest.version, "test", 30)
    assert item is not None
    found = load_engine(decisions.shadow).predict([dict(one.instances[0]) for one in sent])
    results = [
        ShadowResult(request.request_id, 0, "scored", output, value)
        for request, output, value in zip(sent, found.outputs, found.values, strict=True)
    ]
    assert complete(decisions.engine, item, results, 0) is not None


def _outputs(found: Comparison) -> tuple[object, ...]:
    assert found.outcomes is not None
    # How long outcomes took to come is the clock's business.
    outcomes = replace(found.outcomes, delay_median=None, delay_q90=None, delay_max=None)
    return (
        found.verdict, found.pairs, outcomes, found.coverage, found.units, found.guards,
        found.more_needed, found.output_drift,
    )  # fmt: skip


def test_the_outputs_are_compared_as_if_nothing_were_redacted(
    decisions: Decisions, blank: Decisions, new_database: NewDatabase, tmp_path: Path
) -> None:
    """The same traffic with and without: equal pairs, disagreement, errors and verdict."""
    decisions.deploy()
    requests = decisions.play(250, 1, ["failed"])
    decisions.report(requests)
    plain = decisions.review().comparison
    assert plain.pairs.pairs == 249
    assert plain.redacted == ()
    with blank.copied(new_database) as other:
        other.deploy()
        _record(other, requests, _capture(other, CARRIED), tmp_path)
        other.endpoint.score(other.shadow, ["failed"])
        other.report(requests)
        found = other.review().comparison
    assert found.redacted == ("agent", "sold")
    assert "redacted at capture" in found.cautions[0]
    assert _outputs(found) == _outputs(plain)
    assert found.input_drift is not None
    assert plain.input_drift is not None
    # No policy let a feature be redacted, so the drift is that of the same columns.
    assert found.input_drift.findings == plain.input_drift.findings


def test_no_drift_slice_or_reason_is_made_of_redacted_features(
    decisions: Decisions, tmp_path: Path
) -> None:
    """A hash is no unseen level, and a dropped value is not missing."""
    decisions.deploy()
    number = _capture(decisions, FEATURES)
    sent = decisions.endpoint.answer(decisions.live, 250)
    _record(decisions, sent, number, tmp_path)
    _score_as_sent(decisions, sent)
    decisions.report(sent)
    found = decisions.review()
    comparison = found.comparison
    assert comparison.redacted == ("area", "built", "zone")
    assert comparison.pairs.pairs == 250
    assert comparison.input_drift is not None
    assert set(comparison.input_drift.kinds) == {"frontage", "rooms", "alley", "garage"}
    assert not {"area", "built", "zone"} & {one.column for one in comparison.input_drift.alarms}
    text = str(comparison.to_json()["slices"]) + str(comparison.to_json()["explanation"])
    assert not [name for name in ("built", "zone") if name in text]
    endpoint = decisions.endpoint
    shown = gather(endpoint.engine, endpoint.settings, endpoint.store, "tiny-houses:2.0.0")
    assert "built" not in {check.column for check in check_inputs(shown)}


def test_a_certificate_holds_on_both_sides_of_a_new_policy(
    decisions: Decisions, tmp_path: Path
) -> None:
    """Looks that were taken with a feature are verified with it, later ones without."""
    decisions.deploy()
    decisions.report(decisions.play(120, 1))
    before = decisions.certify()
    assert any("built" in str(found) for found in before.looks["inputs"])
    sent = decisions.endpoint.answer(decisions.live, 150)
    _record(decisions, sent, _capture(decisions, FEATURES), tmp_path)
    _score_as_sent(decisions, sent)
    decisions.report(sent)
    after = decisions.certify()
    assert decisions.verify(before).is_identical
    assert decisions.verify(after).is_identical
    assert len(after.looks["inputs"]) == 2
    assert "built" in str(after.looks["inputs"][0])
    assert "built" not in str(after.looks["inputs"][1])
    assert after.comparison["redacted"] == ["area", "built", "zone"]


def test_a_comparison_goes_on_when_every_feature_is_redacted(
    decisions: Decisions, tmp_path: Path
) -> None:
    """Only outputs are left, and they suffice."""
    features = [field.name for field in decisions.live.manifest.input_schema.features]
    decisions.deploy()
    number = _capture(decisions, {**dict.fromkeys(features, "drop"), **CARRIED})
    sent = decisions.endpoint.answer(decisions.live, 120)
    _record(decisions, sent, number, tmp_path)
    _score_as_sent(decisions, sent)
    decisions.report(sent)
    found = decisions.review().comparison
    assert found.pairs.pairs == 120
    assert found.input_drift is not None
    assert found.input_drift.findings == ()
    assert found.output_drift is not None
    assert found.output_drift.look == 1
    endpoint = decisions.endpoint
    shown = gather(endpoint.engine, endpoint.settings, endpoint.store, "tiny-houses:2.0.0")
    assert check_inputs(shown) == ()
