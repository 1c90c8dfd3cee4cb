"""
The promises, as probes: each returns how often it was broken, so that 0 is the only tolerance.

The first one asked holds the load and waits until all is shipped and scored.
"""

from tests.chaos.stage import Stage, current


def answered_but_not_recorded() -> int:
    """Count instances that were answered, and neither recorded nor counted as lost."""
    return current().account().unrecorded


def recorded_twice() -> int:
    """Count instances that were recorded more than once."""
    return current().account().doubled


def recorded_wrongly() -> int:
    """Count rows that nobody sent, or that say something else than the client was told."""
    return current().account().wrong


def recorded_unasked() -> int:
    """
    Count requests that were recorded though they failed, beyond those in flight at a kill.

    So those recorded and unanswered are at most the requests in flight at the kill.
    """
    return current().account().unexplained_requests


def live_errors() -> int:
    """Count failed requests, beyond those that were under way while the api itself was killed."""
    return current().account().errors


def late_answers() -> int:
    """Count requests that waited too long, beyond those while the api itself was away or held."""
    return current().account().late


def shadow_rows_amiss() -> int:
    """Count instances in a sample that have not exactly one prediction or recorded failure."""
    account = current().account()
    return account.shadow_gaps + account.open_work


def shadow_failures_amiss() -> int:
    """Count instances on which a shadow failed without reason, or did not where it had to."""
    return current().account().shadow_failures_amiss


def quarantined() -> int:
    """Count requests that were kept aside, beyond those that a fault has damaged in a spool."""
    return current().account().quarantined


def own_account_off() -> int:
    """
    Count the instances by which the product's own account differs from the client's.

    The api's metrics say how many requests it answered, unless it was killed and began to count
    anew. `understudy compare` says where each instance went that the live version answered; it
    costs seconds, and is asked after the fault only: what is off before is off after it, too.
    """
    stage = current()
    account = stage.account()
    off = 0 if stage.ledger.outages else abs(_counted(stage) - account.answered_requests)
    if stage.last_fault is None or not stage.asks_compare:
        return off
    (shadow, *_) = account.playing
    coverage: dict[str, int] = stage.stack.answer("compare", "--shadow", shadow)["coverage"]
    parts = ("compared", "sampled_out", "skipped", "failed", "excluded", "waiting")
    off += abs(coverage["recorded"] - sum(coverage[part] for part in parts))
    return off + abs(coverage["recorded"] - account.recorded_of_live) + coverage["waiting"]


def _counted(stage: Stage) -> int:
    labels = 'route="/v1/predictions"', 'method="POST"', 'status="200"'
    return int(stage.stack.metric("understudy_http_requests_total", *labels))


def faults_that_failed() -> int:
    """Count what could not be done to the stack: such an experiment has shown nothing."""
    return len(current().failures)
