"""The two halves: by name alone, for ever."""

import struct

import numpy as np

from understudy.comparison.halves import SALT, is_searched, unit_draws

_WORD = (1 << 64) - 1


def _round(v: list[int]) -> None:
    for a, b, c, d, left, right in ((0, 1, 2, 3, 13, 16), (2, 1, 0, 3, 17, 21)):
        v[a] = (v[a] + v[b]) & _WORD
        v[c] = (v[c] + v[d]) & _WORD
        v[b] = _turn(v[b], left) ^ v[a]
        v[d] = _turn(v[d], right) ^ v[c]
        v[a] = _turn(v[a], 32)


def _turn(word: int, bits: int) -> int:
    return ((word << bits) | (word >> (64 - bits))) & _WORD


def _siphash(key: bytes, text: bytes) -> int:
    """SipHash-2-4 as in Aumasson and Bernstein (2012), figure 2.1."""
    k = struct.unpack("<2Q", key)
    start = (0x736F6D6570736575, 0x646F72616E646F6D, 0x6C7967656E657261, 0x7465646279746573)
    v = [word ^ k[place % 2] for place, word in enumerate(start)]
    filled = text + bytes(-(len(text) + 1) % 8) + bytes([len(text) % 256])
    for (word,) in struct.iter_unpack("<Q", filled):
        v[3] ^= word
        _round(v)
        _round(v)
        v[0] ^= word
    v[2] ^= 0xFF
    for _ in range(4):
        _round(v)
    return v[0] ^ v[1] ^ v[2] ^ v[3]


def _mixed(word: int) -> int:
    """The last step of splitmix64 (Steele, Lea and Flood 2014)."""
    word = (word ^ (word >> 30)) * 0xBF58476D1CE4E5B9 & _WORD
    word = (word ^ (word >> 27)) * 0x94D049BB133111EB & _WORD
    return word ^ (word >> 31)


def test_the_draws_are_those_of_siphash() -> None:
    """Computed anew from the definition, which gives the paper's own test vector."""
    assert _siphash(bytes(range(16)), bytes(range(15))) == 0xA129CA6149BE45E5
    names = ["request-000000", "", "Größe 7", "x" * 40]
    told = [_mixed(_siphash(SALT.encode(), name.encode())) for name in names]
    assert unit_draws(np.array(names)).tolist() == told


def test_a_half_depends_on_the_name_alone() -> None:
    """Not on the order, the other units, or how long their names are; and it is a half."""
    names = np.array([f"request-{number}" for number in range(10_000)])
    halves = is_searched(unit_draws(names))
    alone = [bool(is_searched(unit_draws(np.array([name])))[0]) for name in names[:20]]
    assert alone == halves[:20].tolist()
    assert (is_searched(unit_draws(names[::-1]))[::-1] == halves).all()
    assert 4800 < halves.sum() < 5200
