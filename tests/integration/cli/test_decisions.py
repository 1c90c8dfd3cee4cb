"""A decision is checked against the store before it is written down, and held to what was seen."""

import json
import shutil
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from sqlalchemy import Engine, text

from tests.integration.cli.conftest import CommandLine, Ending
from understudy.artefacts.artefact import Artefact
from understudy.artefacts.signature import make_keys, sign
from understudy.artefacts.storage import Storage
from understudy.artefacts.store import ArtefactStore
from understudy.log.database import connect
from understudy.log.deployments import Change, append, current
from understudy.log.locks import lock_deployments
from understudy.log.roles import Deployments

ENDPOINT = "houses"
LIVE, SHADOW = "tiny-houses:1.0.0", "tiny-houses:2.0.0"


@pytest.fixture
def store(tmp_path: Path) -> ArtefactStore:
    """An empty artefact store."""
    return ArtefactStore(str(tmp_path / "store"))


@pytest.fixture
def engine(
    database_url: str, store: ArtefactStore, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> Iterator[Engine]:
    """The log of an endpoint without workers, which commands find by their environment."""
    monkeypatch.setenv("UNDERSTUDY_DATABASE_URL", database_url)
    monkeypatch.setenv("UNDERSTUDY_DATA_DIR", str(tmp_path / "data"))
    monkeypatch.setenv("UNDERSTUDY_ARTEFACT_STORE", store.url)
    monkeypatch.setenv("UNDERSTUDY_ENDPOINT", ENDPOINT)
    engine = connect(database_url)
    yield engine
    engine.dispose()


def recorded(engine: Engine) -> Deployments:
    """Return the roles that are on record."""
    with engine.begin() as connection:
        return current(connection, ENDPOINT)


def decide(engine: Engine, action: str, artefact: Artefact) -> None:
    """Record a decision of somebody else."""
    manifest = artefact.manifest
    change = Change(action, "ben", manifest.name, manifest.version, manifest.digest)  # type: ignore[arg-type]
    with engine.begin() as connection:
        append(connection, ENDPOINT, change)


def refused(ending: Ending) -> str:
    """Return the one line with which a command is refused."""
    assert ending.status == 70, ending
    assert ending.err.count("\n") == 1
    return ending.err


def on_each_read(monkeypatch: pytest.MonkeyPatch, act: Callable[[], object]) -> None:
    """Do something whenever the store is asked for a file, small or large."""

    def after_acting(real: Callable[..., object]) -> Callable[..., object]:
        def asked(*arguments: object) -> object:
            act()
            return real(*arguments)

        return asked

    for name in ("read", "fetch"):
        monkeypatch.setattr(Storage, name, after_acting(getattr(Storage, name)))


def test_no_shipment_waits_for_the_store(
    engine: Engine, store: ArtefactStore, understudy: CommandLine, tmp_path: Path,
    linear_artefact: Artefact, boosting_artefact: Artefact, monkeypatch: pytest.MonkeyPatch,
) -> None:  # fmt: skip
    """Whatever a decision fetches, it holds nothing meanwhile that shipments share."""
    private, public = make_keys(tmp_path / "mine")
    for artefact in (linear_artefact, boosting_artefact):
        folder = shutil.copytree(artefact.folder, tmp_path / artefact.folder.name)
        sign(folder, private)
        store.push(Artefact(folder, artefact.manifest))
    monkeypatch.setenv("UNDERSTUDY_TRUSTED_KEYS", str(public))
    shipped: list[bool] = []

    def ship() -> None:
        with engine.begin() as connection:
            connection.execute(text("SET LOCAL lock_timeout = '2s'"))
            lock_deployments(connection, ENDPOINT, shared=True)
            shipped.append(True)

    on_each_read(monkeypatch, ship)
    understudy.good("deploy", LIVE, "--live", "--wait", "0")
    understudy.good("deploy", SHADOW, "--shadow")
    before = len(shipped)
    # Nobody serves here, which is told; it is on record all the same.
    assert "0 of 0" in refused(understudy("promote", SHADOW, "--wait", "0"))
    assert len(shipped) > before + 2
    live = recorded(engine).live
    assert live is not None
    assert (live.model, live.digest) == (SHADOW, boosting_artefact.digest)


def test_a_shadow_is_not_promoted_for_another_content_in_the_store(
    engine: Engine, store: ArtefactStore, understudy: CommandLine,
    linear_artefact: Artefact, boosting_artefact: Artefact,
) -> None:  # fmt: skip
    """What was admitted has to be what was scored in the shadow."""
    store.push(linear_artefact)
    store.push(boosting_artefact)
    decide(engine, "live", linear_artefact)
    manifest = boosting_artefact.manifest
    with engine.begin() as connection:
        append(
            connection, ENDPOINT,
            Change("shadow", "ben", manifest.name, manifest.version, "0" * 64),
        )  # fmt: skip
    said = refused(understudy("promote", SHADOW, "--wait", "0"))
    assert "is a shadow with the digest 000000000000…" in said
    assert f"in the artefact store has the digest {manifest.digest[:12]}…" in said
    live = recorded(engine).live
    assert live is not None
    assert live.model == LIVE
    assert "is not a shadow of this endpoint" in refused(understudy("promote", "a:1.0.0"))


def test_a_contract_is_not_held_against_a_model_that_is_live_no_more(
    engine: Engine, store: ArtefactStore, understudy: CommandLine,
    linear_artefact: Artefact, boosting_artefact: Artefact, monkeypatch: pytest.MonkeyPatch,
) -> None:  # fmt: skip
    """Somebody else decides while the store is asked: the later one has to look again."""
    store.push(linear_artefact)
    store.push(boosting_artefact)
    others = [boosting_artefact]

    def overtake() -> None:
        if others:
            decide(engine, "live", others.pop())

    with monkeypatch.context() as patch:
        on_each_read(patch, overtake)
        said = refused(understudy("deploy", LIVE, "--live", "--wait", "0"))
    assert f"{SHADOW} is live now" in said
    live = recorded(engine).live
    assert live is not None
    assert (live.model, live.who) == (SHADOW, "ben")


@pytest.mark.parametrize("command", [("deploy", LIVE, "--live"), ("promote", SHADOW)])
def test_a_store_that_is_away_is_told(
    engine: Engine, understudy: CommandLine, command: tuple[str, ...],
    linear_artefact: Artefact, boosting_artefact: Artefact, monkeypatch: pytest.MonkeyPatch,
) -> None:  # fmt: skip
    """In one line, with nothing on record; a rollback needs no store."""
    decide(engine, "live", boosting_artefact)
    decide(engine, "live", linear_artefact)
    decide(engine, "shadow", boosting_artefact)
    # In the URL: clients are kept by their URL, and other tests have another server.
    away = "s3://models/all?endpoint_url=http://127.0.0.1:9"
    monkeypatch.setenv("UNDERSTUDY_ARTEFACT_STORE", away)
    for name, value in {
        "AWS_ACCESS_KEY_ID": "nobody",
        "AWS_SECRET_ACCESS_KEY": "nothing",
        "AWS_DEFAULT_REGION": "us-east-1",
        "AWS_MAX_ATTEMPTS": "1",
    }.items():
        monkeypatch.setenv(name, value)
    said = refused(understudy(*command))
    assert "The artefact store s3://models/all cannot be used: EndpointConnectionError" in said
    assert recorded(engine).id == 3
    understudy("rollback", "--wait", "0")
    history = json.loads(understudy.good("deployments", "--json"))["history"]
    assert history[-1]["action"] == "rollback"
