"""From an answer back to the decision behind it, along the record of deployments."""

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass

from understudy.log.roles import DeploymentRow, fold

Version = tuple[str, str]  # name and version


@dataclass(frozen=True)
class Answerer:
    """
    Why a model version answered.

    `decision` is the change by which it became live, and holds its digest. `as_of` is the last
    change of any role at that moment: a shadow deployed since may have widened the contract.
    """

    decision: DeploymentRow
    as_of: int


def find_answerer(
    history: Sequence[DeploymentRow],
    model: Version,
    deployment_id: int | None,
    captures: Collection[int] = (),
) -> Answerer | None:
    """
    Return the decision by which `model` was live in a deployment, given every change in order.

    `captures` are the numbers of capture policies: deployments that change no role. None if the
    deployment was not recorded with the answer, or is not in this history.
    """
    if deployment_id is None:
        return None
    rows = {row.id: row for row in history if row.id <= deployment_id}
    live = fold(rows.values()).live
    if (
        (deployment_id not in rows and deployment_id not in captures)
        or live is None
        or live.key != model
    ):
        return None
    assert live.deployment_id is not None  # noqa: S101 - for mypy: a role of a row has its id
    return Answerer(rows[live.deployment_id], max(rows))


def known_digests(history: Iterable[DeploymentRow]) -> Mapping[Version, str]:
    """Return the digest of each version that was deployed with one and the same content only."""
    found: dict[Version, set[str]] = {}
    for row in history:
        found.setdefault((row.name, row.version), set()).add(row.digest)
    return {version: digests.pop() for version, digests in found.items() if len(digests) == 1}
