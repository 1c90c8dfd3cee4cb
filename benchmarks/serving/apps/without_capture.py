"""`understudy serve` with nothing recorded: the service has no such setting, the benchmark does."""

from collections.abc import Sequence

from understudy.records import ServedRequest
from understudy.serve import serve
from understudy.serving import no_spool
from understudy.serving.spool import SpoolWriter
from understudy.settings import read_settings


class SpoolOfNothing(SpoolWriter):
    """A spool as the service has it, into which nothing is appended."""

    def append(self, requests: Sequence[ServedRequest]) -> None:
        """Let the requests go."""


if __name__ == "__main__":
    no_spool.SpoolWriter = SpoolOfNothing  # type: ignore[attr-defined] # on purpose
    serve(read_settings())
