"""Which instances a shadow can be asked about."""

import pytest

from understudy.artefacts.schema import Field, InputSchema
from understudy.shadow.contract import ShadowContract

_CONTRACT = ShadowContract(
    InputSchema(
        features=(
            Field("area", "number", required=True, nullable=False),
            Field("rooms", "integer", required=False, nullable=True),
        ),
        carried=(Field("street", "string", required=False, nullable=True),),
    )
)


def test_fields_the_shadow_does_not_use_are_left_out() -> None:
    """Neither the live model's own features nor carried fields reach the shadow."""
    narrowed = _CONTRACT.narrow({"area": 1.0, "street": 12, "garden": "yes"})
    assert narrowed == {"area": 1.0}
    assert _CONTRACT.refusal(narrowed) is None


def test_an_absent_nullable_feature_is_fine() -> None:
    """Absent means missing, and the model knows what to do with it."""
    assert _CONTRACT.refusal({"area": 1}) is None
    assert _CONTRACT.refusal({"area": 1, "rooms": None}) is None


@pytest.mark.parametrize(
    ("instance", "reason"),
    [
        ({"rooms": 3}, "area: the shadow requires it, but it is missing"),
        ({"area": None}, "area: null is not allowed by the shadow"),
        ({"area": "wide"}, "area: not of type number"),
        ({"area": 1.0, "rooms": 2.5}, "rooms: not of type integer or null"),
        ({"area": 1.0, "rooms": 2**60}, "rooms: breaks the shadow's contract (Maximum)"),
    ],
)
def test_what_the_shadow_cannot_take_is_named(instance: dict[str, object], reason: str) -> None:
    """The reason names the field and holds no value."""
    assert _CONTRACT.refusal(_CONTRACT.narrow(instance)) == reason
