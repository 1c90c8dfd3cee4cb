"""What the card tells of a model beyond its manifest."""

from dataclasses import dataclass
from typing import Literal

from understudy.artefacts.artefact import QuizItem

Section = Literal["quality", "slices"]


@dataclass(frozen=True)
class Plot:
    """A figure in a file beside the card; `caption` says how to read it, in plain text."""

    file: str
    section: Section
    title: str
    caption: str


@dataclass(frozen=True)
class Facts:
    """The number of held-out rows, the quiz, and the plots that were drawn."""

    test_rows: int
    quiz: tuple[QuizItem, ...] = ()
    plots: tuple[Plot, ...] = ()
