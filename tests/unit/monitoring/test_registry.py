"""Gauges whose series come and go."""

from prometheus_client import generate_latest

from understudy import __version__
from understudy.monitoring.registry import Board, new_registry


def test_a_registry_tells_its_build_and_its_process() -> None:
    """The running version and the process's own memory are shown without being asked for."""
    text = generate_latest(new_registry("houses")).decode()
    assert f'understudy_build_info{{endpoint="houses",version="{__version__}"}} 1.0' in text
    assert "process_resident_memory_bytes" in text


def test_two_registries_share_nothing() -> None:
    """Names can be used again in another registry: nothing is global."""
    for _ in range(2):
        Board(new_registry("houses"), "houses", "understudy_things", "Things.").show({(): 1.0})


def test_what_is_no_longer_told_disappears() -> None:
    """A removed version does not stay at its last value."""
    registry = new_registry("houses")
    board = Board(registry, "houses", "understudy_info", "Roles.", ("role", "version"))
    board.show({("live", "1"): 1.0, ("shadow", "2"): 1.0})
    board.show({("live", "2"): 1.0})
    value = registry.get_sample_value
    assert value("understudy_info", {"endpoint": "houses", "role": "live", "version": "2"}) == 1.0
    assert value("understudy_info", {"endpoint": "houses", "role": "live", "version": "1"}) is None
    board.clear()
    assert 'role="live"' not in generate_latest(registry).decode()
