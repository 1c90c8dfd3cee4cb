"""The whole card, in Markdown."""

from understudy.artefacts.manifest import Manifest
from understudy.packaging.card.contract import features, limits
from understudy.packaging.card.data import data
from understudy.packaging.card.facts import Facts
from understudy.packaging.card.purpose import summary, use
from understudy.packaging.card.quality import against_live, quality, slices
from understudy.packaging.card.serving import serving, verification
from understudy.packaging.card.vetting import gates, waivers


def card_text(manifest: Manifest, facts: Facts) -> str:
    """
    Return the model card, after Mitchell et al., "Model Cards for Model Reporting" (2019).

    The same manifest and facts give the same text.
    """
    sections = [
        f"# {manifest.title}",
        waivers(manifest),
        summary(manifest, facts),
        use(manifest),
        data(manifest, facts),
        quality(manifest, facts),
        against_live(manifest),
        slices(manifest, facts),
        limits(manifest),
        gates(manifest),
        features(manifest),
        serving(manifest, facts),
        verification(manifest),
    ]
    return "\n\n".join(section for section in sections if section) + "\n"
