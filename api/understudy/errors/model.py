"""Errors of models at work."""

from understudy.errors.root import UnderstudyError


class ModelError(UnderstudyError):
    """A model misbehaves."""


class OutputInvalid(ModelError):
    """A model's output is not one finite prediction per instance; `instance` is the first."""

    def __init__(self, message: str, instance: int | None = None) -> None:
        super().__init__(message)
        self.instance = instance


class QuizFailed(ModelError):
    """A model gives a wrong answer to an instance whose answer is known."""


class ScoringFailed(ModelError):
    """A model raises, hangs or dies while it scores."""


class TrainingFailed(ModelError):
    """A person's own training code raises."""

    def __init__(self, what: str, raised: str, where: str) -> None:
        super().__init__(f"{what} raised {raised}{where}")


class NotReproduced(ModelError):
    """What was served cannot be had again from the version that is on record for it."""

    def __init__(self, differing: int, missing: int, instances: int, first: str) -> None:
        parts = [f"{differing} of {instances} instances are answered differently"] * bool(differing)
        parts += [f"{missing} of {instances} instances could not be scored again"] * bool(missing)
        super().__init__(
            f"What was served cannot be reproduced: {' and '.join(parts)}; the first: {first}"
        )
