"""The addresses on which the parts of a stack listen, and whether they are free."""

import errno
import socket

from understudy.errors import PortTaken
from understudy.settings import Settings


def api_url(settings: Settings) -> str:
    """Return the URL at which a client on this machine reaches the api."""
    return f"http://{_reachable(settings.host)}:{settings.port}"


def metrics_urls(settings: Settings) -> dict[str, str]:
    """Return where each part shows its metrics."""
    host = _reachable(settings.metrics_host)
    ports = {
        "agent": settings.agent_port,
        "shadow": settings.shadow_port,
        "watch": settings.watcher_port,
    }
    urls = {part: f"http://{host}:{port}/metrics" for part, port in ports.items()}
    return {"serve": f"{api_url(settings)}/metrics"} | urls


def refuse_taken_ports(settings: Settings) -> None:
    """Raise PortTaken for the first port on which somebody else listens already."""
    wanted = [
        (settings.host, settings.port, "UNDERSTUDY_PORT"),
        (settings.metrics_host, settings.agent_port, "UNDERSTUDY_AGENT_PORT"),
        (settings.metrics_host, settings.shadow_port, "UNDERSTUDY_SHADOW_PORT"),
        (settings.metrics_host, settings.watcher_port, "UNDERSTUDY_WATCHER_PORT"),
    ]
    for host, port, variable in wanted:
        if _is_taken(host, port):
            raise PortTaken(host, port, variable)


def _is_taken(host: str, port: int) -> bool:
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    with socket.socket(family, socket.SOCK_STREAM) as probe:
        # As the servers do: a port whose last connections are still fading is free.
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((host, port))
        except OSError as error:
            if error.errno == errno.EADDRINUSE:
                return True
            raise
    return False


def _reachable(host: str) -> str:
    if host in ("", "0.0.0.0"):  # noqa: S104 - the wildcard is read here, not bound
        return "127.0.0.1"
    if host == "::":
        return "[::1]"
    return f"[{host}]" if ":" in host else host
