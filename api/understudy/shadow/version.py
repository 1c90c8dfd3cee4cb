"""One shadow version at work: claims items, scores what it can, says how it fares."""

import logging
import time
from collections.abc import Callable, Sequence
from functools import partial
from pathlib import Path

from orjson import Fragment

from understudy.artefacts.artefact import Artefact
from understudy.errors import LogUnavailable, ScoringFailed, UnderstudyError
from understudy.log.work import State
from understudy.log.work_item import ShadowResult, WorkCounts, WorkRow
from understudy.shadow.answers import Answer, Failed, Refused, Scored
from understudy.shadow.clerk import Clerk, Closed, Portion
from understudy.shadow.events import ItemClosed, Observer, StateChanged
from understudy.shadow.handle import python_command
from understudy.shadow.patience import Patience
from understudy.shadow.scorer import Limits, Scorer
from understudy.shadow.worklist import OUTAGE_S, LeaseLost, Stopped, Worklist

logger = logging.getLogger(__name__)

_IDLE_S = 0.5
_FREE_LOST_ITEMS = 3


class ShadowVersion:
    """
    The work of one shadow version in one process.

    `fetch` brings the artefact. `run` goes on until the worklist is told to stop, whatever the
    model, the artefact store or Postgres do: it waits, and tells the prediction log and the
    observer what it waits for. `command` is what starts the child for an artefact's folder.
    """

    def __init__(
        self,
        worklist: Worklist,
        fetch: Callable[[], Artefact],
        limits: Limits,
        observer: Observer,
        command: Callable[[Path], Sequence[str]] = python_command,
    ) -> None:
        self._worklist = worklist
        self._fetch = fetch
        self._limits = limits
        self._observer = observer
        self._command = command
        self._stop = worklist.stop
        self._prepared: Scorer | None = None
        self._features: tuple[str, ...] = ()
        self._starts = Patience()
        self._items = Patience(free=_FREE_LOST_ITEMS)
        self._is_well = False
        self._told: tuple[State, str] | None = None

    def run(self) -> None:
        """Score until told to stop; leaves no child and no lease behind."""
        try:
            while not self._stop.is_set():
                self._work_until_trouble()
        finally:
            if self._prepared:
                self._prepared.stop()

    def _work_until_trouble(self) -> None:
        try:
            scorer = self._prepare()
            with Clerk(self._worklist) as clerk:
                self._work_with(clerk, scorer)
        except Stopped:
            return
        except LogUnavailable:
            self._stop.wait(OUTAGE_S)
        except UnderstudyError as error:
            self._break(str(error))
        except Exception as error:
            logger.exception("shadow %s met an error it does not know", self._worklist.label)
            self._break(f"{type(error).__name__}: {error}")

    def _prepare(self) -> Scorer:
        if self._prepared is None:
            artefact = self._fetch()
            fields = artefact.manifest.input_schema.features
            self._features = tuple(field.name for field in fields)
            self._prepared = Scorer(
                self._command(artefact.folder),
                artefact.manifest.output.classes,
                self._limits,
                on_delay=self._struggle,
            )
        try:
            self._prepared.start(self._worklist.check)
        except ScoringFailed:
            self._prepared = None  # what the store has by then may be whole, or signed
            raise
        if not self._items.is_worn:
            self._enter("scoring")
        return self._prepared

    def _work_with(self, clerk: Clerk, scorer: Scorer) -> None:
        """
        Score portion after portion while the clerk fetches the next and closes the last.

        Nothing is fetched ahead while the model gives no predictions: what it cannot score now
        shall wait for its next attempt in nobody's hands.
        """
        self._is_well, coming, closing = False, None, None
        while not self._stop.is_set():
            portion = (coming or clerk.fetch()).result()
            coming = clerk.fetch() if portion and self._is_well else None
            since = time.monotonic()
            results = self._score(portion, scorer) if portion else None
            if closing:
                self._settle(closing.result())
                closing = None
            if portion is None:
                self._stop.wait(_IDLE_S)
            elif results is not None:
                closing = clerk.close(portion, results, since)
                if not self._is_well or all(result.status == "failed" for result in results):
                    self._settle(closing.result())
                    closing = None
        if closing:
            self._settle(closing.result())

    def _score(self, portion: Portion, scorer: Scorer) -> list[ShadowResult] | None:
        """Return a result for each row; None if the lease was lost meanwhile."""
        withheld = self._worklist.withheld(portion.rows, self._features)
        rows = list(zip(portion.rows, withheld, strict=True))
        instances = [Fragment(row.instance) for row, why in rows if why is None]
        try:
            answers = iter(scorer.score(instances, partial(self._worklist.keep, portion.item)))
        except LeaseLost:
            self._mourn_lease()
            return None
        return [_result(row, next(answers) if why is None else Refused(why)) for row, why in rows]

    def _settle(self, closed: Closed) -> None:
        if closed.counts is None:
            self._mourn_lease()
            return
        self._report(closed.counts, closed.results, closed.seconds)
        self._judge(closed.counts, closed.results)

    def _mourn_lease(self) -> None:
        logger.warning("shadow %s lost a lease; its work is dropped", self._worklist.label)

    def _report(self, counts: WorkCounts, results: Sequence[ShadowResult], seconds: float) -> None:
        scored = [result for result in results if result.status == "scored"]
        self._observer(
            ItemClosed(
                self._worklist.name,
                self._worklist.version,
                counts.scored,
                counts.failed,
                counts.skipped,
                counts.sampled_out,
                seconds,
                [result.value for result in scored if result.value is not None],
                [result.label for result in scored if result.label is not None],
            )
        )

    def _judge(self, counts: WorkCounts, results: Sequence[ShadowResult]) -> None:
        self._is_well = counts.scored > 0
        if counts.scored:
            self._starts.succeed()
            self._items.succeed()
            self._enter("scoring")
        elif counts.failed:
            delay_s = self._items.fail()
            if self._items.is_worn:
                failed = next(result for result in results if result.status == "failed")
                # The model's own words may quote what it was asked: they stand in the row alone,
                # which can be erased.
                kind = (failed.error or "").partition(":")[0]
                self._struggle(f"{kind} (see `understudy trace {failed.request_id}`)", delay_s)
            self._stop.wait(delay_s)

    def _struggle(self, reason: str, delay_s: float) -> None:
        self._enter("failing", f"{reason}; the next attempt is in {delay_s:g} s")

    def _break(self, reason: str) -> None:
        delay_s = self._starts.fail()
        try:
            self._enter("broken", f"{reason} (The next attempt is in {delay_s:g} s.)")
        except LogUnavailable:
            self._stop.wait(OUTAGE_S)
        self._stop.wait(delay_s)

    def _enter(self, state: State, detail: str = "") -> None:
        if self._told == (state, detail):
            return
        self._worklist.tell(state, detail)
        self._told = state, detail
        self._observer(StateChanged(self._worklist.name, self._worklist.version, state, detail))
        level = logging.INFO if state == "scoring" else logging.WARNING
        logger.log(level, "shadow %s is %s %s", self._worklist.label, state, detail)


def _result(row: WorkRow, answer: Answer) -> ShadowResult:
    request_id, number = row.request_id, row.instance_no
    match answer:
        case Scored(output, value, label):
            return ShadowResult(request_id, number, "scored", output, value, label)
        case Failed(reason):
            return ShadowResult(request_id, number, "failed", error=reason)
        case Refused(reason):
            return ShadowResult(request_id, number, "skipped", error=reason)
