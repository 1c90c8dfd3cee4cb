"""One command runs everything on this machine, and leaves nothing behind however it ends."""

import fcntl
import os
import signal
import socket
import threading
from collections.abc import Callable
from contextlib import suppress
from dataclasses import replace
from pathlib import Path
from typing import TextIO
from urllib.request import urlopen

import httpx
import pytest
from sqlalchemy import Engine

from tests.integration.stacks import start, until
from understudy.errors import PartFailed, PortTaken, SettingInvalid
from understudy.log.keys import KeyWish, create_key
from understudy.settings import Settings
from understudy.stack.running import Running, find_running
from understudy.stack.up import up

PARTS = {"serve", "agent", "shadow", "watch"}


def processes_about(words: str) -> dict[int, str]:
    """Return the processes whose environment or command line speaks of something."""
    found = {}
    for entry in Path("/proc").iterdir():
        if entry.name.isdigit() and int(entry.name) != os.getpid():
            try:
                command = (entry / "cmdline").read_bytes().replace(b"\0", b" ").decode()
                environment = (entry / "environ").read_bytes().decode(errors="replace")
            except OSError:
                continue
            if command and (words in command or words in environment):
                found[int(entry.name)] = command
    return found


def part_pid(settings: Settings, part: str) -> int:
    """Return the process that leads a part: the one whose parent is the stack's."""
    running = find_running(settings)
    assert running is not None
    found = _children(running.pid, settings, part)
    assert found, f"{part} does not run"
    return found[0]


def _children(stack: int, settings: Settings, part: str) -> list[int]:
    found = []
    for pid, command in processes_about(str(settings.data_dir)).items():
        with suppress(OSError):  # it has ended meanwhile
            parent = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[1]
            if int(parent) == stack and command.strip().endswith(f"understudy {part}"):
                found.append(pid)
    return found


def is_live(url: str) -> bool:
    """Say whether the api answers."""
    try:
        with urlopen(f"{url}/health/live", timeout=2) as answer:  # noqa: S310 - our own loopback
            return bool(answer.status == 200)
    except OSError:
        return False


def test_a_stack_lives_and_dies_as_one(settings: Settings) -> None:
    """Ends in order by Ctrl-C and at once by kill -9, starts again on the same data each time."""
    first = start(settings)
    until(lambda: find_running(settings))
    running = find_running(settings)
    assert running is not None
    assert running.pid == first.pid
    assert is_live(running.api)

    refused = start(settings)
    said, _ = refused.communicate(timeout=30)
    assert refused.returncode == 70
    assert f"process {first.pid}" in said
    assert "Traceback" not in said

    orphans = set(processes_about(str(settings.data_dir))) - {first.pid}
    first.kill()
    first.communicate(timeout=30)
    assert find_running(settings) is None
    assert settings.run_file.exists()  # nobody was left to remove it, and nobody believes it

    second = start(settings)  # at once, while the parts of the first still end
    until(lambda: find_running(settings))
    assert not orphans & set(processes_about(str(settings.data_dir)))
    second.send_signal(signal.SIGINT)
    said, _ = second.communicate(timeout=60)
    assert second.returncode == 0
    assert said.splitlines()[-1] == "Stopped."
    assert not settings.run_file.exists()
    assert processes_about(str(settings.data_dir)) == {}


class Visitor(threading.Thread):
    """Does something with a stack that runs in the main thread, then ends it like Ctrl-C."""

    def __init__(
        self,
        settings: Settings,
        visit: Callable[[Running], None],
        before: Callable[[], None] = lambda: None,
    ) -> None:
        super().__init__()
        self._settings = settings
        self._visit = visit
        self._before = before
        self.error: BaseException | None = None

    def run(self) -> None:
        """Wait for the stack, visit it, and end it whatever happened."""
        try:
            self._before()
            until(lambda: find_running(self._settings))
            running = find_running(self._settings)
            assert running is not None
            self._visit(running)
        except BaseException as error:  # noqa: BLE001 - raised again in the main thread
            self.error = error
        finally:
            os.kill(os.getpid(), signal.SIGINT)


def visit(settings: Settings, said: list[str], do: Callable[[Running], None]) -> None:
    """Run a stack in this process for as long as a visit takes."""
    visitor = Visitor(settings, do)
    visitor.start()
    up(settings, said.append)
    visitor.join()
    if visitor.error is not None:
        raise visitor.error


