# %% [markdown]
# # Is the shadow fit to take over?
#
# The **live** model answered every request; the **shadow** was asked the same in silence. This
# report reads both from the prediction log and says what the difference means.

# %%
from IPython.display import display

from understudy.artefacts.store import ArtefactStore
from understudy.cli.places import find_settings, open_log
from understudy.cli.verdicts import only_shadow
from understudy.comparison.series import label_table, loss_by_outcome, loss_by_quarter, read_series
from understudy.comparison.shapes import binned, quantile_pairs, shape_of
from understudy.comparison.standing import standings
from understudy.report import exhibits, narrative, plots, tables
from understudy.report.vetting import vetting
from understudy.review.gathering import gather
from understudy.review.inputs import check_inputs

# %% tags=["parameters"]
# Which shadow, as NAME:VERSION; empty for the only one there is. Everything else comes from the
# environment (UNDERSTUDY_…) or from the stack that runs here.
shadow = ""

# %%
MOST_FINDINGS, MOST_ROWS, MOST_SHAPES = 20, 12, 6

settings = find_settings()
with open_log(settings) as log:
    shadow = shadow or only_shadow(log, settings.endpoint)
    gathered = gather(log, settings, ArtefactStore(settings.artefacts_url), shadow)
evidence = gathered.evidence
found = gathered.comparison
series = read_series(evidence)
developments = {path.name: path for path in gathered.paths}
unit = found.measured_in
target = f"{found.target} ({unit})" if unit else found.target
has_numbers = series.live is not None and len(series.live) > 0

# %%
display(exhibits.verdict(found.verdict, narrative.opening(found)))
display(exhibits.figures(narrative.cards(found)))
display(exhibits.message(narrative.about(found, evidence.served_at)))

# %% [markdown]
# ## Coverage: which instances were compared
#
# A comparison is worth as much as the requests it rests on. Every recorded instance stands in
# exactly one part; those that were skipped or failed were due and have no pair.

# %%
if found.coverage.recorded:
    display(
        exhibits.plot(
            plots.coverage_bar(found.coverage),
            narrative.coverage(found),
            "The whole bar is everything the live model answered and the log recorded.",
        )
    )
display(exhibits.table("Where every instance went", *tables.coverage(found)))

# %% [markdown]
# ## Values: are the inputs what the schema expects
#
# The served contract refuses wrong types at the door. What training never saw (a value beyond its
# range, a category it does not know) is served and counted here.

# %%
checks = check_inputs(gathered)
notable = tables.values(checks)
if notable[1]:
    display(
        exhibits.table(
            narrative.values(checks),
            *notable,
            "Counts of instances per feature of the live model; a feature without missing or"
            " unexpected values is not listed. In brackets: how often the value came.",
        )
    )
else:
    display(exhibits.message(narrative.values(checks)))

# %% [markdown]
# ## Inputs: training against live
#
# If live traffic differs from the data the models learned from, past accuracy says less about the
# future. Drift is a caution and changes no verdict: both models were asked the same.

# %%
inputs = found.input_drift
ranked = standings(inputs) if inputs else ()
if ranked and inputs:
    display(
        exhibits.plot(
            plots.drift_effects(ranked[:MOST_FINDINGS]),
            narrative.drifted(inputs, "an input"),
            f"The {min(len(ranked), MOST_FINDINGS)} largest of {len(ranked)} changes, each in"
            " multiples of the size from which it matters (dashed line); the bar is its interval."
            " Diamonds raise the alarm: surprising beyond chance, and at least half that size.",
        )
    )
    display(
        exhibits.table(
            "The figures behind it",
            *tables.findings([standing.finding for standing in ranked], MOST_ROWS),
            "D is the largest gap between the two cumulative distributions (Kolmogorov–Smirnov)."
            " The adjusted p accounts for all checks and for every earlier look; a finding is open"
            " while it needs more data.",
        )
    )
else:
    display(exhibits.message("There are no live inputs to compare with the training data yet."))

