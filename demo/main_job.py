"""
The main job, end to end, through the very commands that the README gives to people.

Trains and packages two versions of the house-price model, starts the whole stack on the embedded
Postgres, serves 1.0.0 live with 2.0.0 in its shadow, sends the sales of the last two years, posts
the true prices, prints the comparison, writes the report and `.demo/summary.json`, and stops
everything it started.
"""

import argparse
import fcntl
import json
import os
import shutil
import signal
import subprocess
import sys
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parent.parent
BIN = Path(sys.executable).parent
DEMO = ROOT / ".demo"
LIVE, SHADOW = "house-prices:1.0.0", "house-prices:2.0.0"
START_S, SHADOW_S, STOP_S = 120, 300, 60


class DemoFailed(Exception):
    """A step of the demo did not do what it should; the message says which and where to look."""


def main() -> int:
    """Run the demo and return its exit status."""
    parser = argparse.ArgumentParser(description=__doc__, prog="make demo")
    parser.add_argument("--data", type=Path, help="a CSV file with the Ames columns")
    arguments = parser.parse_args()
    # SIGTERM ends like Ctrl-C, even in the background, where a shell lets Ctrl-C be ignored.
    signal.signal(signal.SIGTERM, signal.default_int_handler)
    try:
        run(arguments.data)
    except DemoFailed as error:
        print(f"\nError: {error}", file=sys.stderr)
        return 70
    except KeyboardInterrupt:
        print("\nInterrupted; everything that was started is stopped.", file=sys.stderr)
        return 130
    return 0


def run(data: Path | None) -> None:
    """Do the main job with the rows of a file, or with synthetic ones."""
    source = _source(data)
    make_room()
    served, ids, truths = DEMO / "served.jsonl", DEMO / "answers.jsonl", DEMO / "outcomes.jsonl"
    step("Train and package two versions of the model")
    command("house-prices", "train", "--model", "all", *source, "--out", DEMO / "packaged")
    command("house-prices", "split", *source, "--serve", served)
    for artefact in sorted((DEMO / "packaged").iterdir()):
        command("understudy", "models", "push", artefact)
    step("Start the stack on this machine")
    with stack():
        command("understudy", "deploy", LIVE, "--live", "--why", "what was proven offline")
        command(
            "understudy",
            "deploy",
            SHADOW,
            "--shadow",
            "--policy",
            ROOT / "demo/policy.json",
            "--why",
            "gradient boosting may do better",
        )
        step("Send every sale of the last two years, then tell what they were sold for")
        command("understudy", "send", served, "--ids", ids, "--drop", "SalePrice")
        write_truths(served, ids, truths)
        command("understudy", "outcomes", truths)
        step("Compare, once the shadow has scored everything")
        wait_for_shadow(answered(ids))
        command("understudy", "compare", "--shadow", SHADOW)
        step("Write the report")
        command("understudy", "report", "--shadow", SHADOW, "--out", DEMO / "report.html")
        summary = summarise(ids)
    (DEMO / "summary.json").write_text(json.dumps(summary, indent=2) + "\n")
    print(
        f"\n{summary['verdict']}: the summary is in {shown(DEMO / 'summary.json')},"
        f" the report in {shown(DEMO / 'report.html')}"
    )


def make_room() -> None:
    """Remove what an earlier demo left, unless that one still runs."""
    lock = DEMO / "data" / "lock"
    if lock.exists():
        with lock.open() as held:
            try:
                fcntl.flock(held, fcntl.LOCK_EX | fcntl.LOCK_NB)
            except BlockingIOError:
                raise DemoFailed(f"A demo runs in this checkout already ({shown(DEMO)}).") from None
    shutil.rmtree(DEMO, ignore_errors=True)
    DEMO.mkdir(exist_ok=True)


def step(title: str) -> None:
    """Say what happens next."""
    print(f"\n── {title}", flush=True)


def command(program: str, *arguments: object) -> None:
    """Run one command of the checkout, shown as a person would type it."""
    words = [program, *(str(argument) for argument in arguments)]
    print(f"$ {' '.join(shown(word) for word in words)}", flush=True)
    ended = subprocess.run([BIN / program, *words[1:]], env=environment(), check=False)
    if ended.returncode:
        raise DemoFailed(f"`{program} {words[1]}` ended with status {ended.returncode}.")


def answer(*arguments: object) -> Any:
    """Return what one `understudy … --json` says."""
    words = [str(argument) for argument in arguments]
    ended = subprocess.run(
        [BIN / "understudy", *words, "--json"],
        env=environment(),
        check=False,
        capture_output=True,
        text=True,
    )
    if ended.returncode:
        raise DemoFailed(f"`understudy {words[0]}` says: {ended.stderr.strip()}")
    return json.loads(ended.stdout)


