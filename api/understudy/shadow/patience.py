"""How long to wait before something that keeps failing is tried again."""

from dataclasses import dataclass

LONGEST_S = 300.0


@dataclass
class Patience:
    """
    A delay that doubles with every failure in a row, up to five minutes.

    The first `free` failures cost nothing: one unlucky request must not slow a sound model down.
    """

    free: int = 0
    failures: int = 0

    def fail(self) -> float:
        """Count one more failure and return the seconds to wait before the next attempt."""
        self.failures += 1
        beyond = self.failures - self.free
        return 0.0 if beyond <= 0 else min(LONGEST_S, 2.0 ** min(beyond - 1, 30))

    def succeed(self) -> None:
        """Forget the failures."""
        self.failures = 0

    @property
    def is_worn(self) -> bool:
        """Whether more failures came in a row than are free."""
        return self.failures > self.free
