"""The shadow versions that this process works for: one thread and one child each."""

import logging
import threading
import time
from collections.abc import Sequence
from dataclasses import dataclass
from functools import partial
from pathlib import Path

from understudy.artefacts.admission import admit
from understudy.artefacts.artefact import Artefact
from understudy.artefacts.store import ArtefactStore
from understudy.errors import ArtefactInvalid
from understudy.log.claiming import Version
from understudy.log.database import Engine, log_errors
from understudy.log.roles import Role, ShadowRole
from understudy.log.work import forget_state
from understudy.shadow.events import Observer, VersionEnded
from understudy.shadow.handle import python_command
from understudy.shadow.scorer import Limits
from understudy.shadow.version import ShadowVersion
from understudy.shadow.worklist import Worklist

logger = logging.getLogger(__name__)

_FAREWELL_S = 10.0

Part = tuple[str, str, str]
"""Name, version and digest: another digest is another model, even under the same version."""


@dataclass(frozen=True)
class Member:
    """A thread at work for one version, and what tells it to go."""

    thread: threading.Thread
    stop: threading.Event


class Crew:
    """Starts and ends the work of shadow versions as they come and go."""

    def __init__(
        self,
        engine: Engine,
        endpoint: str,
        store: ArtefactStore,
        cache: Path,
        limits: Limits,
        observer: Observer,
        trusted_keys: Path | None,
    ) -> None:
        self._engine = engine
        self._endpoint = endpoint
        self._store = store
        self._cache = cache
        self._limits = limits
        self._trusted_keys = trusted_keys
        self._observer = observer
        self._at_work: dict[Part, Member] = {}
        self._leaving: dict[Part, Member] = {}
        self._deployed: tuple[Version, ...] = ()

    def follow(self, shadows: Sequence[ShadowRole], replays: Sequence[Role] = ()) -> None:
        """
        Start who is new, tell those to go who have nothing to do any more. Raises LogUnavailable.

        `shadows` are deployed; `replays` have recorded traffic to score, which comes after the
        live traffic of all shadows.
        """
        self._deployed = tuple(role.key for role in shadows)
        alone = [role for role in replays if role.key not in self._deployed]
        wanted = {(role.name, role.version, role.digest): role for role in (*shadows, *alone)}
        for part, member in list(self._at_work.items()):
            if part not in wanted or not member.thread.is_alive():
                member.stop.set()
                self._leaving[part] = self._at_work.pop(part)
        self._see_off()
        for part, role in wanted.items():
            if part not in self._at_work and part not in self._leaving:
                self._at_work[part] = self._start(role)

    def dismiss(self) -> None:
        """End all work; waits for the threads, and the kernel ends the child of one that hangs."""
        members = [*self._at_work.values(), *self._leaving.values()]
        for member in members:
            member.stop.set()
        deadline = time.monotonic() + _FAREWELL_S
        for member in members:
            member.thread.join(max(0.0, deadline - time.monotonic()))
            if member.thread.is_alive():
                logger.warning("%s does not end; it is left behind", member.thread.name)

    def _start(self, role: Role) -> Member:
        stop = threading.Event()
        worklist = Worklist(
            self._engine, self._endpoint, role.name, role.version, stop,
            ahead=lambda: self._deployed,
        )  # fmt: skip
        version = ShadowVersion(
            worklist,
            partial(self._fetch, role),
            self._limits,
            self._observer,
            command=partial(python_command, trusted_keys=self._trusted_keys),
        )
        thread = threading.Thread(target=version.run, name=f"shadow {role.model}", daemon=True)
        thread.start()
        return Member(thread, stop)

    def _fetch(self, role: Role) -> Artefact:
        artefact = self._store.pull(role.name, role.version, self._cache)
        if artefact.digest != role.digest:
            raise ArtefactInvalid(
                f"The store holds {role.model} with digest {artefact.digest[:12]}…, but"
                f" {role.digest[:12]}… was deployed. Deploy it again, or restore the store."
            )
        admit(artefact, self._trusted_keys)
        return artefact

    def _see_off(self) -> None:
        for part in [part for part, gone in self._leaving.items() if not gone.thread.is_alive()]:
            name, version, _ = part
            if not any(other[:2] == (name, version) for other in self._at_work):
                with log_errors(), self._engine.begin() as connection:
                    forget_state(connection, self._endpoint, name, version)
                self._observer(VersionEnded(name, version))
            del self._leaving[part]
