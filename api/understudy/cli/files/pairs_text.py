"""A comparison of a file's pairs in words and columns, for a terminal."""

from collections.abc import Iterator, Mapping, Sequence
from typing import TYPE_CHECKING

from understudy.cli.comparison_text import describe_pairs
from understudy.cli.figures_text import section
from understudy.cli.output import plain

if TYPE_CHECKING:
    from understudy.cli.files.evidence import Case
    from understudy.comparison import Comparison


def describe(found: "Comparison", case: "Case", remarks: Sequence[str]) -> Iterator[str]:
    """Yield the lines: how the file was read, then as for any comparison, the verdict last."""
    yield f"{found.shadow} in the shadow of {found.live} ({found.endpoint}: {found.target})"
    read = [*case.remarks, *remarks]
    yield from section("How the file was read", map(plain, read))
    yield from describe_pairs(
        found, [*_because("failed", case.failed), *_because("excluded", case.excluded)]
    )


def _because(what: str, counts: Mapping[str, int]) -> Iterator[str]:
    for reason, count in counts.items():
        yield f"{what}: {count:,} ({plain(reason)})"