def environment() -> Mapping[str, str]:
    """Return the environment of everything the demo starts: its own data, nobody's database."""
    inherited = {
        name: value
        for name, value in os.environ.items()
        if not name.startswith("UNDERSTUDY_") or name == "UNDERSTUDY_PORT"
    }
    return inherited | {
        "UNDERSTUDY_DATA_DIR": str(DEMO / "data"),
        "UNDERSTUDY_ENDPOINT": "house-prices",
    }


@contextmanager
def stack() -> Iterator[None]:
    """Run `understudy up` for as long as the block lasts."""
    print("$ understudy up", flush=True)
    log = DEMO / "up.log"
    with (
        log.open("wb") as out,
        subprocess.Popen(
            # The stack ends with the demo, even if that is killed.
            ["setpriv", "--pdeathsig", "TERM", BIN / "understudy", "up"],
            env=environment(),
            stdout=out,
            stderr=subprocess.STDOUT,
            start_new_session=True,
        ) as up,
    ):
        try:
            wait_until_up(up, log)
            yield
        finally:
            stop(up)


def wait_until_up(up: "subprocess.Popen[bytes]", log: Path) -> None:
    """Wait until the stack says where it is."""
    deadline = time.monotonic() + START_S
    while not (DEMO / "data" / "run.json").exists():
        if up.poll() is not None or time.monotonic() > deadline:
            raise DemoFailed(f"`understudy up` did not start:\n{log.read_text().strip()}")
        time.sleep(0.1)
    print(log.read_text().strip(), flush=True)


def stop(up: "subprocess.Popen[bytes]") -> None:
    """End the stack as Ctrl-C would, and make sure that it is gone."""
    if up.poll() is None:
        up.send_signal(signal.SIGINT)
    try:
        up.wait(STOP_S)
    except subprocess.TimeoutExpired:
        up.kill()
        raise DemoFailed(f"`understudy up` did not stop within {STOP_S} s.") from None


def write_truths(served: Path, ids: Path, truths: Path) -> None:
    """Join the prices of the served file with the request ids, row by row."""
    with served.open() as file:
        prices = [json.loads(line)["SalePrice"] for line in file]
    with ids.open() as answers, truths.open("w") as out:
        for line in answers:
            row = json.loads(line)
            if row["request_id"] is not None:
                outcome = {
                    "request_id": row["request_id"],
                    "instance": row["instance"],
                    "value": prices[row["row"]],
                }
                out.write(json.dumps(outcome) + "\n")


def answered(ids: Path) -> int:
    """Count the rows that were answered."""
    return sum(json.loads(line)["status"] == 200 for line in ids.open())


def scored() -> int:
    """Count the instances that are recorded and no longer wait for the shadow."""
    coverage = answer("compare", "--shadow", SHADOW)["coverage"]
    return int(coverage["recorded"] - coverage["waiting"])


def wait_for_shadow(sent: int) -> None:
    """Wait until the shadow has scored everything that was answered."""
    deadline = time.monotonic() + SHADOW_S
    while (missing := sent - scored()) > 0:
        if time.monotonic() > deadline:
            raise DemoFailed(f"{missing} instances are not compared after {SHADOW_S} s.")
        time.sleep(0.5)


def summarise(ids: Path) -> dict[str, Any]:
    """Return the figures that matter."""
    comparison = answer("compare", "--shadow", SHADOW)
    rows = [json.loads(line) for line in ids.open()]
    coverage, outcomes = comparison["coverage"], comparison["outcomes"]
    (errors,) = (figure for figure in outcomes["errors"] if figure["name"] == "mae")
    return {
        "sent": len(rows),
        "answered": answered(ids),
        "recorded": coverage["recorded"],
        "paired": coverage["compared"],
        "failed": coverage["failed"],
        "outcomes": outcomes["outcomes"],
        "live": described(LIVE, errors["live"]),
        "shadow": described(SHADOW, errors["shadow"]),
        "verdict": comparison["verdict"],
        "reasons": comparison["reasons"],
        "report": str(DEMO / "report.html"),
    }


def described(model: str, mean_absolute_error: float) -> dict[str, Any]:
    """Return a model version and its mean absolute error on the outcomes."""
    name, version = model.split(":")
    return {"name": name, "version": version, "mean_absolute_error": mean_absolute_error}


def shown(word: object) -> str:
    """Return a path as seen from the checkout, anything else as it is."""
    return str(word).removeprefix(f"{ROOT}/")


def _source(data: Path | None) -> list[object]:
    if data is None:
        return []
    if not data.is_file():
        raise DemoFailed(f"There is no file {data}.")
    return ["--data", data.resolve()]


if __name__ == "__main__":
    sys.exit(main())
