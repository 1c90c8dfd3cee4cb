"""The pages of the whole endpoint: the overview, the deployments, and what went wrong."""

from collections.abc import Sequence

from markupsafe import Markup

from understudy.dashboard import earlier
from understudy.dashboard.rendering import fragment
from understudy.dashboard.table import link, table
from understudy.log.comparisons import KeptComparison
from understudy.log.roles import DeploymentRow, Deployments, Role, ShadowRole, fold_each, is_twin
from understudy.presentation.numbers import NONE, SPACE, percent

TIME = "%Y-%m-%d %H:%M:%S"


def overview_page(endpoint: str, now: Deployments, cards: Sequence[Markup]) -> Markup:
    """Return the content of the first page, with a card for each shadow."""
    return fragment(
        "overview.html", endpoint=endpoint, live=now.live, previous=now.previous, cards=cards
    )


def unavailable_card(role: ShadowRole, problem: str) -> Markup:
    """Return what stands for a shadow whose comparison cannot be had."""
    return fragment("unavailable.html", role=role, problem=problem)


def twin_card(role: ShadowRole) -> Markup:
    """Return what stands for live's own twin, which gets no verdict."""
    return fragment("twin.html", role=role, share=f"{100 * role.share:g}{SPACE}%")


def deployments_page(
    endpoint: str,
    now: Deployments,
    history: Sequence[DeploymentRow],
    kept: Sequence[KeptComparison] = (),
) -> Markup:
    """Return the content of the page with the present roles, comparisons and every decision."""
    held: list[tuple[str, Role | None]] = [("live", now.live), ("before it", now.previous)]
    held += [("twin" if is_twin(role, now.live) else "shadow", role) for role in now.shadows]
    roles = table(
        "Who serves what now",
        ("Role", "Model", "Share", "Since (UTC)", "By", "Why"),
        [(name, *_role(name, role)) for name, role in held if role is not None],
    )
    decisions = table(
        "Every decision, newest first",
        ("Number", "At (UTC)", "Decision", "Model", "By", "Why", "Waived gates"),
        [_decision(row, after) for row, after in reversed(list(fold_each(history)))],
    )
    return fragment(
        "deployments.html",
        endpoint=endpoint,
        roles=roles,
        comparisons=earlier.every(kept),
        history=decisions,
    )


def _role(name: str, role: Role) -> tuple[str, ...]:
    return (
        link(role.model, "shadows", role.model) if name == "shadow" else role.model,
        percent(role.share) if isinstance(role, ShadowRole) else NONE,
        role.since.strftime(TIME),
        role.who,
        role.why or NONE,
    )


def _decision(row: DeploymentRow, after: Deployments) -> tuple[str, ...]:
    is_twin_of_live = row.action == "shadow" and is_twin(row.role, after.live)
    waived = NONE if row.waivers is None else ", ".join(one.gate for one in row.waivers) or "none"
    return (
        str(row.id),
        row.at.strftime(TIME),
        "twin" if is_twin_of_live else row.action,
        f"{row.name}:{row.version}",
        row.who,
        row.why or NONE,
        waived,
    )


def problem_page(status: int, title: str, detail: str, path: str) -> Markup:
    """Return the content of a page that says what went wrong and what would help."""
    return fragment("problem.html", status=status, title=title, detail=detail, path=path)
