"""Scores batches with a child that may raise, hang, die or outgrow its memory."""

import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

from orjson import Fragment

from understudy.errors import ScoringFailed
from understudy.shadow.answers import Answer, BatchRefused, Failed, read_answers
from understudy.shadow.handle import POLL_S, ChildDied, ChildHandle
from understudy.shadow.patience import Patience

# As many deaths in a row as it takes to halve a batch of 2000 down to its first instance.
_FREE_DEATHS = 12
_REASON_LENGTH = 500

Instance = Mapping[str, object] | Fragment
"""An instance, or its JSON as it is."""


def _nothing() -> None: ...


@dataclass(frozen=True, slots=True)
class Limits:
    """What a child may take: instances and seconds per batch, resident memory, seconds to start."""

    batch: int = 500
    timeout_s: float = 60.0
    memory_bytes: int = 2 * 1024**3
    start_timeout_s: float = 120.0


class Scorer:
    """
    One model version, scored in a child process that is replaced whenever it is lost.

    A batch that the model does not survive is halved until the instance at fault stands alone;
    its neighbours are scored. `on_delay(reason, seconds)` is told when so many children were lost
    in a row that the next one has to wait.
    """

    def __init__(
        self,
        command: Sequence[str],
        classes: tuple[str, ...] | None,
        limits: Limits,
        on_delay: Callable[[str, float], None] = lambda reason, seconds: None,
    ) -> None:
        self._command = command
        self._classes = classes
        self._limits = limits
        self._on_delay = on_delay
        self._child: ChildHandle | None = None
        self._deaths = Patience(free=_FREE_DEATHS)
        self._delay_s = 0.0

    @property
    def child_pid(self) -> int | None:
        """The process id of the child that runs now, if one does."""
        return self._child.pid if self._child else None

    def start(self, interrupt: Callable[[], None] = _nothing) -> None:
        """
        Start the child, unless it runs, and wait until it has passed its quiz.

        Raises ScoringFailed if it cannot load the artefact or fails the quiz.
        """
        if self._child is not None:
            return
        child = ChildHandle(self._command, self._limits.memory_bytes)
        try:
            greeting = child.listen(self._limits.start_timeout_s, interrupt)
        except ChildDied as death:
            raise ScoringFailed(f"The model does not start: {death}.") from death
        if "broken" in greeting:
            child.end()
            raise ScoringFailed(str(greeting["broken"]))
        if child.is_over_memory:  # else it would be lost again after every batch
            child.end()
            limit = self._limits.memory_bytes / 1024**3
            raise ScoringFailed(
                f"The model takes more than {limit:.3g} GiB before its first batch."
            )
        self._child = child

    def score(
        self, instances: Sequence[Instance], interrupt: Callable[[], None] = _nothing
    ) -> list[Answer]:
        """
        Return one answer per instance, in order, in batches of at most `limits.batch`.

        `interrupt` is called while waiting and abandons the work by raising. Raises ScoringFailed
        if a new child does not start.
        """
        answers: list[Answer] = []
        for begin in range(0, len(instances), self._limits.batch):
            batch = instances[begin : begin + self._limits.batch]
            answers += self._score(batch, interrupt)
        return answers

    def stop(self) -> None:
        """End the child, if one runs."""
        if self._child is not None:
            self._child.end()
            self._child = None

    def _score(
        self, instances: Sequence[Instance], interrupt: Callable[[], None], *, again: bool = False
    ) -> list[Answer]:
        try:
            return self._ask(instances, interrupt)
        except BatchRefused as refusal:
            reason = str(refusal)
        except ChildDied as death:
            reason = str(death)
            # Alone, it gets a second chance in a new child: the first may have been lost to
            # someone's kill, or to memory that earlier batches leaked.
            if len(instances) == 1 and not again:
                return self._score(instances, interrupt, again=True)
        if len(instances) == 1:
            return [Failed(_shortened(reason))]
        middle = len(instances) // 2
        first = self._score(instances[:middle], interrupt)
        return first + self._score(instances[middle:], interrupt)

    def _ask(self, instances: Sequence[Instance], interrupt: Callable[[], None]) -> list[Answer]:
        self._wait_out_the_delay(interrupt)
        self.start(interrupt)
        assert self._child is not None  # noqa: S101 # started just now
        try:
            message = self._child.ask({"instances": instances}, self._limits.timeout_s, interrupt)
        except ChildDied as death:
            self._mourn(str(death))
            raise
        except BaseException:
            self.stop()
            raise
        self._deaths.succeed()
        if self._child.is_over_memory:  # its answer is good, its next batch would not be
            self.stop()
        return read_answers(message, len(instances), self._classes)

    def _mourn(self, reason: str) -> None:
        self._child = None
        self._delay_s = self._deaths.fail()
        if self._delay_s:
            self._on_delay(reason, self._delay_s)

    def _wait_out_the_delay(self, interrupt: Callable[[], None]) -> None:
        until = time.monotonic() + self._delay_s
        while time.monotonic() < until:
            interrupt()
            time.sleep(POLL_S)
        self._delay_s = 0.0


def _shortened(reason: str) -> str:
    return reason if len(reason) <= _REASON_LENGTH else f"{reason[:_REASON_LENGTH]}…"
