"""Runs: each with a seed of its own, over several processes, until all are done or time is up."""

import multiprocessing
import signal
import time
import zlib
from collections.abc import Iterator, Sequence
from concurrent.futures import FIRST_COMPLETED, Future, ProcessPoolExecutor, wait
from dataclasses import dataclass

import numpy as np

from .case import Case, Run
from .judging import Tally

ROUNDS = 40
MOST = 20
"""Runs of a batch: little is lost or late when time is up."""


@dataclass(frozen=True)
class Batch:
    """Some runs of one case, by number."""

    case: Case
    first: int
    count: int


def generator(seed: int, case: str, number: int) -> np.random.Generator:
    """Gives the generator of one run, the same however the runs are spread over processes."""
    return np.random.default_rng([seed, zlib.crc32(case.encode()), number])


def run_batch(batch: Batch, seed: int) -> tuple[Batch, list[Run]]:
    """Simulates the runs of a batch: what a worker process is asked for."""
    case, numbers = batch.case, range(batch.first, batch.first + batch.count)
    return batch, [case.simulate(generator(seed, case.name, number)) for number in numbers]


def run_case(case: Case, runs: int, seed: int) -> Tally:
    """Simulates so many runs of one case in this process."""
    tally = Tally()
    tally.add(run_batch(Batch(case, 0, runs), seed)[1])
    return tally


def batches(cases: Sequence[Case], runs: int) -> Iterator[Batch]:
    """Deals the runs of all cases out in rounds, so that stopping early leaves none behind."""
    for turn in range(ROUNDS):
        for case in cases:
            total = case.runs(runs)
            first, end = total * turn // ROUNDS, total * (turn + 1) // ROUNDS
            for start in range(first, end, MOST):
                yield Batch(case, start, min(MOST, end - start))


def _leave_interrupts() -> None:
    """Ctrl-C reaches the whole group: the parent alone answers it."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)


def run_all(
    cases: Sequence[Case], runs: int, seed: int, workers: int, seconds: float
) -> Iterator[tuple[Batch, list[Run]]]:
    """
    Yields batch after batch as they end, in no order; begins none after so many seconds.

    A single worker is this process. Of several, each has at most two batches to do, so that little
    is under way when time is up.
    """
    ends = time.monotonic() + seconds
    todo = batches(cases, runs)
    if workers == 1:
        for batch in todo:
            if time.monotonic() >= ends:
                return
            yield run_batch(batch, seed)
        return
    yield from _spread(todo, seed, workers, ends)


def _spread(
    todo: Iterator[Batch], seed: int, workers: int, ends: float
) -> Iterator[tuple[Batch, list[Run]]]:
    # A fork has the libraries already: importing them takes each new process five seconds.
    method = "fork" if "fork" in multiprocessing.get_all_start_methods() else None
    context = multiprocessing.get_context(method)
    with ProcessPoolExecutor(workers, mp_context=context, initializer=_leave_interrupts) as pool:
        running: set[Future[tuple[Batch, list[Run]]]] = set()
        try:
            while True:
                while len(running) < 2 * workers and time.monotonic() < ends:
                    batch = next(todo, None)
                    if batch is None:
                        break
                    running.add(pool.submit(run_batch, batch, seed))
                if not running:
                    return
                done, running = wait(running, return_when=FIRST_COMPLETED)
                for future in done:
                    yield future.result()
        finally:
            pool.shutdown(wait=True, cancel_futures=True)
