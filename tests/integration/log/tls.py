"""Postgres behind TLS: the wheel's server knows none, so this stands in front of it."""

import datetime
import ipaddress
import socket
import ssl
import struct
import threading
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID

_SSL_REQUEST = struct.pack("!II", 8, 80877103)


def make_certificate(folder: Path, host: str) -> tuple[Path, Path]:
    """Write a certificate that vouches for itself and for a host, and its key."""
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, host)])
    now = datetime.datetime.now(datetime.UTC)
    certificate = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(now - datetime.timedelta(hours=1))
        .not_valid_after(now + datetime.timedelta(hours=1))
        .add_extension(x509.BasicConstraints(ca=True, path_length=0), critical=True)
        .add_extension(
            x509.SubjectAlternativeName([x509.IPAddress(ipaddress.ip_address(host))]),
            critical=False,
        )
        .sign(key, hashes.SHA256())
    )
    folder.mkdir(parents=True, exist_ok=True)
    written = folder / "certificate.pem", folder / "key.pem"
    written[0].write_bytes(certificate.public_bytes(serialization.Encoding.PEM))
    written[1].write_bytes(
        key.private_bytes(
            serialization.Encoding.PEM,
            serialization.PrivateFormat.PKCS8,
            serialization.NoEncryption(),
        )
    )
    return written


@contextmanager
def tls_before(server: Path, certificate: Path, key: Path) -> Iterator[int]:
    """Listen on a port of 127.0.0.1, speak TLS alone, and pass on to a server's Unix socket."""
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(certificate, key)
    with socket.create_server(("127.0.0.1", 0)) as listening:
        thread = threading.Thread(target=_accept, args=(listening, context, server), daemon=True)
        thread.start()
        yield listening.getsockname()[1]
        listening.shutdown(socket.SHUT_RDWR)
    thread.join(10)


def _accept(listening: socket.socket, context: ssl.SSLContext, server: Path) -> None:
    threads = []
    with suppress(OSError):
        while True:
            client, _ = listening.accept()
            threads.append(threading.Thread(target=_serve, args=(client, context, server)))
            threads[-1].start()
    for thread in threads:
        thread.join(10)


def _serve(client: socket.socket, context: ssl.SSLContext, server: Path) -> None:
    with client, suppress(OSError):
        if client.recv(8, socket.MSG_WAITALL) != _SSL_REQUEST:
            return  # who would speak in the clear is not heard
        client.sendall(b"S")
        with (
            context.wrap_socket(client, server_side=True) as secured,
            socket.socket(socket.AF_UNIX) as behind,
        ):
            behind.connect(str(server))
            back = threading.Thread(target=_pump, args=(behind, secured))
            back.start()
            _pump(secured, behind)
            back.join(10)


def _pump(source: socket.socket, target: socket.socket) -> None:
    with suppress(OSError):
        while data := source.recv(65_536):
            target.sendall(data)
    with suppress(OSError):
        target.shutdown(socket.SHUT_RDWR)
