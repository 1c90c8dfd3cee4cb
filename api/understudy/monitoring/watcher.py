"""The watcher: looks at the prediction log again and again and publishes what it finds."""

import logging
import threading
import time
from collections.abc import Iterable

from understudy.artefacts.store import ArtefactStore
from understudy.comparison.compare import Comparison
from understudy.errors import LogUnavailable, SettingInvalid, UnderstudyError
from understudy.log.database import Engine, connect, log_errors
from understudy.log.deployments import current
from understudy.log.episodes import compared_shadows
from understudy.log.figures import shadow_lag, shipping_lag, totals
from understudy.log.migrate import wait_for_schema
from understudy.log.roles import Deployments
from understudy.log.spools import list_spools
from understudy.log.work import read_states
from understudy.monitoring.watcher_metrics import WatcherMetrics
from understudy.review.ended import review_ended
from understudy.review.shadow import review_shadow
from understudy.review.windows import close_windows, read_windows
from understudy.settings import Settings

logger = logging.getLogger(__name__)

_OUTAGE_S = 2.0

Version = tuple[str, str]


def run_watcher(settings: Settings, stop: threading.Event, metrics: WatcherMetrics) -> None:
    """
    Publish the state of one endpoint every `watch_interval_s` until `stop` is set.

    Waits by itself for Postgres and its tables, at the start and after any outage. Raises
    SettingInvalid without a database URL.
    """
    if settings.database_url is None:
        raise SettingInvalid("UNDERSTUDY_DATABASE_URL", "", "a watcher needs a prediction log")
    engine = connect(settings.database_url, pool_size=1)
    watch = _Watch(settings, engine, metrics, stop)
    told = None
    try:
        while not stop.is_set():
            outage = watch.look()
            if outage is not None and outage != told:
                logger.warning("The watcher waits: %s", outage)
            told = outage
            interval_s = settings.watch_interval_s
            stop.wait(interval_s if outage is None else min(_OUTAGE_S, interval_s))
    finally:
        engine.dispose()


class _Watch:
    """One round after the other; no failure of a part keeps the rest from being looked at."""

    def __init__(
        self, settings: Settings, engine: Engine, metrics: WatcherMetrics, stop: threading.Event
    ) -> None:
        self._settings = settings
        self._engine = engine
        self._metrics = metrics
        self._stop = stop
        self._store = ArtefactStore(settings.artefacts_url)
        self._failing: dict[Version, str] = {}
        self._windows_fail: str | None = None

    def look(self) -> str | None:
        """Look at everything once; returns why Postgres cannot be reached, or None."""
        began = time.monotonic()
        try:
            wait_for_schema(str(self._settings.database_url), deadline_s=0)
            deployments = self._look_at_log()
            self._metrics.show_reviews(self._review(deployments))
            self._finish()
            self._close_windows()
            self._show_windows()
        except LogUnavailable as outage:
            self._metrics.lose_log()
            return str(outage)
        self._metrics.complete(time.time(), time.monotonic() - began)
        return None

    def _look_at_log(self) -> Deployments:
        endpoint = self._settings.endpoint
        with log_errors(), self._engine.connect() as connection:
            deployments = current(connection, endpoint)
            self._metrics.show_log(
                totals(connection, endpoint),
                shipping_lag(connection, endpoint),
                list_spools(connection, endpoint),
                deployments,
            )
            self._metrics.show_shadows(
                deployments, shadow_lag(connection, endpoint), read_states(connection, endpoint)
            )
        return deployments

    def _review(self, deployments: Deployments) -> dict[Version, Comparison]:
        found = {}
        versions = [role.key for role in compared_shadows(deployments)]
        for version in versions:
            if self._stop.is_set():
                break
            review = self._review_one(version)
            if review is not None:
                found[version] = review
        self._forget_failures(versions)
        return found

    def _finish(self) -> None:
        """Fold in what was closed after its comparison was over."""
        try:
            review_ended(self._engine, self._settings, self._store)
        except LogUnavailable:
            raise
        except UnderstudyError as error:
            logger.warning("A comparison that is over cannot be finished: %s", error)

    def _close_windows(self) -> None:
        """Test what is over of live's traffic; count every failure, and say it once."""
        try:
            close_windows(self._engine, self._settings, self._store)
        except LogUnavailable:
            raise
        except Exception as error:
            self._metrics.fail_windows()
            if self._windows_fail != repr(error):
                trace = None if isinstance(error, UnderstudyError) else error
                logger.warning("Windows cannot be tested: %s", error, exc_info=trace)
            self._windows_fail = repr(error)
        else:
            if self._windows_fail is not None:
                logger.info("Windows can be tested again.")
            self._windows_fail = None

    def _show_windows(self) -> None:
        with log_errors(), self._engine.connect() as connection:
            self._metrics.show_windows(read_windows(connection, self._settings.endpoint))

    def _review_one(self, version: Version) -> Comparison | None:
        model = ":".join(version)
        try:
            review = review_shadow(self._engine, self._settings, self._store, model, shows=False)
        except LogUnavailable:
            raise
        except Exception as error:  # noqa: BLE001 - the other shadows are still to be reviewed
            self._fail(version, error)
            return None
        if self._failing.pop(version, None) is not None:
            logger.info("%s can be reviewed again.", model)
        return review

    def _fail(self, version: Version, error: Exception) -> None:
        """Count every failure, and say it once."""
        self._metrics.fail_review(*version)
        if self._failing.get(version) != repr(error):
            trace = None if isinstance(error, UnderstudyError) else error
            logger.warning("%s:%s cannot be reviewed: %s", *version, error, exc_info=trace)
        self._failing[version] = repr(error)

    def _forget_failures(self, versions: Iterable[Version]) -> None:
        kept = set(versions)
        self._failing = {version: why for version, why in self._failing.items() if version in kept}
