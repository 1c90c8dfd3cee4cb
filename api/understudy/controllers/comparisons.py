"""GET /v1/comparisons: the verdict on a shadow and all that stands behind it."""

import flask

from understudy.controllers.documents import Json, answer
from understudy.controllers.services import log_transaction, services
from understudy.log import comparisons, deployments
from understudy.log.episodes import compared_shadows


def search() -> flask.Response:
    """Return the shadows that can be compared with live now, and every comparison there was."""
    endpoint = services().settings.endpoint
    with log_transaction() as connection:
        now = deployments.current(connection, endpoint)
        kept = comparisons.list_comparisons(connection, endpoint)
    return answer(
        {
            "shadows": [shadow.model for shadow in compared_shadows(now)],
            "comparisons": [_told(comparison) for comparison in kept],
        }
    )


def _told(kept: comparisons.KeptComparison) -> Json:
    return {
        "id": kept.id,
        "live": ":".join(kept.live),
        "shadow": ":".join(kept.shadow),
        "deployment": kept.deployment_id,
        "policy": kept.policy,
        "policy_digest": kept.policy_digest,
        "started_at": kept.started_at,
        "ended_at": kept.ended_at,
        "verdict": kept.verdict,
        "judged_at": kept.judged_at,
    }


def get(shadow: str) -> flask.Response:
    """
    Return the comparison of one shadow. Raises RecordUnknown if it is not deployed.

    It is made beside the worker: it takes seconds, in which no prediction should wait.
    """
    return answer(services().press.comparison(shadow))
