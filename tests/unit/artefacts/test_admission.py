"""Only what the gates let through, and what a trusted key signed, goes into service."""

import subprocess
import sys
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest

from tests.unit.artefacts.conftest import changed
from tests.vetted import gates as gates_with
from understudy.artefacts.admission import admit, admit_stored
from understudy.artefacts.artefact import Artefact, open_artefact
from understudy.artefacts.signature import make_keys, sign
from understudy.artefacts.store import ArtefactStore
from understudy.artefacts.vetting import GateResult, Waiver
from understudy.errors import ArtefactMissing, ArtefactUntrusted, ArtefactUnvetted, KeyInvalid

REFUSED = GateResult("quality", "refused", "R² is 0.2, below 0.5")
WAIVED = GateResult("quality", "waived", "R² is 0.2, below 0.5")
PASSED = GateResult("quality", "passed", "R² is 0.9")
WARNED = GateResult("live", "warned", "not shown either way")
WAIVER = Waiver("quality", "we know", "Ada")
QUIZ = GateResult("quiz", "waived", "a known question is answered wrongly")
QUIZ_WAIVER = Waiver("quiz", "we know", "Ada")
LATER = GateResult("fairness", "passed", "this version does not know that gate")
SKIPPED = tuple(replace(result, status="skipped") for result in gates_with())

Door = Callable[[Artefact, Path | None], object]


def through_a_store(artefact: Artefact, trusted_keys: Path | None) -> object:
    """Admit an artefact that is stored, as a deployment does."""
    store = ArtefactStore(str(artefact.folder.parent / "store"))
    store.push(artefact)
    manifest = artefact.manifest
    return admit_stored(store, manifest.name, manifest.version, trusted_keys)


@pytest.fixture(params=[admit, through_a_store])
def door(request: pytest.FixtureRequest) -> Door:
    """Return each way through which artefacts are admitted."""
    found: Door = request.param
    return found


@pytest.mark.parametrize(
    ("gates", "waivers", "words"),
    [
        ((), (), "no gate has looked at it"),
        (gates_with(REFUSED), (), "the gate quality refuses it: R² is 0.2"),
        (gates_with(WAIVED), (), "nobody stands for it"),
        (gates_with(WAIVED), (Waiver("quality", " ", "Ada"),), "nobody stands for it"),
        (gates_with(WAIVED), (Waiver("quality", "a pilot", ""),), "nobody stands for it"),
        (gates_with(REFUSED), (WAIVER,), "the gate quality refuses it"),
        ((LATER,), (), "these gates have not looked at it: schema, quiz, .*, reproducible"),
        (gates_with()[:-1], (), "these gates have not looked at it: reproducible"),
        ((*gates_with(), PASSED), (), "the gate quality has looked at it 2 times"),
        ((*gates_with(WAIVED), PASSED), (WAIVER,), "the gate quality has looked at it 2 times"),
        (SKIPPED, (), "no gate has let it pass"),
        (gates_with(QUIZ), (QUIZ_WAIVER,), "the gate quiz is said to be waived, which it cannot"),
        (SKIPPED[:1] + gates_with()[1:], (), "the gate schema is said to be skipped"),
        (gates_with(replace(LATER, status="refused")), (), "the gate fairness refuses it"),
    ],
)
def test_what_no_gate_let_through_stays_out(
    door: Door, linear_artefact: Artefact, tmp_path: Path,
    gates: tuple[GateResult, ...], waivers: tuple[Waiver, ...], words: str,
) -> None:  # fmt: skip
    """The reasons are the gates' own, signed or not."""
    private, public = make_keys(tmp_path / "mine")
    artefact = changed(linear_artefact, tmp_path / "x", gates=gates, waivers=waivers)
    sign(artefact.folder, private)
    for keys in (None, public):
        with pytest.raises(ArtefactUnvetted, match=words):
            door(artefact, keys)


@pytest.mark.parametrize(
    ("gates", "waivers"),
    [(gates_with(WARNED), ()), (gates_with(WAIVED), (WAIVER,)), (gates_with(LATER), ())],
)
def test_what_passed_or_was_waived_gets_in(
    door: Door, linear_artefact: Artefact, tmp_path: Path,
    gates: tuple[GateResult, ...], waivers: tuple[Waiver, ...],
) -> None:  # fmt: skip
    """A warning is no refusal, a waiver with a name counts, and later versions ask for more."""
    door(changed(linear_artefact, tmp_path / "x", gates=gates, waivers=waivers), None)


def test_a_packaged_model_is_vetted(door: Door, folder: Path) -> None:
    """What packaging makes may be served."""
    door(open_artefact(folder), None)


def test_where_keys_are_trusted_a_signature_is_asked_for(
    door: Door, folder: Path, tmp_path: Path
) -> None:
    """The keys are read with each question: a rotation needs no restart."""
    private, public = make_keys(tmp_path / "mine")
    stranger = make_keys(tmp_path / "stranger")[1]
    trusted = tmp_path / "trusted"
    trusted.mkdir()
    with pytest.raises(KeyInvalid, match="holds no public key"):
        door(open_artefact(folder), trusted)
    (trusted / "first.pub").write_bytes(stranger.read_bytes())
    with pytest.raises(ArtefactUntrusted, match="not signed"):
        door(open_artefact(folder), trusted)
    sign(folder, private)
    with pytest.raises(ArtefactUntrusted, match="trusted are"):
        door(open_artefact(folder), trusted)
    (trusted / "second.pub").write_bytes(public.read_bytes())
    door(open_artefact(folder), trusted)
    (trusted / "second.pub").unlink()
    with pytest.raises(ArtefactUntrusted, match="trusted are"):
        door(open_artefact(folder), trusted)


def test_a_stored_version_is_admitted_with_its_manifest(
    linear_artefact: Artefact, tmp_path: Path
) -> None:
    """A deployment records the digest of what was admitted, nothing else."""
    store = ArtefactStore(str(tmp_path / "store"))
    with pytest.raises(ArtefactMissing):
        admit_stored(store, "tiny-houses", "1.0.0", None)
    store.push(linear_artefact)
    assert admit_stored(store, "tiny-houses", "1.0.0", None) == linear_artefact.manifest


def test_whoever_asks_for_no_signature_loads_no_cryptography() -> None:
    """An api worker carries only what it needs."""
    script = (
        "import sys, understudy.artefacts.admission, understudy.serving.worker\n"
        "print([n for n in ('cryptography', 'fsspec') if n in sys.modules])"
    )
    found = subprocess.run(
        [sys.executable, "-c", script], capture_output=True, text=True, check=True
    )
    assert found.stdout.strip() == "[]"
