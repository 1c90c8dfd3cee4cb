"""Errors of changes of roles."""

from collections.abc import Mapping, Sequence

from understudy.errors.root import UnderstudyError, listed


class DeploymentError(UnderstudyError):
    """A change of roles is refused."""


class DeploymentRefused(DeploymentError):
    """A deployment would break a promise; the message says which."""


class FieldRedacted(DeploymentError):
    """A model reads what the capture policy does not let be recorded; both are named."""

    def __init__(self, reads: Mapping[str, Sequence[str]], capture: str, help_: str) -> None:
        """`reads` has the redacted fields of each model, `capture` names the policy."""
        told = "; ".join(f"{model} reads {listed(fields)}" for model, fields in reads.items())
        super().__init__(f"{told}, which {capture} redacts. {help_}")


class NotReproducible(DeploymentError):
    """All that was asked for was recorded without what the models read."""

    def __init__(self, redacted: Mapping[str, str]) -> None:
        """`redacted` says of each model which fields, and by which capture policy."""
        told = "; ".join(f"{model}: {what}" for model, what in redacted.items())
        super().__init__(
            f"Nothing can be scored again, because features were redacted when it was recorded:"
            f" {told}. Ask for a time before that with --since and --until."
        )


class RolloutIncomplete(DeploymentError):
    """A deployment is recorded, but not every api worker serves it yet."""

    def __init__(
        self, serving: int, workers: int, waited_s: float, problems: Sequence[str]
    ) -> None:
        said = f" They say: {'; '.join(problems)}." if problems else ""
        super().__init__(
            f"The decision is recorded, but after {waited_s:g} s only {serving} of {workers}"
            f" workers serve it.{said} The others go on with what they serve; see the agent's log,"
            " or roll back."
        )


class CaptureIncomplete(DeploymentError):
    """A capture policy is recorded, but not every api worker goes by it yet."""

    def __init__(
        self, following: int, workers: int, waited_s: float, problems: Sequence[str]
    ) -> None:
        said = f" They say: {'; '.join(problems)}." if problems else ""
        super().__init__(
            f"The capture policy is recorded, but after {waited_s:g} s only {following} of"
            f" {workers} workers go by it.{said} The others still record fields as they did:"
            " `understudy capture show` counts them."
        )
