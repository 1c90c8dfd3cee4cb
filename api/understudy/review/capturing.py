"""Capture policies held against the models of an endpoint: who may play what, and on which data."""

from collections.abc import Mapping
from difflib import get_close_matches
from typing import Any

from understudy.artefacts.manifest import Manifest
from understudy.artefacts.schema import Field
from understudy.capture import Capture, CapturePolicy
from understudy.errors import CaptureInvalid, FieldRedacted, listed
from understudy.log.captures import deployments_in_span, read_captures
from understudy.log.database import Connection
from understudy.log.replay import Replay
from understudy.log.roles import Deployments, Role, ShadowRole

Manifests = Mapping[str, Manifest]
"""The manifests of models by their digests."""

_NUMBERS = ("number", "integer")


def redacted_features(policy: CapturePolicy, manifest: Manifest) -> tuple[str, ...]:
    """Return the features of a model that are not recorded as they are sent."""
    return policy.redacted(field.name for field in manifest.input_schema.features)


def check_role(
    capture: Capture | None, manifest: Manifest, comparison: Mapping[str, Any] | None, *,
    is_live: bool,
) -> None:  # fmt: skip
    """
    Refuse a role in which a model would need what is redacted.

    A shadow reads what was recorded, so it needs every feature; a live model is refused unless the
    policy is one for outputs only. `comparison` is a shadow's comparison policy, whose unit has to
    be told apart. Raises FieldRedacted.
    """
    if capture is None:
        return
    fields = redacted_features(capture.policy, manifest)
    if fields and is_live and not capture.policy.output_only:
        raise FieldRedacted(
            {manifest.title: fields}, capture.title,
            "Keep these fields, or set the policy with --output-only: then the model may be live,"
            " and only its outputs can be compared.",
        )  # fmt: skip
    if is_live:
        return
    if fields:
        raise FieldRedacted(
            {manifest.title: fields}, capture.title,
            "A shadow is scored on what is recorded, so it would not be asked what live was. Keep"
            " these fields with `understudy capture set`, and deploy it then.",
        )  # fmt: skip
    unit = _lost_unit(capture.policy, comparison)
    if unit is not None:
        raise FieldRedacted(
            {f"the comparison with {manifest.title}": (unit,)}, capture.title,
            "It is the unit of the comparison policy, whose values must stay apart: keep or hash"
            " it, or name another unit.",
        )  # fmt: skip


def refuse_redacted_span(connection: Connection, wanted: Replay, manifest: Manifest) -> None:
    """Refuse to replay what was recorded without a feature of the version. Raises FieldRedacted."""
    captures = read_captures(connection, wanted.endpoint)
    span = wanted.since, wanted.until
    held = deployments_in_span(connection, wanted.endpoint, captures, *span)
    features = [field.name for field in manifest.input_schema.features]
    for row, fields in captures.redacting(held, features):
        raise FieldRedacted(
            {manifest.title: fields}, row.capture.title,
            f"Part of that time was recorded by it, since {row.at:%Y-%m-%d %H:%M:%S %Z}: a replay"
            " would ask something else than live was asked. Name a time without it with --since"
            " and --until.",
        )  # fmt: skip


def settle(policy: CapturePolicy, now: Deployments, known: Manifests) -> CapturePolicy:
    """
    Return a wanted policy with every field named that a deployed model reads.

    `default` is about the others: what a model reads is redacted only if it is named. Raises
    CaptureInvalid for a field that no deployed model knows, and for buckets of what is no number.
    """
    models = [known[role.digest] for role in _deployed(now)]
    if not models:
        return policy
    fields: dict[str, Field] = {}
    for manifest in reversed(models):  # the live model's word counts
        fields |= {field.name: field for field in manifest.input_schema.fields}
    for name, handling in policy.fields.items():
        if name not in fields:
            near = get_close_matches(name, fields, n=1)
            hint = f"did you mean {near[0]!r}?" if near else f"known are {listed(sorted(fields))}"
            raise CaptureInvalid(name, f"no deployed model knows this field; {hint}")
        if handling.how == "bucket" and fields[name].type not in _NUMBERS:
            raise CaptureInvalid(name, f"it is a {fields[name].type}, and buckets are of numbers")
    features = [field.name for one in models for field in one.input_schema.features]
    return policy.keeping(features)


def ended_by(policy: CapturePolicy, now: Deployments, known: Manifests) -> tuple[ShadowRole, ...]:
    """
    Return the shadows whose role ends with a policy, because they read what it redacts.

    There are none unless the policy is for outputs only. Raises FieldRedacted, naming every model
    that stands against the policy.
    """
    reads = {role.digest: redacted_features(policy, known[role.digest]) for role in _deployed(now)}
    against = {role.model: reads[role.digest] for role in _deployed(now) if reads[role.digest]}
    if against and not policy.output_only:
        raise FieldRedacted(
            against, "this capture policy",
            "Keep these fields. Or say --output-only: then live goes on, no shadow, replay or"
            " reproduction is offered that reads them, and the role of a shadow that does ends.",
        )  # fmt: skip
    ended = tuple(role for role in now.shadows if reads[role.digest])
    for role in now.shadows:
        unit = _lost_unit(policy, role.policy)
        if role not in ended and unit is not None:
            raise FieldRedacted(
                {f"the comparison with {role.model}": (unit,)}, "this capture policy",
                "It is the unit of its comparison policy, whose values must stay apart: keep or"
                " hash it.",
            )  # fmt: skip
    return ended


def _lost_unit(policy: CapturePolicy, comparison: Mapping[str, Any] | None) -> str | None:
    """Return the unit of a comparison whose values a capture policy does not keep apart."""
    unit = (comparison or {}).get("unit", "request")
    is_lost = unit != "request" and policy.handling(unit).how in ("drop", "bucket")
    return str(unit) if is_lost else None


def _deployed(now: Deployments) -> tuple[Role, ...]:
    live = () if now.live is None else (now.live,)
    return (*live, *now.shadows)
