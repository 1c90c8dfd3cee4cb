"""
Where an experiment takes place: a stack of its own under a steady load.

This is a control of Chaos Toolkit: it sets the stage before an experiment and clears it after. The
faults and the promises find the stage with `current`.
"""

import json
import logging
import os
import shutil
import threading
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import AbstractContextManager, ExitStack, contextmanager, suppress
from dataclasses import dataclass, field
from importlib import import_module
from pathlib import Path
from typing import Any
from urllib.parse import urlencode

import httpx
import psycopg2
from chaoslib.exceptions import InterruptExecution

from tests.chaos.account import Account, Place, settle
from tests.chaos.ledger import Ledger
from tests.chaos.load import Load
from tests.chaos.records import address, ask, is_shipped, read_records
from tests.chaos.running import EVIDENCE
from tests.chaos.template import instances_of, stack_from, template
from tests.stack import Stack, eventually
from understudy.log.premises import find_premises

logger = logging.getLogger("chaostoolkit")

ENDPOINT = "default"
PARTS = ("serve", "agent", "shadow", "watch")
RATE = 50.0
_WARM_UP = 20  # requests answered before the steady state is looked at
_DRAINED_WITHIN_S = 240.0


@dataclass
class Stage:
    """
    A running stack, the load on it, and what its client noted.

    `failures` are the activities that could not be carried out: a fault that did not take place
    proves nothing. `last_fault` is the moment from which on the recovery counts, None before, and
    `in_the_background` how many faults have ended that ran beside others. `poisoned` are the
    instances on which a shadow has to fail, `ruined` the client's ids of requests that a fault took
    out of a spool before they were shipped, `may_lose` says whether answers may go unrecorded if
    they are counted, `asks_compare` whether the product's own account is asked for after the fault,
    `prepared` is what stands around the stack for the faults of one family, `elsewhere` the address
    of a Postgres that took over, and `clearing` ends and removes everything.
    """

    stack: Stack
    ledger: Ledger
    load: Load
    clearing: ExitStack
    failures: list[str] = field(default_factory=list)
    last_fault: float | None = None
    recovery_s: float | None = None
    in_the_background: int = 0
    poisoned: set[Place] = field(default_factory=set)
    ruined: set[str] = field(default_factory=set)
    may_lose: bool = False
    asks_compare: bool = True
    prepared: object = None
    elsewhere: str | None = None
    _lock: threading.Lock = field(default_factory=threading.Lock)
    _account: Account | None = None

    @property
    def postgres(self) -> str:
        """The address of the stack's Postgres for psycopg2, whether it runs or not."""
        return address(self.stack.folder) if self.elsewhere is None else self.elsewhere

    @property
    def postgres_url(self) -> str:
        """The same address for SQLAlchemy."""
        where = urlencode({"host": str(find_premises(self.stack.folder).socket_dir)})
        return f"postgresql+psycopg2://postgres@/postgres?{where}&port=5432"

    def flow(self) -> None:
        """Let requests flow."""
        self._account = None
        self.load.flow()

    def wait_for_answers(self, count: int) -> None:
        """Wait until so many more requests are answered."""
        known = len(self.ledger.answered)
        eventually(lambda: len(self.ledger.answered) >= known + count, 60)

    @contextmanager
    def taking_the_api(self) -> Iterator[None]:
        """Excuse the requests that are under way meanwhile: the api, or a part of it, is killed."""
        began = time.monotonic()
        try:
            yield
        finally:
            self.ledger.excuse(began, time.monotonic())

    def fault(self) -> None:
        """Note that something was done to the stack just now."""
        self.last_fault = time.monotonic()

    def end_in_the_background(self) -> None:
        """Count a fault in the background that has ended."""
        with self._lock:
            self.in_the_background += 1

    def account(self) -> Account:
        """Hold the load, wait until nothing is left to be shipped or scored, and settle."""
        if self._account is None:
            self.load.hold()
            for is_over in (self.is_shipped, self._is_scored):
                with suppress(AssertionError):  # then the account shows what is missing
                    eventually(_patiently(is_over), _DRAINED_WITHIN_S)
            self._account = settle(
                self.ledger,
                read_records(self.postgres, ENDPOINT),
                self.poisoned,
                self.ruined,
                may_lose=self.may_lose,
            )
        return self._account

    def is_shipped(self) -> bool:
        """Say whether Postgres has everything that stands in the spools."""
        return is_shipped(self.stack.folder / "spool", self.postgres)

    def _is_scored(self) -> bool:
        return not ask(self.postgres, "SELECT 1 FROM work WHERE state <> 'done' LIMIT 1")

    def is_well(self) -> bool:
        """Say whether every part answers that it can do its work."""
        return all(map(self._is_ready, range(len(PARTS))))

    def _is_ready(self, part: int) -> bool:
        where = f"http://127.0.0.1:{self.stack.port + part}/health/ready"
        try:
            return self.stack.client.get(where, timeout=5).status_code == 200
        except httpx.HTTPError:
            return False


