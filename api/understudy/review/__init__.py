"""The evidence about one shadow, gathered from log and artefacts, and judged by `comparison`."""
