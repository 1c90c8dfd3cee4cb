"""A build: a tree of source, the Python it is installed for, and the models it trains."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from pathlib import Path

from differential_tests.environments import DISTRIBUTIONS, install
from differential_tests.errors import BuildFailed, OperationFailed
from differential_tests.processes import clean_environment, run
from differential_tests.revisions import Revision, export_checkout, export_revision

MODELS = ("linear", "boosting")
TRAIN_S = 600

Say = Callable[[str], None]


@dataclass(frozen=True)
class Build:
    """One side, ready to train and to serve; `variables` are added to its environment."""

    title: str
    python: Path
    folder: Path
    variables: Mapping[str, str] = field(default_factory=dict)

    def environment(self, **variables: str) -> dict[str, str]:
        """Return the environment of this side's processes."""
        return clean_environment({**self.variables, **variables})

    def command(self, module: str, *arguments: str) -> list[str]:
        """Return how this side runs one of its own command lines."""
        return [str(self.python), "-m", module, *arguments]


def build_checkout(repository: Path, *, title: str, cache: Path, work: Path, say: Say) -> Build:
    """Build what lies in this checkout; raises BuildFailed."""
    say(f"building candidate {title} …")
    tree = work / "source"
    export_checkout(repository, tree)
    return _build(tree, f"candidate {title}", cache=cache, work=work)


def build_revision(
    repository: Path, revision: Revision, *, cache: Path, work: Path, say: Say
) -> Build:
    """Build a revision of the past; raises BuildFailed."""
    say(f"building baseline {revision.title} …")
    tree = work / "source"
    export_revision(repository, revision.commit, tree)
    return _build(tree, f"baseline {revision.title}", cache=cache, work=work)


def _build(tree: Path, title: str, *, cache: Path, work: Path) -> Build:
    for needed in (*(f"{name}/pyproject.toml" for name in DISTRIBUTIONS),
                   "requirements/runtime.txt"):  # fmt: skip
        if not (tree / needed).is_file():
            raise BuildFailed(title, f"it has no {needed}")
    side = title.split()[0]
    try:
        python = install(tree, side, cache=cache, work=work)
    except OperationFailed as error:
        raise BuildFailed(title, str(error)) from error
    # Not the tree: what is tested is what was installed.
    return Build(title, python, work)


def train(build: Build, model: str, into: Path) -> Path:
    """
    Let a build train and package one model on its seeded synthetic sales; return the artefact.

    Raises BuildFailed.
    """
    into.mkdir(parents=True)
    try:
        run(
            build.command("house_prices", "train", "--model", model, "--out", str(into / "out")),
            folder=build.folder, environment=build.environment(),
            log=into / "train.log", timeout_s=TRAIN_S,
        )  # fmt: skip
    except OperationFailed as error:
        raise BuildFailed(build.title, f"its model {model!r} cannot be trained: {error}") from error
    manifests = list((into / "out").glob("**/manifest.json"))
    if len(manifests) != 1:
        what = f"training {model!r} left {len(manifests)} artefacts where one is wanted"
        raise BuildFailed(build.title, what)
    return manifests[0].parent
