"""The memory of one worker for the bodies of the requests under way."""

from dataclasses import dataclass

from starlette.types import Message, Receive

from understudy.errors import BodiesHeld, BodyTooLarge

FREE_BYTES = 64 * 1024
"""So much of each body is not counted: small requests come in beside any number of large ones."""
_LARGEST_AT_ONCE = 4


@dataclass
class Intake:
    """
    Limits what one body, and what all bodies together, may hold.

    What was read counts until its request is answered: it is parsed and recorded meanwhile.
    `held_bytes` is what the bodies have beyond the part of each that is free.
    """

    most_of_one: int
    held_bytes: int = 0

    @property
    def free(self) -> int:
        """How much of each body is not counted."""
        return min(FREE_BYTES, self.most_of_one)

    @property
    def most_together(self) -> int:
        """How much `held_bytes` may be: that of four of the largest bodies."""
        return _LARGEST_AT_ONCE * self.most_of_one


class Body:
    """One body on its way in."""

    __slots__ = ("_free", "_intake", "_read", "counted", "is_refused")

    def __init__(self, intake: Intake) -> None:
        self._intake = intake
        self._free = intake.free
        self._read = 0
        self.counted = 0
        """How much of it counts among what bodies hold."""
        self.is_refused = False
        """Whether the rest of it is not read."""

    def through(self, receive: Receive) -> Receive:
        """Return what receives the parts; it raises BodyTooLarge or BodiesHeld."""

        async def receive_some() -> Message:
            message = await receive()
            self._read += len(message.get("body", b""))
            if self._read > self._free:
                self._count()
            return message

        return receive_some

    def let_go(self) -> None:
        """Give back what was counted."""
        self._intake.held_bytes -= self.counted
        self.counted = 0

    def _count(self) -> None:
        intake = self._intake
        if self._read > intake.most_of_one:
            self.is_refused = True
            raise BodyTooLarge(intake.most_of_one)
        more = self._read - self._free - self.counted
        if intake.held_bytes + more > intake.most_together:
            self.is_refused = True
            raise BodiesHeld(intake.most_together)
        intake.held_bytes += more
        self.counted += more
