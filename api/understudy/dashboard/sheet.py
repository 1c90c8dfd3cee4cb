"""A sheet: what the pages show of one shadow, as HTML."""

from dataclasses import dataclass
from datetime import datetime

from markupsafe import Markup


@dataclass(frozen=True)
class Sheet:
    """The card of a shadow for the first page, and the content of its own page."""

    title: str
    card: Markup
    content: Markup
    made_at: datetime
