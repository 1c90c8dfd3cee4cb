"""Follows the deployments: brings artefacts here and tells the api workers."""

import logging
import math
import threading
import time
from collections.abc import Iterable
from contextlib import suppress
from pathlib import Path

from understudy.agent.events import ArtefactUnavailable, DeploymentFollowed, Observer
from understudy.artefacts.admission import admit
from understudy.artefacts.artefact import Artefact, open_artefact
from understudy.artefacts.manifest import Manifest, read_manifest
from understudy.artefacts.store import ArtefactStore
from understudy.capture import Capture
from understudy.errors import ArtefactError, ArtefactInvalid, LogUnavailable
from understudy.log.captures import NO_CAPTURES, read_captures
from understudy.log.database import Engine, log_errors
from understudy.log.deployments import current
from understudy.log.roles import Deployments, Role, ShadowRole
from understudy.serving.deployment_file import Deployed, Placed, read, write
from understudy.settings import Settings

POLL_S = 0.25
_RETRY_S = 2.0

logger = logging.getLogger(__name__)


class Follower:
    """
    Keeps the deployment file of this machine equal to what Postgres says.

    The file changes only when the live artefact is here, verified and admitted; until then the old
    one stays. A previous or shadow artefact that cannot be had is left out of the file and tried
    again: it must not stand between a decision and the live model. `problem` says what is wrong,
    `manifests` are those of the versions that answer or did before, `captures` all policies,
    `changed_at` when the last change was seen that the file had not yet, by the monotonic clock.
    """

    def __init__(self, settings: Settings, engine: Engine, observer: Observer) -> None:
        self._settings = settings
        self._engine = engine
        self._observe = observer
        self._store = ArtefactStore(settings.artefacts_url)
        self._folders: dict[str, Path] = {}
        self._followed: Deployments | None = None
        self._retry_at = 0.0
        self._failures: dict[str, str] = {}
        self._deployed = self._read_file()
        self.manifests: tuple[Manifest, ...] = _manifests(self._deployed)
        self.captures = NO_CAPTURES
        self.changed_at = -math.inf

    @property
    def capture(self) -> Capture | None:
        """The capture policy that the api workers of this machine were told."""
        return None if self._deployed is None else self._deployed.capture

    @property
    def problem(self) -> str | None:
        """Why the newest deployment is not what this machine serves, or None."""
        return "; ".join(self._failures.values()) or None

    def run(self, stop: threading.Event) -> None:
        """Follow until told to stop; nothing that happens here ends it."""
        while not stop.is_set():
            pause_s = POLL_S
            try:
                self.follow()
            except LogUnavailable:
                pause_s = _RETRY_S  # the agent's other half says so
            except Exception:
                logger.exception("The deployments cannot be followed; trying again.")
                pause_s = _RETRY_S
            stop.wait(pause_s)

    def follow(self) -> None:
        """Look once, and act if something changed or is still missing. Raises LogUnavailable."""
        with log_errors(), self._engine.begin() as connection:
            now = current(connection, self._settings.endpoint)
            self.captures = read_captures(connection, self._settings.endpoint)
        is_new = self._followed is None or now.id != self._followed.id
        if not is_new and (not self._failures or time.monotonic() < self._retry_at):
            return
        if is_new and (self._deployed is None or self._deployed.deployment_id != now.id):
            self.changed_at = time.monotonic()
        self._failures = self._place(now)
        self._followed = now
        self._retry_at = time.monotonic() + _RETRY_S

    def _place(self, now: Deployments) -> dict[str, str]:
        """Bring here what is deployed, write the file, and return what could not be had."""
        failures: dict[str, str] = {}
        live = self._bring(now, now.live, failures)
        if now.live is not None and live is None:
            return failures
        self._write(
            Deployed(
                deployment_id=now.id,
                endpoint=self._settings.endpoint,
                live=live,
                previous=self._bring(now, now.previous, failures),
                shadows=tuple(
                    placed
                    for role in now.shadows
                    if (placed := self._bring(now, role, failures)) is not None
                ),
                capture=now.capture,
            )
        )
        return failures

    def _bring(
        self, now: Deployments, role: Role | None, failures: dict[str, str]
    ) -> Placed | None:
        if role is None:
            return None
        try:
            folder = self._admitted(role)
        except Exception as error:  # noqa: BLE001 - a store's client raises what it likes
            failures[role.model] = f"deployment {now.id}: {role.model}: {error}"
            self._complain(role, str(error))
            return None
        self._folders[role.digest] = folder
        share = role.share if isinstance(role, ShadowRole) else 1.0
        return Placed(role.name, role.version, role.digest, str(folder), share)

    def _admitted(self, role: Role) -> Path:
        """Return the folder of an artefact that is whole and may be served."""
        trusted_keys = self._settings.trusted_keys
        if (folder := self._folders.get(role.digest)) is not None:
            # Here before. If it is gone, damaged or trusted no more, the store may have better.
            with suppress(ArtefactError):
                found = open_artefact(folder)
                admit(found, trusted_keys)
                if found.digest == role.digest:
                    return folder
        artefact = self._pull(role)
        admit(artefact, trusted_keys)
        return artefact.folder

    def _pull(self, role: Role) -> Artefact:
        artefact = self._store.pull(role.name, role.version, self._settings.cache_dir.absolute())
        if artefact.digest != role.digest:
            raise ArtefactInvalid(
                f"the store holds {role.model} with digest {artefact.digest[:12]}…, but"
                f" {role.digest[:12]}… was deployed. Deploy it again, or restore the store."
            )
        return artefact

    def _complain(self, role: Role, reason: str) -> None:
        if role.model not in self._failures:  # once, not with every attempt
            logger.error("%s is deployed and cannot be brought here: %s", role.model, reason)
        self._observe(ArtefactUnavailable(role.name, role.version, reason))

    def _write(self, deployed: Deployed) -> None:
        if deployed != self._deployed:
            write(self._settings.deployment_file, deployed)
            self._deployed = deployed
            live = deployed.live.title if deployed.live else "nothing"
            logger.info("deployment %d: %s is live", deployed.deployment_id, live)
        self.manifests = _manifests(deployed)
        self._observe(DeploymentFollowed(deployed))

    def _read_file(self) -> Deployed | None:
        try:
            return read(self._settings.deployment_file)
        except ArtefactInvalid as error:
            logger.error("%s It is written anew.", error)
            return None


def _manifests(deployed: Deployed | None) -> tuple[Manifest, ...]:
    """Read the manifests of the versions that may have answered what is being shipped."""
    placed = [] if deployed is None else [deployed.live, deployed.previous]
    return tuple(_readable(role for role in placed if role is not None))


def _readable(placed: Iterable[Placed]) -> Iterable[Manifest]:
    for role in placed:
        try:
            yield read_manifest(Path(role.folder))
        except ArtefactError as error:
            logger.warning("The inputs of %s are not counted: %s", role.title, error)
