"""Times are given as dates or as how long ago."""

from datetime import UTC, datetime, timedelta

import pytest

from understudy.cli.moments import parse_moment

NOW = datetime(2026, 11, 28, 12, tzinfo=UTC)


@pytest.mark.parametrize(
    ("text", "moment"),
    [
        ("2026-11-01", datetime(2026, 11, 1, tzinfo=UTC)),
        ("2026-11-01T12:30", datetime(2026, 11, 1, 12, 30, tzinfo=UTC)),
        ("2026-11-01T12:30+02:00", datetime(2026, 11, 1, 10, 30, tzinfo=UTC)),
        ("2026-11-01 12:30:15Z", datetime(2026, 11, 1, 12, 30, 15, tzinfo=UTC)),
        ("30m", NOW - timedelta(minutes=30)),
        ("12h", NOW - timedelta(hours=12)),
        (" 7d ", NOW - timedelta(days=7)),
        ("2w", NOW - timedelta(weeks=2)),
    ],
)
def test_a_time_is_understood(text: str, moment: datetime) -> None:
    """In UTC unless it says another zone."""
    assert parse_moment(text, NOW) == moment


@pytest.mark.parametrize(
    "text",
    [
        "",
        "yesterday",
        "7",
        "d",
        "-7d",
        "7 days",
        "2026-13-01",
        "99999999999w",
        "0001-01-01T00:00+23:00",
    ],
)
def test_what_is_no_time_is_none(text: str) -> None:
    """Nor what no calendar holds."""
    assert parse_moment(text, NOW) is None
