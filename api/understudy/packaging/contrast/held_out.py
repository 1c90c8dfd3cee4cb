"""The held-out rows that two versions keep in their references."""

import json
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Literal

from understudy.artefacts.artefact import Artefact
from understudy.artefacts.frames import instances_of
from understudy.artefacts.schema import InputSchema
from understudy.serving.engines.fitted import label_text

Which = Literal["first", "second"]


@dataclass(frozen=True)
class HeldOutRow:
    """A held-out row of one version: its number there, its fields and its true answer."""

    of: Which
    row: int
    instance: dict[str, Any]
    truth: object

    def seen_by(self, schema: InputSchema) -> dict[str, Any]:
        """Return what a model would look at."""
        names = [field.name for field in schema.features if field.name in self.instance]
        return {name: self.instance[name] for name in names}


def held_out_rows(artefact: Artefact, of: Which) -> list[HeldOutRow]:
    """Read the held-out rows of a reference, numbered from 0."""
    manifest = artefact.manifest
    reference = artefact.reference()
    frame = reference[reference["__split__"] == "test"]
    instances = instances_of(frame, manifest.input_schema.fields)
    is_number = manifest.output.classes is None
    truths = [float(t) if is_number else label_text(t) for t in frame["__target__"].tolist()]
    return [
        HeldOutRow(of, number, instance, truth)
        for number, (instance, truth) in enumerate(zip(instances, truths, strict=True))
    ]


def joined(
    first: Sequence[HeldOutRow], second: Sequence[HeldOutRow], schemas: Sequence[InputSchema]
) -> list[HeldOutRow]:
    """Return the rows of the first, and those of the second that the first does not have."""
    known = {_key(row, schemas) for row in first}
    return [*first, *(row for row in second if _key(row, schemas) not in known)]


def _key(row: HeldOutRow, schemas: Sequence[InputSchema]) -> str:
    seen = [row.seen_by(schema) for schema in schemas]
    return json.dumps([*seen, row.truth], sort_keys=True)
