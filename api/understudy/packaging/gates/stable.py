"""The gate stable: every generated input that the contract accepts has a finite answer."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any

import numpy as np

from understudy.artefacts.frames import instances_of
from understudy.artefacts.schema import Field, describe_range
from understudy.packaging.gates.case import Case
from understudy.packaging.gates.ruling import Ruling, passed, refused
from understudy.packaging.proof import score_each

# Unanswered inputs that are looked into for the field that does it, evenly spread.
MOST_EXPLAINED = 20
# Fields that the summary names.
MOST_NAMED = 3

ABSENT = object()
Instance = Mapping[str, Any]

WAYS_OUT = {
    "missing": "impute missing values",
    "level": "let encoders accept unknown levels (handle_unknown='ignore' or 'use_encoded_value')",
    "number": "clip or transform numbers in the pipeline, or declare the range that clients may"
    " send with `outside: refuse` in schema_overrides",
}


def judge(case: Case) -> Ruling:
    """Look for generated inputs without a finite answer, and for the fields that do it."""
    edges = case.evidence.edges
    valid = case.evidence.edge_scores.is_valid()
    unanswered = np.flatnonzero(~valid)
    figures = {"inputs": len(edges), "unanswered": len(unanswered)}
    if not len(unanswered):
        return passed(f"all {len(edges)} generated inputs have a finite answer", **figures)
    spread = np.linspace(0, len(unanswered) - 1, min(MOST_EXPLAINED, len(unanswered)))
    culprits = _culprits(case, [edges[int(unanswered[int(i)])] for i in spread])
    ways = [way for kind, way in WAYS_OUT.items() if kind in {c["kind"] for c in culprits}]
    named = [str(culprit["what"]) for culprit in culprits]
    more = f" and {len(named) - MOST_NAMED} more" if len(named) > MOST_NAMED else ""
    rows = tuple({"field": c["field"], "what": c["what"]} for c in culprits)
    ruling = refused(
        f"{len(unanswered)} of {len(edges)} generated inputs have no finite answer:"
        f" no answer for {'; '.join(named[:MOST_NAMED])}{more}, which clients may send;"
        f" {', and '.join(ways)}",
        **figures,
    )
    return replace(ruling, rows=rows)


def _culprits(case: Case, unanswered: Sequence[Instance]) -> list[dict[str, object]]:
    """
    Name what alone leaves an ordinary row without an answer, once for each field.

    Where only several fields together do it, all that is unusual in the first input is named.
    """
    fields = case.given.model.fields
    usual = _answered_row(case)
    trials = [
        (field, instance.get(field.name, ABSENT)) for instance in unanswered for field in fields
    ]
    scores = score_each(case.engine.score, [_changed(usual, f, value) for f, value in trials])
    found: dict[str, dict[str, object]] = {}
    for (field, value), is_answered in zip(trials, scores.is_valid(), strict=True):
        if not is_answered and field.name not in found:
            found[field.name] = _told(field, value)
    if found:
        return list(found.values())
    first = unanswered[0]
    unusual = [_told(f, v) for f in fields if (v := first.get(f.name, ABSENT)) != usual[f.name]]
    what = " with ".join(str(told["what"]) for told in unusual[:MOST_NAMED])
    return [{"field": None, "kind": told["kind"], "what": what} for told in unusual]


def _answered_row(case: Case) -> dict[str, Any]:
    """Return a training row, all of which have an answer."""
    return instances_of(case.given.train.head(1), case.given.model.fields)[0]


def _changed(usual: Instance, field: Field, value: object) -> dict[str, Any]:
    if value is ABSENT:
        return {name: content for name, content in usual.items() if name != field.name}
    return {**usual, field.name: value}


def _told(field: Field, value: object) -> dict[str, object]:
    """Say what a field holds, in words and by the kind of help there is."""
    if value is ABSENT or value is None:
        what = f"{field.name} absent" if value is ABSENT else f"{field.name} = None"
        return {"field": field.name, "kind": "missing", "what": what}
    if isinstance(value, str):
        return {"field": field.name, "kind": "level", "what": f"{field.name} = {value!r}"}
    known = describe_range(field)
    saw = f" (training saw {known})" if known else ""
    return {"field": field.name, "kind": "number", "what": f"{field.name} = {value:.6g}{saw}"}
