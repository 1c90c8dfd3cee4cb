"""How the model is run, what proves it, and how to check that this is it."""

from understudy.artefacts.manifest import Manifest
from understudy.packaging.card.facts import Facts
from understudy.presentation.markdown import bullets, code, plain, table
from understudy.presentation.numbers import count

_ENGINES = {
    "compiled": "fitted arrays and a plan of known steps",
    "onnx": "a graph in onnxruntime",
    "exact": "the fitted pipeline itself, read without pickle",
}


def serving(manifest: Manifest, facts: Facts) -> str:
    """Return the engine, why no faster one serves, the quiz and the libraries."""
    engine = manifest.engine
    lines = [f"Runs in the engine {code(engine)}: {_ENGINES[engine]}."]
    lines += [
        f"Not in {code(name)}: {plain(reason).rstrip('.')}."
        for name, reason in manifest.engine_reasons.items()
    ]
    lines.append(_quiz(facts))
    rows = [[plain(name), plain(version)] for name, version in manifest.libraries.items()]
    libraries = table(["library", "version"], rows)
    return f"## Serving\n\n{bullets(lines)}\n\n## Libraries\n\n{libraries}"


def verification(manifest: Manifest) -> str:
    """Return how to check that a model is the one this card speaks of."""
    shown = code(f"understudy models show {manifest.title}")
    told = (
        f"checks every file against the digests in {code('manifest.json')} and asks the engine the"
        " quiz again. This card is one of these files, so it holds nothing that differs between"
        " two packagings of the same training: who packaged the model, when, from which revision"
        f" and what a row costs stand in {code('provenance.json')}, and {shown} tells them."
    )
    command = f"understudy models verify {manifest.title}"
    return f"## How to verify\n\n```\n{command}\n```\n\n{told}"


def _quiz(facts: Facts) -> str:
    given = sum(item.origin == "given" for item in facts.quiz)
    own = len(facts.quiz) - given
    by = f"{count(given)} given by a person" if given else "none of them given by a person"
    return (
        f"Asked {count(len(facts.quiz))} quiz questions wherever it is loaded, {by} and"
        f" {count(own)} taken from its own answers, and served only if all answers are right."
    )
