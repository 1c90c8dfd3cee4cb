"""The course's design with a Postgres from our wheel; everything ends with this process."""

import os
import signal
import subprocess
import sys
from pathlib import Path
from types import FrameType

from understudy.log.embedded import EmbeddedPostgres


def main() -> int:
    """Start Postgres in the folder that is named, then the command that follows it."""
    signal.signal(signal.SIGTERM, _end)
    folder, *command = sys.argv[1:]
    with EmbeddedPostgres(Path(folder)) as postgres:
        os.environ["BENCHMARK_DATABASE"] = postgres.url
        tables = "from benchmarks.serving.apps.course_app import make_tables; make_tables()"
        subprocess.run([command[0], "-c", tables], check=True)
        server = subprocess.Popen(command)
        try:
            return server.wait()
        finally:
            server.terminate()
            server.wait(20)


def _end(_: int, __: FrameType | None) -> None:
    raise SystemExit(0)


if __name__ == "__main__":
    sys.exit(main())