# %%
traffic, reference = evidence.inputs, evidence.reference
moved = list(dict.fromkeys(standing.finding.column for standing in ranked))[:MOST_SHAPES]
if traffic is not None and reference is not None and moved:
    current = traffic.frame()
    shapes = [
        (name, shape_of(reference[name], current[name], inputs.kinds[name]))
        for name in moved
        if inputs.kinds[name] in ("numeric", "categorical")
    ]
    drawn = [(plots.distribution(shape), name) for name, shape in shapes if shape is not None]
    display(
        exhibits.gallery(
            "The features that changed most",
            drawn,
            "Grey is the training sample, blue the live traffic, both as shares. The outermost bins"
            " hold everything beyond them.",
        )
    )

# %%
missing = [
    standing.finding
    for standing in ranked
    if standing.finding.finding == "missing"
    and (standing.finding.details["reference_share"] or standing.finding.details["current_share"])
]
if missing:
    display(
        exhibits.plot(
            plots.missing_shares(missing[:MOST_ROWS]),
            narrative.missing(missing),
            "The share of instances without a value: the square is training, the circle live."
            " A long line is a source of data that broke or was mended.",
        )
    )
else:
    display(exhibits.message("No feature has missing values, neither in training nor live."))

# %%
sparse = tables.sparse(standing.finding for standing in ranked)
if sparse[1]:
    display(
        exhibits.table(
            "Sparse features: how often they are not zero",
            *sparse,
            "A column that is mostly zero is compared in two steps: how often it is not zero"
            " (here), and how its other values are distributed (above, Kolmogorov–Smirnov).",
        )
    )

# %% [markdown]
# ## Answers: live on known ground
#
# The live model's answers to the traffic are compared with its own answers on held-out rows, not
# with those on its training rows, which it knows by heart.

# %%
outputs = found.output_drift
if outputs is not None and outputs.n_current:
    display(
        exhibits.table(
            narrative.drifted(outputs, "live's answers"),
            *tables.findings(outputs.findings),
            "Differing answers to differing inputs are no fault; the same inputs answered"
            " differently would be one.",
        )
    )
else:
    display(exhibits.message("Too few answers to compare with those on held-out rows."))

# %% [markdown]
# ## Pairs: live against shadow
#
# Each pair is one instance answered by both models, so every difference is one of the models and
# not of the traffic. Differences are shadow − live throughout.

# %%
if has_numbers:
    display(
        exhibits.plot(
            plots.scatter(series.live, series.shadow, target),
            narrative.difference(found),
            "Each dot is one instance. On the dashed line both answers are equal; above it the"
            " shadow's is higher.",
        )
    )
    display(
        exhibits.plot(
            plots.bland_altman(
                series.middle,
                series.difference,
                found.pairs.description["mean"],
                (found.pairs.description["limits_low"], found.pairs.description["limits_high"]),
                target,
            ),
            narrative.agreement(found),
            "After Bland and Altman: the difference over the size of the answer. A slope or a"
            " funnel says that the models disagree more for some sizes; the limits are"
            " mean ± 1.96 sd.",
        )
    )
else:
    display(exhibits.message(narrative.no_numbers(found)))

# %%
if "difference" in developments:
    display(
        exhibits.plot(
            plots.development(developments["difference"], f"shadow − live ({unit or 'number'})"),
            narrative.settled(found, "difference", "The mean difference"),
            "The line is the mean so far, the band the interval that held at each moment: all of"
            " them hold at once, so looking often costs nothing. Dashed: the margin of the policy.",
        )
    )

# %%
if has_numbers:
    display(
        exhibits.gallery(
            narrative.spread(found),
            [
                (
                    plots.distribution(
                        binned(series.live, series.shadow),
                        ("live", "shadow"),
                        (plots.LIVE, plots.SHADOW),
                        target,
                    ),
                    "Distributions",
                ),
                (
                    plots.quantiles(*quantile_pairs(series.live, series.shadow), target),
                    "Quantile against quantile",
                ),
            ],
            "Two models may spread their answers alike and still disagree on every single instance:"
            " these two show the first only. Dots off the dashed line are quantiles that differ.",
        )
    )

