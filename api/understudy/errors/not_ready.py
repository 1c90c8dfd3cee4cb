"""Errors of the moment: the same request may go well later."""

import math

from understudy.errors.root import UnderstudyError


class NotReady(UnderstudyError):
    """A good request came at a moment at which it cannot be answered; try again."""

    retry_after_s: int = 1


class NoLiveModel(NotReady):
    """No model is live yet."""

    def __init__(self) -> None:
        super().__init__(
            "No model is live yet. Deploy one with `understudy deploy NAME:VERSION --live`."
        )


class LogUnavailable(NotReady):
    """The prediction log cannot be reached; predictions go on."""

    retry_after_s = 5

    def __init__(self, reason: str) -> None:
        super().__init__(
            f"The prediction log in Postgres cannot be reached ({reason})."
            " Predictions are still answered and recorded locally; try again soon."
        )


class StoreUnavailable(NotReady):
    """The artefact store cannot be reached, or does not let us in; what is loaded is served on."""

    retry_after_s = 5

    def __init__(self, url: str, reason: str) -> None:
        super().__init__(f"The artefact store {url} cannot be used: {reason}.")


class BoardNotDrawn(NotReady):
    """The comparison of a shadow could not be made for a page or a program, this time."""

    retry_after_s = 10

    def __init__(self, shadow: str, reason: str) -> None:
        super().__init__(
            f"The comparison of {shadow} was not made: {reason}. Ask again in some seconds."
        )


class PolicyUnexamined(NotReady):
    """A policy could not be held against the models it is about, so nothing was decided."""

    retry_after_s = 5

    def __init__(self, _: str, reason: str) -> None:
        super().__init__(f"The policy was not examined: {reason}. Nothing was decided; try again.")


class SpoolFull(NotReady):
    """A prediction could not be recorded, and the service is told not to answer unrecorded."""

    retry_after_s = 5


class Overloaded(NotReady):
    """More waits for the model than it can answer in time; `wait_s` is how long it needs for it."""

    def __init__(self, instances: int, wait_s: float) -> None:
        super().__init__(
            f"{instances} instances wait for the model already, which needs about {wait_s:.1f} s"
            " for them. Try again in a moment."
        )
        self.retry_after_s = max(1, math.ceil(wait_s / 2))


class DeskBusy(NotReady):
    """More requests than those for predictions wait than there are threads for."""

    retry_after_s = 5

    def __init__(self, waiting: int) -> None:
        super().__init__(
            f"{waiting} requests of the control plane are ahead here. Predictions go on;"
            " try again in some seconds."
        )


class BodiesHeld(NotReady):
    """The bodies of the requests under way fill the memory that there is for them."""

    def __init__(self, most_bytes: int) -> None:
        super().__init__(
            f"Large requests hold the {most_bytes} bytes that there are for their bodies."
            " Try again in a moment, or send fewer instances at a time."
        )


class TooSlow(NotReady):
    """A prediction took longer than the request timeout."""

    def __init__(self, timeout_s: float) -> None:
        super().__init__(f"The model did not answer within {timeout_s:g} s.")
