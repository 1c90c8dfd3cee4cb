"""What the gates would have refused and who overruled them, in words."""

from collections.abc import Sequence
from typing import TYPE_CHECKING

from understudy.cli.output import plain

if TYPE_CHECKING:
    from understudy.artefacts.vetting import Waiver


def waived(waivers: "Sequence[Waiver] | None") -> list[str]:
    """Return a line for each waiver, or one that says why there is none."""
    if waivers is None:
        return ["not recorded"]
    return [plain(f"{one.gate}, by {one.by}: {one.reason}") for one in waivers] or ["none"]