# %%
matrix = label_table(series)
if matrix is not None:
    display(
        exhibits.plot(
            plots.label_matrix(*matrix),
            narrative.labels(series),
            "Rows are live's labels, columns the shadow's; the darker, the larger the share of its"
            " row. Everything off the diagonal is a disagreement.",
        )
    )

# %%
if found.pairs.findings:
    display(
        exhibits.table(
            "Textbook tests of live against shadow, for one look",
            *tables.textbook(found.pairs.findings, unit),
            "Shown because they are asked for. Kolmogorov–Smirnov and chi-square assume independent"
            " samples, which pairs are not, and none of these allows looking again: the verdict"
            " rests on none of them.",
        )
    )

# %% [markdown]
# ## Outcomes: which model is nearer to the truth
#
# Once the true value of an instance is known, the errors of both models on it can be compared.

# %%
outcomes = found.outcomes
is_known = outcomes is not None and outcomes.outcomes > 0
if is_known:
    display(
        exhibits.table(
            narrative.errors(found),
            *tables.errors(outcomes, unit),
            narrative.waiting(found),
        )
    )
    if "loss" in developments:
        display(
            exhibits.plot(
                plots.development(developments["loss"], "shadow's error against live's"),
                narrative.settled(found, "not_worse", "The change of the error"),
                "Below zero the shadow errs less. The whole band has to come below the dashed line"
                " (the margin of the policy) before the shadow counts as not worse.",
            )
        )
else:
    display(exhibits.message(narrative.no_outcomes(found)))

# %%
if is_known:
    is_share = found.policy.loss == "zero_one"
    name = narrative.LOSSES[found.policy.loss]
    label = name if is_share or found.policy.loss != "absolute" or not unit else f"{name} ({unit})"
    quarters = loss_by_quarter(evidence, found.policy)
    display(
        exhibits.plot(
            plots.error_by_group(quarters, label, is_share=is_share),
            narrative.wins(quarters, "quarters"),
            "Each quarter holds a fourth of the units in order of arrival (in brackets: outcomes)."
            " A shadow that wins in all four is steady; one that wins only early may be ageing.",
        )
    )
    parts = loss_by_outcome(evidence, found.policy)
    display(
        exhibits.plot(
            plots.error_by_group(parts, label, f"true {target}", is_share=is_share),
            narrative.wins(parts, "parts of the true values"),
            "Equal numbers of outcomes in each part, or one part per class. It shows where one"
            " model pays for being better elsewhere.",
        )
    )
    if series.live_error is not None:
        display(
            exhibits.plot(
                plots.distribution(
                    binned(series.live_error, series.shadow_error, bins=40),
                    ("live", "shadow"),
                    (plots.LIVE, plots.SHADOW),
                    f"prediction − truth ({unit})" if unit else "prediction − truth",
                    (5.8, 2.4),
                ),
                "How far off, and in which direction",
                "The narrower and the closer to zero, the better; a peak beside zero is a bias."
                " The outermost bins hold everything beyond them.",
            )
        )

# %% [markdown]
# ## Verdict
#
# The policy says what has to be shown; a limit counts as kept only when its whole interval is
# inside. The intervals speak of the average so far, not of the future.

# %%
display(exhibits.verdict(found.verdict, narrative.opening(found)[:1]))
display(exhibits.points("Reasons", narrative.reasons(found)))
display(exhibits.points("Cautions", narrative.cautions(found)))
display(exhibits.points("How many more", [found.more_needed.sentence]))
display(
    exhibits.table(
        "Every limit of the policy",
        *tables.guards(found),
        "The verdict rests on the limits that decide; their error probabilities add up to at most"
        f" {100 * found.policy.alpha:g} %, however often one looks.",
    )
)

# %% [markdown]
# ## What all of this is about
#
# The models, the data and the policy behind this report, by their digests, and what had to be
# waived for either model to be served at all.

# %%
display(exhibits.table("Models and policy", *tables.behind(gathered, found)))
display(exhibits.points("What their gates found before they were served", vetting(gathered)))
display(exhibits.folded("The policy in full", exhibits.table("Policy", *tables.policy(found))))
