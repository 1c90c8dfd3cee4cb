"""The command line: `understudy COMMAND`, also `python -m understudy`."""

from understudy.cli.program import main

__all__ = ["main"]
