"""The words of the pages that the report has no use for."""

SHAPES = {
    "PROMOTE": "M4 13l5 5L20 6",
    "REJECT": "M5 5l14 14M19 5L5 19",
    "HOLD": "M8 4v16M16 4v16",
    "NEED_MORE_DATA": "M4 12h2M11 12h2M18 12h2",
}
"""A drawing for each verdict, since no word is told by colour alone."""

VERDICT_SIGNS = {"PROMOTE": "✓", "REJECT": "✕", "HOLD": "‖", "NEED_MORE_DATA": "…"}
"""The same as a sign of the text, for the rows of a table."""

SIGNS = {"INSIDE": "✓", "BEYOND": "✕", "OPEN": "○"}
"""A sign for the state of each limit, for the same reason."""

STATUSES = {
    "MATERIAL": "material",
    "NEGLIGIBLE": "negligible",
    "UNSETTLED": "unsettled",
    "STABLE": "stable",
    "NEED_MORE_DATA": "open",
    "SCHEMA": "schema",
}


def in_words(verdict: str) -> str:
    """Return a verdict as people read it."""
    return verdict.replace("_", " ")
