"""Edges are what a contract accepts and training never saw."""

from dataclasses import replace
from typing import Any

import jsonschema_rs
import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st

from tests import tiny
from understudy.artefacts.frames import instances_of
from understudy.artefacts.schema import LARGEST_INTEGER, Field, InputSchema, instance_schema
from understudy.packaging.edge_cases import (
    MIXED,
    MOST_LONE,
    ODD_TEXT,
    UNSEEN_LEVEL,
    extreme_edges,
    plain_edges,
)
from understudy.packaging.inference import infer_schema

HOUSES = tiny.make_houses()
FIELDS = infer_schema(HOUSES, features=tiny.FEATURES).features
ROWS = instances_of(HOUSES.head(10), FIELDS)


def edges_of(fields: tuple[Field, ...], rows: Any = ROWS, seed: int = 0) -> list[dict[str, Any]]:
    """Return plain and extreme edges together."""
    plain = [instance for _, instance in plain_edges(rows, fields)]
    return plain + extreme_edges(rows, fields, seed)


@given(st.sets(st.sampled_from(tiny.NUMBERS + tiny.COUNTS + tiny.CATEGORIES)), st.integers(0, 9))
@settings(max_examples=15, deadline=None)
def test_every_edge_is_accepted_by_the_contract(refusing: set[str], seed: int) -> None:
    """Whichever fields refuse what lies outside: nobody could send an edge that breaks it."""
    fields = tuple(
        replace(field, outside="refuse" if field.name in refusing else "serve") for field in FIELDS
    )
    contract = jsonschema_rs.validator_for(instance_schema(InputSchema(fields)))
    for edge in edges_of(fields, seed=seed):
        assert contract.is_valid(edge), next(contract.iter_errors(edge))


def test_edges_hold_every_kind_of_strangeness() -> None:
    """A few hundred of them, the same for the same seed."""
    edges = edges_of(FIELDS)
    assert 400 <= len(edges) <= 1000
    areas = [edge["area"] for edge in edges]
    span = HOUSES["area"].max() - HOUSES["area"].min()
    assert min(areas) < HOUSES["area"].min() - 999 * span
    assert max(areas) > HOUSES["area"].max() + 999 * span
    assert {5e-324, 2.225073858507201e-308} <= set(areas)
    assert any(area == 0 and np.signbit(area) for area in areas)
    assert {LARGEST_INTEGER, -LARGEST_INTEGER} <= {edge["rooms"] for edge in edges}
    assert {UNSEEN_LEVEL, "", ODD_TEXT} <= {edge["zone"] for edge in edges}
    assert any("alley" not in edge for edge in edges)
    assert edges_of(FIELDS) == edges


def test_a_field_that_refuses_strangers_meets_none() -> None:
    """Its edges are the ends of its range and its own levels."""
    fields = tuple(replace(field, outside="refuse") for field in FIELDS if field.type != "boolean")
    edges = edges_of(fields)
    areas = [edge["area"] for edge in edges]
    assert (min(areas), max(areas)) == (HOUSES["area"].min(), HOUSES["area"].max())
    assert {edge["zone"] for edge in edges} == set(tiny.ZONES)


def test_an_open_end_is_reached_for() -> None:
    """A range declared to one side only leaves the other as wide as before."""
    area = replace(FIELDS[0], maximum=None, outside="refuse")
    values = [edge["area"] for edge in extreme_edges(ROWS, [area], 0)]
    assert min(values) == area.minimum
    assert max(values) > 10_000


def test_a_number_without_a_range_is_tried_too() -> None:
    """Training never saw one, and the contract accepts any."""
    nothing = Field("x", "number", False, True)
    values = {edge["x"] for edge in extreme_edges([{"x": None}], [nothing], 0)}
    assert {-1000.0, 1000.0, None} <= values


def test_a_field_that_may_be_absent_is_left_out() -> None:
    """Even where an explicit null is not accepted."""
    field = replace(FIELDS[0], required=False, nullable=False)
    edges = dict(plain_edges(ROWS, [field]))
    assert "area" not in edges["area absent"]
    assert "area = None" not in edges


def test_many_fields_do_not_make_many_edges() -> None:
    """Some extreme numbers are drawn; missing values and levels are all tried."""
    fields = [Field(f"x{i}", "number", True, False, 0.0, 1.0) for i in range(200)]
    row = {field.name: 0.5 for field in fields}
    assert len(extreme_edges([row], fields, 0)) == MOST_LONE + MIXED
