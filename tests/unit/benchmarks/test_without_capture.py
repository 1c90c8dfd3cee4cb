"""The service that is measured without capture is the service itself, less the record."""

import time
from pathlib import Path

from benchmarks.serving.apps.without_capture import SpoolOfNothing
from understudy.records import ServedRequest
from understudy.serving.spool import SpoolWriter
from understudy.serving.spool_reader import SpoolReader
from understudy.settings import Settings


def _recorded(kind: type[SpoolWriter], settings: Settings) -> int:
    """Append one request the way the service does, and count what its reader finds."""
    spool = kind(settings.spool_dir, settings.durability, settings.max_spool_bytes)
    spool.append(
        [
            ServedRequest(
                seq=0,
                request_id="r-1",
                client_id=None,
                served_at=time.time(),
                name="m",
                version="1.0.0",
                instances=[{"a": 1}],
                outputs=[2.0],
                values=[2.0],
                labels=[None],
            )
        ]
    )
    spool.close()
    with SpoolReader(spool.path) as reader:
        return reader.backlog().requests


def test_it_takes_what_the_service_tells_its_spool_and_keeps_nothing(tmp_path: Path) -> None:
    """It is made with the same words; only the record is missing."""
    assert _recorded(SpoolWriter, Settings(data_dir=tmp_path / "with")) == 1
    assert _recorded(SpoolOfNothing, Settings(data_dir=tmp_path / "without")) == 0