def test_a_dead_part_comes_back(settings: Settings, database_url: str) -> None:
    """The stack says which part died, and starts it again."""
    settings = replace(settings, database_url=database_url)
    said: list[str] = []

    def kill_parts(running: Running) -> None:
        for part in ("serve", "agent"):
            before = part_pid(settings, part)
            os.kill(before, signal.SIGKILL)
            until(lambda part=part: any(line.startswith(f"{part} ended") for line in said))
            until(lambda part=part, before=before: _other_pid(settings, part, before))
        until(lambda: is_live(running.api))

    visit(settings, said, kill_parts)
    assert "serve ended by SIGKILL; restarting it in 0.5 s" in "\n".join(said)
    assert said[-1] == "Stopped."
    assert processes_about(str(settings.data_dir)) == {}


def test_a_password_stays_in_the_environment(settings: Settings, database_url: str) -> None:
    """Neither the run file nor any process list shows it; the file says that there is none."""
    url = database_url.replace("postgres@", "postgres:kept-secret@")
    assert url != database_url
    settings = replace(settings, database_url=url, api_key="also-secret")
    said: list[str] = []

    def look(running: Running) -> None:
        assert running.database_url is None
        assert set(running.logs) == PARTS
        # Who compares for a reader is a process of its own.
        key = {"x-api-key": "also-secret"}
        assert httpx.get(f"{running.api}/v1/comparisons/a:1", headers=key, timeout=130)
        assert "dashboard.printer" in " ".join(processes_about(str(settings.data_dir)).values())
        commands = processes_about(str(settings.data_dir)).values()
        assert len(commands) >= len(PARTS)
        everything = [*commands, *said, settings.run_file.read_text()]
        everything += [Path(log).read_text() for log in running.logs.values()]
        for text in everything:
            assert "secret" not in text

    visit(settings, said, look)


@pytest.mark.parametrize("listener", ["a full disk", "nobody"])
def test_what_cannot_be_said_ends_nothing(
    settings: Settings, database_url: str, listener: str
) -> None:
    """`understudy up > up.log` on a full disk, and `understudy up | head`: the api stays."""
    settings = replace(settings, database_url=database_url)
    deaf = _deaf(listener)
    stack = start(settings, stdout=deaf)
    os.close(deaf)
    until(lambda: find_running(settings) or stack.poll() is not None)
    running = find_running(settings)
    assert running is not None
    before = part_pid(settings, "agent")
    os.kill(before, signal.SIGKILL)  # a reason to say something
    until(lambda: _other_pid(settings, "agent", before))
    assert is_live(running.api)
    stack.send_signal(signal.SIGINT)
    assert stack.wait(timeout=60) == 70  # 1 would be a verdict
    assert processes_about(str(settings.data_dir)) == {}


def _deaf(listener: str) -> int:
    """Return a descriptor to which nothing can be written."""
    if listener == "a full disk":
        return os.open("/dev/full", os.O_WRONLY)
    reader, writer = os.pipe()
    os.close(reader)
    return writer


def _other_pid(settings: Settings, part: str, before: int) -> bool:
    try:
        return part_pid(settings, part) != before
    except AssertionError:
        return False


def test_a_stack_that_cannot_announce_itself_serves_and_tries_again(
    settings: Settings, database_url: str
) -> None:
    """Other commands find it as soon as its file can be written; nothing else is left there."""
    settings = replace(settings, database_url=database_url)
    said: list[str] = []

    def hear(line: str) -> None:
        said.append(line)
        if line.startswith("Waiting for the api"):
            (settings.run_file / "in the way").mkdir(parents=True)

    def make_way() -> None:
        until(lambda: any(f"{settings.run_file} cannot be written" in line for line in said))
        until(lambda: is_live(f"http://127.0.0.1:{settings.port}"))
        (settings.run_file / "in the way").rmdir()
        settings.run_file.rmdir()

    visitor = Visitor(settings, lambda running: None, make_way)
    visitor.start()
    up(settings, hear)
    visitor.join()
    if visitor.error is not None:
        raise visitor.error
    assert sum("cannot be written" in line for line in said) == 1
    assert said[-1] == "Stopped."
    assert [path.name for path in settings.data_dir.glob("run*")] == []


def test_keys_count_from_the_first_answer_on(
    settings: Settings, database_url: str, database: Engine
) -> None:
    """A new data directory on a log that has keys is no open door, also where no agent comes."""
    with database.begin() as connection:
        wish = KeyWish("shop", frozenset({"predict"}))
        minted = create_key(connection, settings.endpoint, wish, "ann", "")
    settings = replace(settings, database_url=database_url)
    first: list[httpx.Response] = []
    others = socket.socket()

    def hear(line: str) -> None:
        if line.startswith("Bringing the database"):
            others.bind(("127.0.0.1", settings.agent_port))  # the agent cannot start
            others.listen()

    def knock() -> None:
        until(lambda: _predict(settings, first), pause_s=0.001)

    def come_in(running: Running) -> None:
        answers: list[httpx.Response] = []
        until(lambda: _predict(settings, answers, minted.text))
        assert answers[0].status_code not in (401, 403)

    visitor = Visitor(settings, come_in, knock)
    visitor.start()
    with others:
        up(settings, hear)
    visitor.join()
    if visitor.error is not None:
        raise visitor.error
    assert first[0].status_code == 401


