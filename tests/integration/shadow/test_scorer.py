"""The scorer with real children whose model raises, hangs, dies, leaks or lies."""

import os
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path

import pytest

from understudy.errors import ScoringFailed
from understudy.priority import stood_in_line_s
from understudy.shadow.answers import Answer, Failed, Scored
from understudy.shadow.handle import child_environment, resident_bytes
from understudy.shadow.scorer import Limits, Scorer

CHILD = Path(__file__).with_name("misbehaving_child.py")
_LIMITS = Limits(batch=16, timeout_s=10.0, memory_bytes=150 * 1024**2, start_timeout_s=20)

MakeScorer = Callable[..., Scorer]


@pytest.fixture
def make_scorer() -> Iterator[MakeScorer]:
    """Make scorers that are stopped after the test."""
    made: list[Scorer] = []

    def make(start: str = "well", limits: Limits = _LIMITS, **kwargs: object) -> Scorer:
        command = [sys.executable, str(CHILD), start]
        made.append(Scorer(command, None, limits, **kwargs))  # type: ignore[arg-type]
        return made[-1]

    yield make
    for scorer in made:
        scorer.stop()


def _good(*numbers: float) -> list[Answer]:
    return [Scored(number * 2.0, number * 2.0, None) for number in numbers]


def _among_others(
    bad: dict[str, object], place: int = 5, count: int = 16
) -> list[dict[str, object]]:
    instances: list[dict[str, object]] = [{"x": number} for number in range(count)]
    instances[place] |= bad
    return instances


def _is_gone(pid: int) -> bool:
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return True
    return False


def _check_alone(answers: Sequence[Answer], place: int, reason: str) -> None:
    """Assert that all are scored but the one in this place."""
    failed = answers[place]
    assert isinstance(failed, Failed)
    assert reason in failed.reason
    assert [*answers[:place], *answers[place + 1 :]] == _good(
        *(number for number in range(len(answers)) if number != place)
    )


def test_answers_come_in_the_order_of_the_instances(make_scorer: MakeScorer) -> None:
    """More instances than a batch holds are scored by one child, in order."""
    scorer = make_scorer()
    assert scorer.score([{"x": number} for number in range(50)]) == _good(*range(50))
    assert scorer.score([]) == []


def test_a_large_batch_passes_the_pipe(make_scorer: MakeScorer) -> None:
    """Megabytes of instances need not fit into the buffer of a pipe."""
    instances = [{"x": number, "text": "ä" * 100_000} for number in range(16)]
    assert make_scorer().score(instances) == _good(*range(16))


@pytest.mark.parametrize(
    ("action", "reason"),
    [
        ("raise", "raised ValueError: no such house \0 \\ud800"),
        ("too few", "gave 0 predictions for 1 instances"),
        ("nan", "gave nan instead of a finite number"),
        ("infinity", "gave -inf instead of a finite number"),
        ("text", "gave expensive instead of a finite number"),
        ("object", "raised TypeError"),
    ],
)
def test_a_wrong_answer_fails_alone_and_costs_no_child(
    make_scorer: MakeScorer, action: str, reason: str
) -> None:
    """A model that raises or gives nonsense for one instance is not restarted for it."""
    scorer = make_scorer()
    scorer.start()
    pid = scorer.child_pid
    _check_alone(scorer.score(_among_others({"do": action})), 5, reason)
    assert scorer.child_pid == pid


@pytest.mark.parametrize(
    ("place", "action", "reason"),
    [
        (0, "exit", "ended with status 3: no licence"),
        (15, "segfault", "killed by signal 11 (Segmentation fault)"),
        (5, "gorge", "killed by signal 9 (memory limit 0.146 GiB)"),
    ],
)
def test_an_instance_that_kills_the_child_fails_alone(
    make_scorer: MakeScorer, place: int, action: str, reason: str
) -> None:
    """The batch is halved until the poisonous instance stands alone; all others are scored."""
    _check_alone(make_scorer().score(_among_others({"do": action}, place)), place, reason)


