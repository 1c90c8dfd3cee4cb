"""How long a model takes, as far as is known: what waits for it is bounded in seconds."""

from dataclasses import dataclass
from typing import NamedTuple

BATCH_S = 1.0
"""A batch should take no longer, or twice the time of a call that does nothing."""

_WEIGHT = 0.3
_MOST_SURPRISE = 2.0
_QUICKEST_S = 1e-8


class Cost(NamedTuple):
    """What was measured at loading: seconds of a call, and of each instance in it."""

    call_s: float
    instance_s: float

    @classmethod
    def between(cls, one_s: float, batch_s: float, instances: int) -> "Cost":
        """Return the cost of a model that takes `one_s` for one instance and `batch_s` for some."""
        # At least a part of what an instance can cost: a call that costs all is a measuring error.
        least = batch_s / instances / 20
        instance_s = max((batch_s - one_s) / (instances - 1), least, _QUICKEST_S)
        return cls(max(batch_s - instances * instance_s, 0.0), instance_s)


@dataclass
class Pace:
    """The cost of a model as it is now: what was measured at loading, times what is learned."""

    cost: Cost
    times: float = 1.0

    @property
    def most(self) -> int:
        """How many instances a batch should have at most, at least one."""
        call_s, instance_s = self.cost.call_s * self.times, self.cost.instance_s * self.times
        return max(1, int((max(BATCH_S, 2 * call_s) - call_s) / instance_s))

    def seconds(self, instances: int) -> float:
        """Return how long so many instances are likely to take, batch after batch."""
        return instances * self._share_s

    def within(self, seconds: float) -> int:
        """Return how many instances are likely to be done within so many seconds."""
        return int(seconds / self._share_s)

    @property
    def _share_s(self) -> float:
        """An instance, with its part of the call."""
        return (self.cost.instance_s + self.cost.call_s / self.most) * self.times

    def learn(self, instances: int, seconds: float) -> None:
        """Take note of how long a batch took."""
        expected_s = (self.cost.call_s + instances * self.cost.instance_s) * self.times
        surprise = min(max(seconds / expected_s, 1 / _MOST_SURPRISE), _MOST_SURPRISE)
        self.times *= 1 + _WEIGHT * (surprise - 1)
