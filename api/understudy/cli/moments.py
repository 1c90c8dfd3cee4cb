"""How times are given on the command line: as a date, how long ago, or how long."""

import re
from datetime import UTC, datetime, timedelta
from typing import Any

import click

_AGO = re.compile(r"(\d+)([mhdw])")
_UNITS = {"m": "minutes", "h": "hours", "d": "days", "w": "weeks"}


class MomentParameter(click.ParamType[datetime]):
    """A time: `2026-11-01`, `2026-11-01T12:30`, or `30m`, `12h`, `7d`, `2w` ago."""

    name = "TIME"

    def convert(self, value: Any, param: Any, ctx: Any) -> datetime:
        """Read the argument, or say what was expected."""
        if isinstance(value, datetime):
            return value
        found = parse_moment(str(value), datetime.now(UTC))
        if found is None:
            self.fail(
                f"{value!r} is neither a date such as 2026-11-01 or 2026-11-01T12:30, in UTC"
                " unless it says another zone, nor how long ago, such as 30m, 12h, 7d or 2w.",
                param,
                ctx,
            )
        return found


class SpanParameter(click.ParamType[timedelta]):
    """A length of time: `30m`, `12h`, `7d`, `2w`."""

    name = "TIME"

    def convert(self, value: Any, param: Any, ctx: Any) -> timedelta:
        """Read the argument, or say what was expected."""
        if isinstance(value, timedelta):
            return value
        found = parse_span(str(value))
        if found is None:
            self.fail(f"{value!r} is not a time such as 30m, 12h, 90d or 2w.", param, ctx)
        return found


MOMENT = MomentParameter()
SPAN = SpanParameter()


def parse_span(text: str) -> timedelta | None:
    """Return the length of time that a text means, None if it means none."""
    found = _AGO.fullmatch(text.strip())
    try:
        return timedelta(**{_UNITS[found[2]]: int(found[1])}) if found else None
    except OverflowError:
        return None


def parse_moment(text: str, now: datetime) -> datetime | None:
    """Return the time that a text means at `now`, None if it means none; UTC unless it says so."""
    try:
        if (ago := parse_span(text)) is not None:
            return now - ago
        found = datetime.fromisoformat(text.strip())
        return found.astimezone(UTC) if found.tzinfo else found.replace(tzinfo=UTC)
    except (ValueError, OverflowError):
        return None
