"""One shadow version at work: claims items, scores what it can, says how it fares."""

import logging
import time
from collections.abc import Callable, Sequence
from functools import partial
from pathlib import Path

from understudy.artefacts.artefact import Artefact
from understudy.errors import LogUnavailable, ScoringFailed, UnderstudyError
from understudy.log.work import State
from understudy.log.work_item import ShadowResult, WorkCounts, WorkItem, WorkRow
from understudy.shadow.answers import Answer, Failed
from understudy.shadow.contract import ShadowContract
from understudy.shadow.events import ItemClosed, Observer, StateChanged
from understudy.shadow.handle import python_command
from understudy.shadow.patience import Patience
from understudy.shadow.sampling import is_sampled
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
        self._prepared: tuple[Scorer, ShadowContract] | None = None
        self._starts = Patience()
        self._items = Patience(free=_FREE_LOST_ITEMS)
        self._told: tuple[State, str] | None = None

    def run(self) -> None:
        """Score until told to stop; leaves no child and no lease behind."""
        try:
            while not self._stop.is_set():
                self._work_until_trouble()
        finally:
            if self._prepared:
                self._prepared[0].stop()

    def _work_until_trouble(self) -> None:
        try:
            scorer, contract = self._prepare()
            while not self._stop.is_set():
                self._take_one(scorer, contract)
        except Stopped:
            return
        except LogUnavailable:
            self._stop.wait(OUTAGE_S)
        except UnderstudyError as error:
            self._break(str(error))
        except Exception as error:
            logger.exception("shadow %s met an error it does not know", self._worklist.label)
            self._break(f"{type(error).__name__}: {error}")

    def _prepare(self) -> tuple[Scorer, ShadowContract]:
        if self._prepared is None:
            artefact = self._fetch()
            contract = ShadowContract(artefact.manifest.input_schema)
            scorer = Scorer(
                self._command(artefact.folder),
                artefact.manifest.output.classes,
                self._limits,
                on_delay=self._struggle,
            )
            self._prepared = scorer, contract
        try:
            self._prepared[0].start(self._worklist.check)
        except ScoringFailed:
            self._prepared = None  # what the store has by then may be whole, or signed
            raise
        if not self._items.is_worn:
            self._enter("scoring")
        return self._prepared

    def _take_one(self, scorer: Scorer, contract: ShadowContract) -> None:
        began = time.monotonic()
        try:
            with self._worklist.claimed() as item:
                if item is None:
                    self._stop.wait(_IDLE_S)
                    return
                results, sampled_out = self._score(item, scorer, contract)
                counts = self._worklist.close(item, results, sampled_out)
        except LeaseLost:
            counts = None
        if counts is None:
            logger.warning("shadow %s lost a lease; its work is dropped", self._worklist.label)
            return
        self._report(counts, results, time.monotonic() - began)
        self._judge(counts, results)

    def _score(
        self, item: WorkItem, scorer: Scorer, contract: ShadowContract
    ) -> tuple[list[ShadowResult], int]:
        rows = self._worklist.read(item)
        sample = [row for row in rows if is_sampled(row.request_id, item.share)]
        narrowed = [contract.narrow(row.instance) for row in sample]
        refusals = [contract.refusal(instance) for instance in narrowed]
        fit = [instance for instance, why in zip(narrowed, refusals, strict=True) if why is None]
        answers = iter(scorer.score(fit, partial(self._worklist.keep, item)))
        results = [
            _answered(row, next(answers)) if why is None else _skipped(row, why)
            for row, why in zip(sample, refusals, strict=True)
        ]
        return results, len(rows) - len(sample)

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
        if counts.scored:
            self._starts.succeed()
            self._items.succeed()
            self._enter("scoring")
        elif counts.failed:
            delay_s = self._items.fail()
            if self._items.is_worn:
                reason = next((result.error for result in results if result.error), "")
                self._struggle(reason, delay_s)
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


def _answered(row: WorkRow, answer: Answer) -> ShadowResult:
    if isinstance(answer, Failed):
        return ShadowResult(row.request_id, row.instance_no, "failed", error=answer.reason)
    return ShadowResult(
        row.request_id,
        row.instance_no,
        "scored",
        output=answer.output,
        value=answer.value,
        label=answer.label,
    )


def _skipped(row: WorkRow, why: str) -> ShadowResult:
    return ShadowResult(row.request_id, row.instance_no, "skipped", error=why)
