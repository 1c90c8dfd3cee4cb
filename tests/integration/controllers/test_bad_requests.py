"""Ten thousand requests that must be refused, and connections that try to smuggle one in."""

import http.client
import json
import socket
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import closing
from pathlib import Path
from urllib.parse import urlsplit

import httpx
import pytest

from tests.integration.controllers.bad_requests import GOOD, JSON, KINDS, Bad, corpus
from tests.integration.controllers.conftest import serving
from tests.unit.controllers.conftest import served
from understudy.artefacts.artefact import Artefact
from understudy.serving.spool_reader import SpoolReader
from understudy.settings import Settings

pytestmark = pytest.mark.no_cover

COUNT, SEED = 10_000, 20_261_128
PATH = "/v1/predictions"
BODY = json.dumps({"instances": GOOD[:1]}).encode()
Recorded = Callable[[], int]


@pytest.fixture
def options(tmp_path: Path, linear_artefact: Artefact) -> Settings:
    """Settings of an open service with a live model."""
    return serving(tmp_path, linear_artefact)


@pytest.fixture
def client(options: Settings) -> Iterator[httpx.Client]:
    """Return a client of it."""
    with served(options) as found:
        yield found


@pytest.fixture
def recorded(options: Settings) -> Recorded:
    """Return a function that counts the requests in the spool: whatever was answered is there."""

    def count() -> int:
        total = 0
        for path in SpoolReader.all_in(options.spool_dir):
            with SpoolReader(path) as spool:
                total += spool.backlog().requests
        return total

    return count


class Caller:
    """One connection that is kept open as long as the service keeps it."""

    def __init__(self, client: httpx.Client) -> None:
        address = urlsplit(str(client.base_url))
        self._connection = http.client.HTTPConnection(
            address.hostname or "", address.port, timeout=30
        )

    def send(self, request: Bad) -> tuple[int, bytes]:
        """Post one request and return status and body of the answer."""
        headers = {name: value.encode("utf-8") for name, value in request.headers.items()}
        self._connection.putrequest("POST", PATH, skip_accept_encoding=True)
        for name, value in headers.items():
            # Past the library's own checks: it would refuse to send some of these.
            self._connection._buffer.append(name.encode() + b": " + value)  # type: ignore[attr-defined]
        self._connection.putheader("content-length", str(len(request.body)))
        self._connection.endheaders(request.body)
        answer = self._connection.getresponse()
        return answer.status, answer.read()

    def close(self) -> None:
        """Hang up."""
        self._connection.close()


@pytest.mark.promise(
    "hostile input",
    "Bad requests are refused in words: none is answered, recorded, or an error of ours",
)
def test_ten_thousand_bad_requests_are_refused(
    client: httpx.Client, recorded: Recorded, record_property: Callable[[str, object], None]
) -> None:
    """Each with a status of 4xx, in words; none is answered, recorded, or too much for us."""
    record_property("requests", COUNT)
    found = Counter[str]()
    with closing(Caller(client)) as caller:
        for bad in corpus(COUNT, SEED):
            status, body = caller.send(bad)
            assert 400 <= status < 500, (bad.kind, status, bad.body[:300], bad.headers)
            assert json.loads(body)["detail"], bad
            found[bad.kind] += 1
        assert found.keys() == set(KINDS)
        assert min(found.values()) > 500
        assert recorded() == 0
        assert caller.send(Bad("good", BODY, {"content-type": JSON}))[0] == 200
    assert recorded() == 1


def _smuggled() -> list[bytes]:
    """Return streams of bytes in which a second request hides, or whose end is in doubt."""
    length = b"Content-Length: %d\r\n" % len(BODY)
    hidden = (
        b"POST "
        + PATH.encode()
        + b" HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\n"
    )
    hidden += length + b"\r\n" + BODY
    head = (
        b"POST "
        + PATH.encode()
        + b" HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\n"
    )
    chunked = b"Transfer-Encoding: chunked\r\n"
    return [
        head + length + chunked + b"\r\n0\r\n\r\n" + hidden,
        head + chunked + length + b"\r\n0\r\n\r\n" + hidden,
        head + b"Content-Length: 0\r\n" + length + b"\r\n" + hidden,
        head + length + b"Content-Length: 5\r\n\r\n" + BODY,
        head + b"Content-Length: +5\r\n\r\n" + hidden,
        head + b"Content-Length: -1\r\n\r\n" + hidden,
        head + b"Content-Length: 5, 6\r\n\r\n" + hidden,
        head + b"Transfer-Encoding: xchunked\r\n\r\n0\r\n\r\n" + hidden,
        head + b"Transfer-Encoding : chunked\r\n\r\n0\r\n\r\n" + hidden,
        head + b"Transfer-Encoding: chunked, identity\r\n\r\n0\r\n\r\n" + hidden,
        head + chunked + b"\r\nZZ\r\n" + BODY,
        head + chunked + b"\r\n-1\r\n" + hidden,
        b"GET http://x/ HTTP/9.9\r\nHost: localhost\r\n\r\n",
        b"POST " + PATH.encode() + b"\r\n\r\n" + BODY,
        b"\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03" + b"\0" * 200,
        head.replace(b"Host: localhost", b"Host: localhost\r\nX: a\0b") + length + b"\r\n" + BODY,
        head + b"X: " + b"a" * 200_000 + b"\r\n" + length + b"\r\n" + BODY,
    ]


@pytest.mark.promise("hostile input", "No request is smuggled in behind another")
@pytest.mark.parametrize("number", range(len(_smuggled())))
def test_nothing_is_smuggled_in(client: httpx.Client, recorded: Recorded, number: int) -> None:
    """A stream whose requests end where only one side sees it is refused before its first."""
    address = urlsplit(str(client.base_url))
    with socket.create_connection((address.hostname, address.port), timeout=5) as connection:
        connection.sendall(_smuggled()[number])
        answers = _read(connection)
    assert b" 200 " not in answers, answers[:300]
    assert b" 5" not in answers.partition(b"\r\n")[0], answers[:300]
    assert recorded() == 0
    assert client.post(PATH, content=BODY, headers={"content-type": JSON}).status_code == 200


def _read(connection: socket.socket) -> bytes:
    """Read until the service hangs up, or has said nothing for a second."""
    connection.settimeout(1)
    found = b""
    try:
        while more := connection.recv(65_536):
            found += more
    except (TimeoutError, ConnectionError):
        pass
    return found