_stages: list[Stage] = []


def current() -> Stage:
    """Return the stage of the experiment that runs."""
    if not _stages:
        raise RuntimeError("No stage is set: the experiment lacks its control `stage`.")
    return _stages[-1]


def before_experiment_control(
    context: Mapping[str, Any],
    environment: Mapping[str, str] | None = None,
    rate: float = RATE,
    shadow: str | None = None,
    prepare: str | None = None,
    *,
    asks_compare: bool = True,
) -> None:
    """
    Start a stack and let the first requests be answered.

    `environment` are settings of the stack, `rate` is in requests per second, and `shadow` is a
    version of the store that is deployed beside the others. `prepare` names a context manager,
    such as `tests.chaos.faults.postgres:in_the_network`, that is given the stack before its start.
    Without `asks_compare` the product's own account is not asked for.
    """
    try:
        _set(environment or {}, rate, shadow, prepare)
        current().asks_compare = asks_compare
    except Exception as error:
        logger.exception("the stage cannot be set")
        raise InterruptExecution(f"The stage cannot be set: {error}") from error


def after_activity_control(
    context: Mapping[str, Any], state: Mapping[str, Any], **_: object
) -> None:
    """
    Remember an activity that failed: Chaos Toolkit itself passes over it.

    Like all controls it is given the arguments of the first one, too.
    """
    if not _stages or not state:
        return
    stage = current()
    if state.get("status") == "failed":
        said = (state.get("exception") or ["?"])[-1].strip()
        stage.failures.append(f"{context['name']}: {said}")
    if context.get("background"):
        stage.end_in_the_background()


def after_experiment_control(context: Mapping[str, Any], **_: object) -> None:
    """Write down what the client noted, and end and remove everything."""
    if not _stages:
        return
    stage = _stages.pop()
    with stage.clearing:
        stage.load.close()
        _keep_evidence(stage, os.environ.get("CHAOS_EVIDENCE"))


def _set(
    environment: Mapping[str, str], rate: float, shadow: str | None, prepare: str | None
) -> None:
    with ExitStack() as opened:
        made = opened.enter_context(template())
        stack = opened.enter_context(stack_from(made, environment))
        prepared = opened.enter_context(_named(prepare)(stack)) if prepare else None
        ledger = Ledger()
        load = Load(stack.url, instances_of(made), ledger, rate)
        stage = Stage(stack, ledger, load, opened.pop_all(), prepared=prepared)
    _stages.append(stage)
    stack.start()
    if shadow is not None:
        stack.run("deploy", shadow, "--shadow")
    eventually(stage.is_well, 60)
    stage.flow()
    stage.wait_for_answers(_WARM_UP)


def _named(what: str) -> Callable[[Stack], AbstractContextManager[object]]:
    module, _, name = what.partition(":")
    found: Callable[[Stack], AbstractContextManager[object]] = getattr(import_module(module), name)
    return found


def _keep_evidence(stage: Stage, folder: str | None) -> None:
    """Keep logs and ledger where the runner wants them, for whoever looks into a failure."""
    if folder is None:
        return
    place = Path(folder)
    place.mkdir(parents=True, exist_ok=True)
    with (place / EVIDENCE).open("w") as file:
        file.writelines(json.dumps(vars(one)) + "\n" for one in stage.ledger.requests)
    (place / "up.log").write_text(stage.stack.said)
    for log in [*(stage.stack.folder / "logs").glob("*.log"), stage.stack.folder / "postgres.log"]:
        with suppress(FileNotFoundError):
            shutil.copy(log, place)


def _patiently(is_true: Callable[[], bool]) -> Callable[[], bool]:
    """Take an outage of Postgres for a no: it may be about to come back."""

    def ask_again() -> bool:
        try:
            return is_true()
        except psycopg2.Error:
            return False

    return ask_again
