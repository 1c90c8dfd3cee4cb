"""`understudy serve` with nothing recorded: the service has no such setting, the benchmark does."""

from collections.abc import Sequence
from pathlib import Path

from understudy.records import ServedRequest
from understudy.serve import serve
from understudy.serving import worker
from understudy.settings import Durability, read_settings


class _Nowhere:
    """Takes the place of the spool and keeps nothing."""

    def __init__(self, folder: Path, durability: Durability = "process") -> None:
        pass

    def append(self, requests: Sequence[ServedRequest]) -> None:
        pass

    def count_lost(self, instances: int) -> None:
        pass

    def say(self, deployment_id: int | None, problem: str | None) -> None:
        pass

    def tidy(self) -> None:
        pass

    def close(self) -> None:
        pass


if __name__ == "__main__":
    worker.SpoolWriter = _Nowhere  # type: ignore[assignment,attr-defined] # on purpose
    serve(read_settings())
