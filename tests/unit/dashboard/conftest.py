"""Boards of every kind, made from evidence without a database."""

from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any

import numpy as np
import pandas as pd
import pytest

from understudy.comparison import Comparison, Evidence, Policy, Traffic, compare
from understudy.comparison.paths import Path, paths
from understudy.log.latest import LatestPair
from understudy.log.roles import Role, ShadowRole
from understudy.review.board import Board, make_board

WHEN = datetime(2026, 9, 21, 12, 0, 0, tzinfo=UTC)
REQUEST = "01900000-0000-7000-8000-000000000001"
LIVE = Role("houses", "1.0.0", "a" * 64, WHEN, "ada", "the first one", 1)
SHADOW = ShadowRole("houses", "2.0.0", "b" * 64, WHEN, "ben", "may do better", 2)

MakeBoard = Callable[..., Board]


def make_pair(**changes: Any) -> LatestPair:
    """Return a pair of numbers with its true value."""
    known: dict[str, Any] = {
        "request_id": REQUEST,
        "instance_no": 0,
        "served_at": WHEN,
        "live_value": 200_000.0,
        "live_label": None,
        "shadow_value": 201_500.0,
        "shadow_label": None,
        "error": None,
        "outcome": 199_000.0,
    }
    return LatestPair(**(known | changes))


def make_usual(
    n: int = 1200, shadow_sd: float = 13.0, policy: Policy | None = None, **more: Any
) -> Board:
    """Return the board of a regression in dollars, with inputs of which two have moved."""
    rng = np.random.default_rng(0)
    truth = rng.normal(180_000, 50_000, n)
    served = 1.79e9 + np.arange(n) * 600.0
    known: dict[str, Any] = {
        "live": truth + rng.normal(0, 20_000, n),
        "shadow": truth + rng.normal(0, shadow_sd * 1000, n),
        "served_at": served,
        "outcomes": truth,
        "outcome_at": served + 3600,
        "offline": {"rmse": 20_000.0, "mae": 16_000.0},
        "inputs": Traffic(_columns(rng, n, 1.0), served_at=served),
        "reference": _columns(rng, 800, 0.0),
        "live_name": "houses:1.0.0",
        "shadow_name": "houses:2.0.0",
        "endpoint": "houses",
        "target": "price",
        "measured_in": "USD",
    }
    evidence = Evidence(**(known | more))
    given = policy or Policy(aim="not_worse")
    return make_board(_judged(evidence, given), evidence, (LIVE, SHADOW), (make_pair(),), WHEN)


@pytest.fixture
def make() -> MakeBoard:
    """Return a maker of boards."""
    return make_usual


@pytest.fixture(scope="session")
def usual() -> Board:
    """Return one board that every test may read, since nothing of it can change."""
    return make_usual()


@pytest.fixture
def empty() -> Board:
    """Return the board of a shadow that has seen nothing yet."""
    evidence = Evidence(
        live=[], shadow=[], served_at=[], offline={"rmse": 20_000.0, "mae": 16_000.0},
        live_name="houses:1.0.0", shadow_name="houses:2.0.0", endpoint="houses",
    )  # fmt: skip
    return make_board(_judged(evidence, Policy()), evidence, (LIVE, SHADOW), (), WHEN)


def _judged(evidence: Evidence, policy: Policy) -> tuple[Comparison, tuple[Path, ...]]:
    found = compare(evidence, policy)
    return found, paths(evidence, found.policy, found.level)


def _columns(rng: "np.random.Generator", rows: int, shift: float) -> pd.DataFrame:
    return pd.DataFrame(
        {
            "still": rng.normal(0, 1, rows),
            "moved <b>": rng.normal(shift, 1, rows),
            "zone": rng.choice(["North", "South"], rows, p=[0.5 + 0.2 * shift, 0.5 - 0.2 * shift]),
        }
    )