def _predict(settings: Settings, answers: list[httpx.Response], key: str = "") -> bool:
    """Ask for a prediction, and say whether anybody answered."""
    url = f"http://127.0.0.1:{settings.port}/v1/predictions"
    headers = {"x-api-key": key} if key else {}
    with suppress(httpx.TransportError):
        answers.append(httpx.post(url, json={"instances": [{}]}, headers=headers, timeout=30))
    return bool(answers)


def test_a_taken_port_is_one_clear_line(settings: Settings) -> None:
    """Nothing is started when a port is missing."""
    with socket.socket() as other:
        other.bind(("127.0.0.1", settings.port))
        other.listen()
        process = start(settings)
        said, _ = process.communicate(timeout=30)
    assert process.returncode == 70
    assert f"Port {settings.port} on 127.0.0.1 is in use" in said
    assert "UNDERSTUDY_PORT" in said
    assert len(said.strip().splitlines()) == 1
    with socket.socket() as other:
        other.bind(("127.0.0.1", settings.agent_port))
        other.listen()
        with pytest.raises(PortTaken):
            up(settings, print)


def test_who_waits_for_the_ports_of_a_killed_stack_may_end(settings: Settings) -> None:
    """Its parts may take seconds to end, and nobody has to sit through them."""
    settings.data_dir.mkdir()
    settings.run_file.write_text("{}")  # as one leaves that was killed
    with socket.socket() as other:
        other.bind(("127.0.0.1", settings.port))
        other.listen()
        process = start(settings)
        until(lambda: not settings.run_file.exists())  # by then it listens to Ctrl-C
        assert process.poll() is None
        process.send_signal(signal.SIGINT)
        said, _ = process.communicate(timeout=10)
    assert (said, process.returncode) == ("Stopped.\n", 0)


def test_an_open_door_is_refused(settings: Settings) -> None:
    """Beyond loopback there has to be a key, before anything is started."""
    open_to_all = replace(settings, host="0.0.0.0")  # noqa: S104 - it is refused
    with pytest.raises(SettingInvalid, match="UNDERSTUDY_API_KEY"):
        up(open_to_all, print)
    assert not settings.data_dir.exists()


def test_a_part_that_cannot_start_stops_everything(settings: Settings, database_url: str) -> None:
    """The api cannot make its spool: the person hears why, and nothing is left running."""
    settings = replace(settings, database_url=database_url)
    settings.data_dir.mkdir()
    settings.spool_dir.write_text("in the way")
    with pytest.raises(PartFailed, match="`understudy serve` does not start"):
        up(settings, lambda _: None)
    assert processes_about(str(settings.data_dir)) == {}
    assert find_running(settings) is None


def test_an_api_that_is_killed_while_it_starts_is_started_again(
    settings: Settings, database_url: str
) -> None:
    """Nothing is wrong with it: the start goes on with its successor."""
    settings = replace(settings, database_url=database_url)
    stack = start(settings)
    found: list[int] = []

    def is_there() -> bool:
        found[:] = _children(stack.pid, settings, "serve")
        return bool(found)

    until(is_there)
    os.kill(found[0], signal.SIGKILL)
    until(lambda: find_running(settings) or stack.poll() is not None)
    running = find_running(settings)
    assert running is not None, stack.communicate()
    assert is_live(running.api)
    assert part_pid(settings, "serve") != found[0]
    stack.send_signal(signal.SIGINT)
    said, _ = stack.communicate(timeout=60)
    assert "serve ended by SIGKILL; restarting it in 0.5 s" in said
    assert stack.returncode == 0


def test_a_second_interrupt_does_not_wait(settings: Settings, database_url: str) -> None:
    """Whoever presses Ctrl-C twice gets the terminal back at once, and still leaves nothing."""
    settings = replace(settings, database_url=database_url)
    stack = start(settings)
    assert stack.stdout is not None
    until(lambda: find_running(settings))
    # A part that does not react stands for whatever makes a person impatient.
    os.kill(part_pid(settings, "serve"), signal.SIGSTOP)
    stack.send_signal(signal.SIGINT)
    while "Stopping" not in stack.stdout.readline():
        assert stack.poll() is None
    stack.send_signal(signal.SIGINT)
    stack.communicate(timeout=10)
    assert stack.returncode == 130
    for pid, command in processes_about(str(settings.data_dir)).items():
        if command.strip().endswith("serve"):
            os.kill(pid, signal.SIGCONT)
    until(lambda: not processes_about(str(settings.data_dir)))


