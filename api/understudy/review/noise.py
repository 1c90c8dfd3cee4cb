"""The noise floor of the live version, from what its twin scored."""

import numpy as np

from understudy.comparison.noise import Answered, NoiseFloor
from understudy.comparison.noise import noise_floor as describe
from understudy.log.database import Connection, Engine, log_errors
from understudy.log.readers import read_pairs
from understudy.log.roles import Role
from understudy.settings import Settings


def noise_floor(engine: Engine, settings: Settings, live: Role) -> NoiseFloor | None:
    """
    Describe how far the live version and its twin are apart on all that the twin scored.

    None as long as it scored nothing; a twin that was withdrawn, and a replay of the live version,
    count as well. Raises LogUnavailable.
    """
    with log_errors(), engine.connect() as connection:
        return read_noise(connection, settings.endpoint, live)


def read_noise(connection: Connection, endpoint: str, live: Role) -> NoiseFloor | None:
    """Describe the same in a transaction that is open already."""
    pairs = read_pairs(connection, endpoint, live.key, live.key)
    if not len(pairs):
        return None
    has_numbers = not np.isnan(pairs.live_value).all()
    has_labels = any(label is not None for label in pairs.live_label)
    return describe(
        Answered(
            units=pairs.request_ids,
            instances=pairs.instance_no,
            served_at=pairs.served_at,
            live=pairs.live_value if has_numbers else None,
            twin=pairs.shadow_value if has_numbers else None,
            live_labels=pairs.live_label if has_labels else None,
            twin_labels=pairs.shadow_label if has_labels else None,
            failed=pairs.failed,
        )
    )
