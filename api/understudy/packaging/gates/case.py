"""Everything that a gate may look at."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from understudy.artefacts.artefact import QuizItem
from understudy.packaging.engine_choice import Evidence
from understudy.packaging.gates.limits import Limits
from understudy.packaging.gates.live_version import LiveVersion
from understudy.packaging.given import Given
from understudy.serving.engines import Engine
from understudy.serving.engines.scores import Scores


@dataclass(frozen=True)
class Case:
    """
    A model on trial.

    `train_scores` and `test_scores` are the fitted pipeline's own, in the order of the rows of
    `given.train` and `given.test`; `engine` is the one chosen to serve, proven equal to it.
    `evidence` holds generated instances with the pipeline's scores. `live` is the version it is
    held against, None without one or where `live_problem` says why it cannot be. `costs` are
    milliseconds of CPU per row by batch size.
    """

    given: Given
    train_scores: Scores
    test_scores: Scores
    engine: Engine
    evidence: Evidence
    questions: Sequence[QuizItem]
    live: LiveVersion | None
    limits: Limits
    time_column: str | None
    today: date
    costs: dict[str, float]
    seed: int
    live_problem: str | None = None
