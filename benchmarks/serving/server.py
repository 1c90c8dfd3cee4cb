"""What the benchmark knows of a server: how it is started, asked and understood."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

import orjson

from benchmarks.serving.houses import Instance

ROOT = Path(__file__).parents[2]
# As ours: two workers are the parallelism, threads of a model would only fight them.
_THREADS = {f"{name}_NUM_THREADS": "1" for name in ("OMP", "OPENBLAS", "MKL", "NUMEXPR")}


@dataclass(frozen=True)
class Place:
    """Where one server runs: its Python, its four ports, its folder, and what it serves."""

    python: Path
    port: int
    folder: Path
    models: Path
    model: str

    def environment(self) -> dict[str, str]:
        """Return the variables that every server gets."""
        return {
            **_THREADS,
            "PYTHONPATH": f"{ROOT}:{ROOT / 'model_package'}",
            "BENCHMARK_MODELS": str(self.models),
            "BENCHMARK_MODEL": self.model,
            "BENCHMARK_PORT": str(self.port),
        }


def plain_body(instances: Sequence[Instance]) -> bytes:
    """Return the body that all but two servers get."""
    return orjson.dumps({"instances": instances})


def plain_answers(body: bytes) -> list[float]:
    """Return the predictions that most servers answer with."""
    found: list[float] = orjson.loads(body)["predictions"]
    return found


def _nothing(_: Place) -> None:
    pass


def _no_hold(_: Place, __: int) -> None:
    pass


def _no_backlog(_: Place, __: int) -> int:
    return 0


@dataclass(frozen=True)
class Server:
    """
    One server under test.

    `environment` is the name of its requirements, or None for the checkout's own. `does` says what
    it does beyond predicting, `settings` which of its fast settings are used. `answers` is None for
    the floor, which has no model. `prepare` is called once per run and model; `hold`, with the root
    process, once it answers; `backlog` tells what is not worked off yet.
    """

    name: str
    title: str
    does: str
    settings: str
    environment: str | None
    command: Callable[[Place], Sequence[str]]
    path: str = "/predict"
    body: Callable[[Sequence[Instance]], bytes] = plain_body
    answers: Callable[[bytes], list[float]] | None = plain_answers
    variables: Callable[[Place], Mapping[str, str]] = field(default=lambda _: {})
    prepare: Callable[[Place], None] = _nothing
    hold: Callable[[Place, int], None] = _no_hold
    backlog: Callable[[Place, int], int] = _no_backlog
    is_peer: bool = True