def test_the_embedded_postgres_comes_back(settings: Settings) -> None:
    """When the database dies it is started again, and predictions never needed it."""
    said: list[str] = []

    def kill_postgres(running: Running) -> None:
        line = (settings.data_dir / "postgres" / "postmaster.pid").read_text().splitlines()[0]
        os.kill(int(line), signal.SIGKILL)
        until(lambda: any("starting it again" in line for line in said))
        until(lambda: str(line) != _postmaster(settings))
        assert is_live(running.api)

    visit(settings, said, kill_postgres)
    assert said[-1] == "Stopped."


def test_the_api_comes_back_while_the_embedded_postgres_cannot(settings: Settings) -> None:
    """Whoever waits for a database tends the parts meanwhile, and ends when that is wished."""
    stack = start(settings)
    until(lambda: find_running(settings) or stack.poll() is not None)
    running = find_running(settings)
    assert running is not None, stack.communicate()
    postmaster = int(_postmaster(settings))
    with (settings.data_dir / "postgres.server.lock").open() as lock:
        stack.send_signal(signal.SIGSTOP)  # or it might be there first
        os.kill(postmaster, signal.SIGKILL)
        _until_taken(lock)  # as by a process of the dead server that does not end
        stack.send_signal(signal.SIGCONT)
        os.kill(part_pid(settings, "serve"), signal.SIGKILL)
        until(lambda: not is_live(running.api))
        until(lambda: is_live(running.api), seconds=20)
        stack.send_signal(signal.SIGINT)
        said, _ = stack.communicate(timeout=20)
    assert "starting it again" in said
    assert "does not end. Find it" not in said  # nobody waited until that was given up
    assert said.splitlines()[-1] == "Stopped."
    assert stack.returncode == 0
    assert processes_about(str(settings.data_dir)) == {}


def test_a_stack_that_waits_for_its_database_ends_when_that_is_wished(settings: Settings) -> None:
    """Ctrl-C counts also before there is any part."""
    settings.data_dir.mkdir()
    with (settings.data_dir / "postgres.server.lock").open("w") as lock:
        _until_taken(lock)
        stack = start(settings)
        assert stack.stdout is not None
        while "Starting the embedded" not in stack.stdout.readline():
            assert stack.poll() is None
        stack.send_signal(signal.SIGINT)
        said, _ = stack.communicate(timeout=20)
    assert said == "Stopped.\n"
    assert stack.returncode == 0


def _until_taken(lock: TextIO) -> None:
    """Take a lock as soon as whoever holds it is gone."""

    def take() -> bool:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            return False
        return True

    until(take, pause_s=0.001)


@pytest.mark.parametrize("moment", ["Starting the embedded", "Bringing the database"])
def test_a_postgres_that_is_killed_while_the_stack_starts(settings: Settings, moment: str) -> None:
    """It is started once more, in the middle of its own start as in that of the schema."""
    stack = start(settings)
    assert stack.stdout is not None
    while moment not in stack.stdout.readline():
        assert stack.poll() is None
    killed = _kill_postmaster(settings)
    until(lambda: find_running(settings) or stack.poll() is not None)
    assert stack.poll() is None, stack.communicate()
    assert killed not in processes_about(str(settings.data_dir))
    stack.send_signal(signal.SIGINT)
    said, _ = stack.communicate(timeout=60)
    assert "again" in said
    assert said.splitlines()[-1] == "Stopped."
    assert stack.returncode == 0


def _kill_postmaster(settings: Settings) -> int:
    """End the postmaster as soon as there is one, and return its number."""
    cluster = str(settings.data_dir / "postgres")
    found: list[int] = []

    def is_there() -> bool:
        for pid, command in processes_about(f"-D {cluster} ").items():
            if Path(command.split()[0]).name == "postgres":
                found.append(pid)
        return bool(found)

    until(is_there, pause_s=0.001)
    os.kill(found[0], signal.SIGKILL)
    return found[0]


def _postmaster(settings: Settings) -> str:
    try:
        lines = (settings.data_dir / "postgres" / "postmaster.pid").read_text().splitlines()
    except FileNotFoundError:
        return ""
    return lines[0] if lines else ""