@pytest.mark.parametrize("action", ["hang", "close"])
def test_an_instance_without_an_answer_fails_alone(make_scorer: MakeScorer, action: str) -> None:
    """A child that says nothing within the time limit is killed."""
    scorer = make_scorer(limits=Limits(4, 0.3, 150 * 1024**2, 20))
    reason = "no answer within 0.3 s" if action == "hang" else "closed its side"
    _check_alone(scorer.score(_among_others({"do": action}, 2, count=4)), 2, reason)


def test_a_child_that_gets_no_processor_does_not_hang(make_scorer: MakeScorer) -> None:
    """It goes last: where others want its processor, a few milliseconds of work take seconds."""
    limit_s = 5.0
    scorer = make_scorer(limits=Limits(4, limit_s, 150 * 1024**2, 20))
    scorer.start()
    pid, place = scorer.child_pid, min(os.sched_getaffinity(0))
    assert pid
    busy = f"import os; os.sched_setaffinity(0, {{{place}}})\nwhile True: pass"
    with subprocess.Popen([sys.executable, "-c", busy]) as rival:
        try:
            os.sched_setaffinity(pid, {place})
            before_s = stood_in_line_s(pid)
            # A rival leaves between a hundredth and a four-hundredth, as its kernel shares.
            assert scorer.score([{"x": 1, "do": "work", "seconds": 0.05}]) == _good(1)
            # Or else the limit was never in question.
            assert stood_in_line_s(pid) - before_s > limit_s
        finally:
            rival.kill()


def test_two_poisonous_instances_fail_and_no_other(make_scorer: MakeScorer) -> None:
    """Each is found by itself."""
    instances = _among_others({"do": "exit"}, 3)
    instances[12]["do"] = "segfault"
    answers = make_scorer().score(instances)
    assert [number for number, one in enumerate(answers) if isinstance(one, Failed)] == [3, 12]


def test_what_a_model_prints_does_not_disturb_the_conversation(make_scorer: MakeScorer) -> None:
    """Neither Python's print nor a write to file descriptor 1 gets between two answers."""
    scorer = make_scorer()
    instances = [{"x": number, "do": "print"} for number in range(16)]
    assert scorer.score(instances) == _good(*range(16))


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("Traceback (most recent call last)", "sent a message of"),
        ("\0\0\0\2[]", "sent a message that is not an object"),
        ("\0\0\0\2{}", "answered out of turn"),
    ],
)
def test_a_model_that_writes_into_the_conversation_fails(
    make_scorer: MakeScorer, text: str, reason: str
) -> None:
    """What is not the answer to this very batch is never taken for one."""
    answers = make_scorer().score(_among_others({"do": "chatter", "text": text}))
    _check_alone(answers, 5, reason)


def test_a_slow_leak_costs_no_instance(make_scorer: MakeScorer, tmp_path: Path) -> None:
    """A child that has grown too large is replaced between batches and in the midst of one."""
    scorer = make_scorer(str(tmp_path / "starts"))
    instances = [{"x": number, "do": "leak", "megabytes": 6} for number in range(64)]
    assert scorer.score(instances) == _good(*range(64))
    assert len((tmp_path / "starts").read_text().splitlines()) > 1


def test_a_killed_child_loses_and_doubles_nothing(make_scorer: MakeScorer) -> None:
    """kill -9 from outside in the midst of a batch of one: it is scored by the next child."""
    scorer = make_scorer()
    scorer.start()
    victim = scorer.child_pid
    assert victim
    killer = threading.Timer(0.2, os.kill, (victim, signal.SIGKILL))
    killer.start()
    assert scorer.score([{"x": 4, "do": "sleep", "seconds": 0.6}]) == _good(4)
    killer.join()
    assert scorer.child_pid not in (None, victim)


