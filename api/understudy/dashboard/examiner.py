"""
The examiner: a process beside an api worker that holds a policy against the models it is about.

What knows policies loads scipy and pandas, which no api worker carries. So it runs as the press
does, in a child of low priority, which ends as soon as it has answered.
"""

import sys
import threading
from collections.abc import Sequence
from typing import Any

import orjson

from understudy.dashboard.child import Child
from understudy.errors import PolicyUnexamined
from understudy.settings import Settings

PATIENCE_S = 60.0
EXAMINER = (sys.executable, "-m", "understudy.dashboard.printer")

Policy = dict[str, object]


class Examiner:
    """Examines one policy at a time; whoever comes meanwhile waits for `patience_s`."""

    def __init__(
        self,
        settings: Settings,
        *,
        patience_s: float = PATIENCE_S,
        program: Sequence[str] = EXAMINER,
    ) -> None:
        self._has_default = settings.policy is not None
        self._patience_s = patience_s
        self._child = Child(program, settings, PolicyUnexamined)
        self._lock = threading.Lock()

    def settle(self, given: Any, name: str, version: str) -> Policy | None:
        """
        Return the policy that a version is to be judged by: `given`, or else that of the endpoint.

        None where there is neither. Raises what `review.policy_check` raises, or PolicyUnexamined.
        """
        if given is None and not self._has_default:
            return None
        if not self._lock.acquire(timeout=self._patience_s):
            raise PolicyUnexamined(f"{name}:{version}", "another one is being examined")
        try:
            wanted = {"policy": given, "name": name, "version": version}
            settled: Policy = self._child.ask("policy", orjson.dumps(wanted).decode())
            return settled
        finally:
            self._child.end()
            self._lock.release()
