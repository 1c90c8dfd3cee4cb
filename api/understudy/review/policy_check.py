"""What has to hold of a policy before a shadow may be deployed with it."""

from understudy.artefacts.store import ArtefactStore
from understudy.comparison.policy import Policy
from understudy.errors import DeploymentRefused
from understudy.log.database import Engine
from understudy.log.deployments import current
from understudy.log.roles import Role
from understudy.review.noise import noise_floor
from understudy.review.policies import check_policy
from understudy.review.policy_file import read_policy
from understudy.settings import Settings


def settle_policy(
    log: Engine, settings: Settings, policy: object, name: str, version: str
) -> dict[str, object] | None:
    """
    Return the policy that a shadow is to be judged by: the given one, or else the endpoint's.

    None where there is neither. Raises what `check_wanted` and `read_policy` raise.
    """
    if policy is not None:
        wanted = Policy.from_json(policy)
    elif settings.policy is not None:
        wanted = read_policy(settings.policy)[0]
    else:
        return None
    check_wanted(log, settings, wanted, name, version)
    return wanted.to_json()


def check_wanted(log: Engine, settings: Settings, policy: Policy, name: str, version: str) -> None:
    """
    Refuse a policy that cannot be answered for this version in the shadow of the live one.

    Raises PolicyInvalid, DeploymentRefused for a tolerance below the noise, or ArtefactError.
    """
    with log.begin() as connection:
        live = current(connection, settings.endpoint).live
    store = ArtefactStore(settings.artefacts_url)
    shadow = store.manifest(name, version)
    held = shadow if live is None else store.manifest(live.name, live.version)
    check_policy(policy, held, shadow)
    _refuse_noise(log, settings, policy, live)


def _refuse_noise(log: Engine, settings: Settings, policy: Policy, live: Role | None) -> None:
    """Refuse a tolerance that the live version would not keep towards itself."""
    tolerance = policy.tolerance
    if live is None or tolerance is None:
        return
    floor = noise_floor(log, settings, live)
    if floor is not None and floor.is_above(tolerance):
        raise DeploymentRefused(
            f"The tolerance {tolerance:g} of the policy is below the noise: {live.model} and its"
            f" twin differ by up to {floor.p99:g} in 99 % of {floor.pairs:,} pairs. Ask for a"
            " tolerance of at least that."
        )