def test_a_child_that_was_killed_while_idle_is_replaced(make_scorer: MakeScorer) -> None:
    """The next batch does not suffer for it."""
    scorer = make_scorer()
    scorer.start()
    assert scorer.child_pid
    os.kill(scorer.child_pid, signal.SIGKILL)
    assert scorer.score([{"x": 1}, {"x": 2}]) == _good(1, 2)


def test_lost_children_in_a_row_make_the_next_wait(make_scorer: MakeScorer, tmp_path: Path) -> None:
    """A model that dies on everything is not restarted a thousand times."""

    class Enough(Exception):
        pass

    delays: list[tuple[str, float]] = []
    scorer = make_scorer(
        str(tmp_path / "starts"), on_delay=lambda reason, seconds: delays.append((reason, seconds))
    )

    def interrupt() -> None:
        if delays:
            raise Enough

    with pytest.raises(Enough):
        scorer.score([{"x": number, "do": "exit"} for number in range(16)], interrupt)
    assert delays == [("ended with status 3: no licence", 1.0)]
    assert len((tmp_path / "starts").read_text().splitlines()) == 13
    assert scorer.child_pid is None


def test_an_interrupt_ends_the_child_at_once(make_scorer: MakeScorer) -> None:
    """Whoever stops does not wait for a batch, and leaves no process behind."""

    class Stop(Exception):
        pass

    scorer = make_scorer(limits=Limits(timeout_s=60))
    scorer.start()
    pid = scorer.child_pid
    assert pid
    began = time.monotonic()

    def interrupt() -> None:
        if time.monotonic() > began + 0.2:
            raise Stop

    with pytest.raises(Stop):
        scorer.score([{"x": 1, "do": "hang"}], interrupt)
    assert time.monotonic() < began + 5
    assert _is_gone(pid)
    assert scorer.score([{"x": 2}]) == _good(2)


@pytest.mark.parametrize(
    ("start", "reason"),
    [
        ("broken", "2 \\+ 2 is not 5."),
        ("dies", "does not start: killed by signal 9 \\(Killed\\)"),
        ("hangs", "does not start: no answer within 2 s"),
        ("large", "memory limit 0.146|takes more than 0.146"),
    ],
)
def test_a_model_that_does_not_start_says_why(
    make_scorer: MakeScorer, start: str, reason: str
) -> None:
    """A failed quiz, a death, a hang and a model too large are told apart."""
    scorer = make_scorer(start, Limits(16, 1.0, 150 * 1024**2, 2 if start == "hangs" else 20))
    with pytest.raises(ScoringFailed, match=reason):
        scorer.start()
    assert scorer.child_pid is None


def test_the_child_gives_way_and_has_one_thread(make_scorer: MakeScorer) -> None:
    """It is nicer than its parent, and the first to go when memory runs out."""
    scorer = make_scorer()
    scorer.start()
    pid = scorer.child_pid
    assert pid
    assert os.sched_getscheduler(pid) == os.SCHED_IDLE
    assert Path(f"/proc/{pid}/oom_score_adj").read_text().strip() == "1000"
    environment = Path(f"/proc/{pid}/environ").read_bytes()
    assert b"OPENBLAS_NUM_THREADS=1" in environment


def test_the_child_gets_no_secret() -> None:
    """An untrusted model learns neither where the prediction log is nor how to enter it."""
    environment = child_environment(
        {"PATH": "/bin", "UNDERSTUDY_DATABASE_URL": "postgresql://a:b@c/d", "PGPASSWORD": "b"}
    )
    assert set(environment) & {"UNDERSTUDY_DATABASE_URL", "PGPASSWORD"} == set()
    assert environment["PATH"] == "/bin"


def test_the_memory_of_a_process_that_is_gone_is_nothing() -> None:
    """The watch never fails for a child that ended in between."""
    assert resident_bytes(2**22 + 1) == 0
    assert resident_bytes(os.getpid()) > 1024**2
