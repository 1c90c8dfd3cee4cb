"""The values of the live inputs, held against the schema of the live model."""

from understudy.artefacts.schema import Field
from understudy.comparison.values import Expected, ValueCheck, check_values
from understudy.review.gathering import Gathered


def check_inputs(gathered: Gathered) -> tuple[ValueCheck, ...]:
    """Count what is missing, unseen or out of range in the live inputs, feature by feature."""
    traffic = gathered.evidence.inputs
    if traffic is None:
        return ()
    frame = traffic.frame()  # without what is redacted at capture
    features = [one for one in gathered.live.input_schema.features if one.name in frame]
    return check_values(frame, [_expected(field) for field in features])


def _expected(field: Field) -> Expected:
    return Expected(
        name=field.name,
        type=field.type,
        nullable=field.nullable,
        minimum=field.minimum,
        maximum=field.maximum,
        categories=field.categories,
    )
