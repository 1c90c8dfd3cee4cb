"""One api worker's share of the service: what it serves, its spool, and how both change."""

import asyncio
import logging
import sqlite3
import time
from collections.abc import Callable
from pathlib import Path

from understudy.errors import NoLiveModel, UnderstudyError
from understudy.serving.batcher import MicroBatcher
from understudy.serving.deployment_file import Deployed, Placed, read
from understudy.serving.engines import Predictions
from understudy.serving.generation import (
    Generation,
    LoadedModel,
    build_generation,
    load_model,
    readmit,
)
from understudy.serving.no_spool import NoSpool, open_spool
from understudy.serving.spool import SpoolWriter
from understudy.serving.spool_file import move_log
from understudy.serving.validation import Instances
from understudy.settings import Settings

POLL_S = 0.5
_NO_SPOOL = "No spool can be made in %s (%s): answers are not recorded. Trying again."

logger = logging.getLogger(__name__)

Signature = tuple[int, int, int]
Seen = tuple["Signature | None", "KeySignatures", "Signature | None"]
KeySignatures = tuple[tuple[str, Signature | None], ...]


class Worker:
    """
    Serves the generation in force and follows the deployment file.

    The next generation is loaded and quizzed off the event loop, then a single reference is
    replaced; on failure the old one stays and the spool tells the agent why. `loaded` is called
    after each change, and `unrecorded` with how many instances were answered without a record.
    """

    def __init__(
        self, settings: Settings, loaded: Callable[[], None] = lambda: None,
        unrecorded: Callable[[int], None] = lambda _: None,
    ) -> None:  # fmt: skip
        self._settings = settings
        self._loaded = loaded
        self._tell_unrecorded = unrecorded
        self._spool = open_spool(settings)
        self._batcher = MicroBatcher(
            self._spool, settings.spool_policy, settings.request_timeout_s, unrecorded
        )
        self._generation: Generation | None = None
        self._models: dict[str, LoadedModel] = {}
        self._seen: Seen = None, (), None
        self._deployed: Deployed | None = None
        self._follower: asyncio.Task[None] | None = None
        self._served: int | None = None
        self._problem: str | None = None
        self._is_said = True
        if isinstance(self._spool, NoSpool):
            logger.error(_NO_SPOOL, settings.spool_dir, self._spool.problem)

    @property
    def generation(self) -> Generation:
        """What is served now. Raises NoLiveModel before the first deployment."""
        if self._generation is None:
            raise NoLiveModel
        return self._generation

    @property
    def is_ready(self) -> bool:
        """Say whether a model is live here."""
        return self._generation is not None

    @property
    def held_instances(self) -> int:
        """How many instances wait for the model or are with it."""
        return self._batcher.held_instances

    @property
    def is_private(self) -> bool:
        """Say whether a capture policy decides what is written down of requests."""
        return self._deployed is not None and self._deployed.capture is not None

    async def predict(
        self, generation: Generation, request_id: str, client_id: str | None, instances: Instances
    ) -> Predictions:
        """Answer accepted instances; see `MicroBatcher.predict`."""
        return await self._batcher.predict(generation, request_id, client_id, instances)

    async def start(self) -> None:
        """Load what is deployed already, then follow the deployment file."""
        await self._try_to_follow()
        self._follower = asyncio.create_task(self._follow())

    async def stop(self) -> None:
        """Let the spool go; requests in flight have been answered by then."""
        if self._follower is not None:
            self._follower.cancel()
            await asyncio.gather(self._follower, return_exceptions=True)
        self._batcher.close()
        self._spool.close()

    async def _follow(self) -> None:
        while True:
            await asyncio.sleep(POLL_S)
            await self._tidy()
            await self._try_to_follow()

    async def _try_to_follow(self) -> None:
        try:
            await self.follow_once()
        except Exception:
            logger.exception("The deployment file cannot be followed; trying again.")

    def _renew_spool(self) -> None:
        """Go on in a new spool: one that is damaged, or was set aside, nobody reads to its end."""
        old, new = self._spool, open_spool(self._settings)
        if isinstance(new, NoSpool):
            if not isinstance(old, NoSpool):
                logger.error(_NO_SPOOL, self._settings.spool_dir, new.problem)
            return  # the old one is no worse
        self._spool = new
        self._batcher.use(new)
        logger.error("There was no spool, or it was damaged or set aside; answers are recorded in"
                     " %s from now on.", new.path)  # fmt: skip
        if lost := old.untold_lost:
            new.count_lost(lost)
        if vanished := old.vanished:
            self._tell_unrecorded(vanished)
        old.close()
        self._say(self._served, self._problem)

    async def _tidy(self) -> None:
        try:
            if not self._spool.is_good:
                self._renew_spool()
            if not self._is_said:
                self._say(self._served, self._problem)
            # Before the rest, which on a full disk needs the room that this may give back.
            if isinstance(self._spool, SpoolWriter) and self._spool.has_long_log:
                await asyncio.to_thread(move_log, self._spool.path)
                self._spool.begin_log_anew()
            self._spool.tidy()
        except (sqlite3.Error, OSError) as error:
            logger.warning("The spool is not cleared of what is shipped: %s", error)

    async def follow_once(self) -> None:
        """Bring the generation up to date with the deployment file, if that has changed."""
        signature = self._look()
        if signature == self._seen:
            return
        deployed: Deployed | None = None
        try:
            deployed = read(self._settings.deployment_file)
            self._deployed = deployed
            if deployed is not None:
                await self._swap(deployed)
        except UnderstudyError as error:
            self._keep_old(deployed, error)
        # Only now: what failed in a way that nobody was told of is tried again.
        self._seen = signature

    def _look(self) -> Seen:
        """Look whether the deployments, the keys that are trusted, or that of hashes changed."""
        settings = self._settings
        keys = settings.trusted_keys
        return (
            _signature(settings.deployment_file),
            _key_signatures(keys) if keys else (),
            _signature(settings.capture_key_file),
        )

    async def _swap(self, deployed: Deployed) -> None:
        start = time.monotonic()
        if deployed.live is None:
            self._generation = None
        else:
            self._generation = await asyncio.to_thread(self._prepare, deployed, deployed.live)
        self._say(deployed.deployment_id, None)
        self._loaded()
        label = self._generation.title if self._generation else "nothing"
        logger.info(
            "deployment %d: serving %s, ready after %.0f ms",
            deployed.deployment_id,
            label,
            (time.monotonic() - start) * 1000,
        )

    def _prepare(self, deployed: Deployed, live: Placed) -> Generation:
        """Load what is not loaded yet; the previous live model stays loaded for a rollback."""
        wanted = [live] if deployed.previous is None else [live, deployed.previous]
        models: dict[str, LoadedModel] = {}
        for placed in wanted:
            try:
                models[placed.digest] = self._load(placed)
            except Exception:
                if placed is live:
                    raise
                logger.exception("%s cannot be kept ready for a rollback.", placed.title)
        self._models = models
        return build_generation(models[live.digest], deployed, self._settings)

    def _load(self, placed: Placed) -> LoadedModel:
        loaded, trusted_keys = self._models.get(placed.digest), self._settings.trusted_keys
        if loaded is None:
            return load_model(placed, trusted_keys)
        return readmit(loaded, placed, trusted_keys)

    def _keep_old(self, deployed: Deployed | None, error: UnderstudyError) -> None:
        logger.error("The new deployment cannot be served, the old one stays: %s", error)
        served = self._generation.deployment_id if self._generation else None
        wanted = f"deployment {deployed.deployment_id}: " if deployed else ""
        self._say(served, f"{wanted}{error}")

    def _say(self, served: int | None, problem: str | None) -> None:
        self._served, self._problem = served, problem
        try:
            self._spool.say(served, problem)
            self._is_said = True
        except (sqlite3.Error, OSError) as error:  # a full disk; it is tried again
            if self._is_said:
                logger.error("The agent cannot be told what is served here: %s", error)
            self._is_said = False


def _signature(path: Path) -> Signature | None:
    try:
        stat = path.stat()
    except FileNotFoundError:
        return None
    return stat.st_ino, stat.st_mtime_ns, stat.st_size


def _key_signatures(keys: Path) -> KeySignatures:
    """Look at every key file of a folder as well: one that is written anew leaves the folder."""
    try:
        files = [keys, *sorted(keys.iterdir())] if keys.is_dir() else [keys]
        return tuple((file.name, _signature(file)) for file in files)
    except OSError:  # why it cannot be read is told by whoever reads the keys
        return ()
