# %% [markdown]
# # Is the shadow fit to take over?

# %%
from IPython.display import display

from understudy.artefacts.store import ArtefactStore
from understudy.cli.places import find_settings, open_log
from understudy.cli.verdicts import only_shadow
from understudy.comparison.series import label_table, loss_by_outcome, loss_by_quarter, read_series
from understudy.comparison.shapes import binned, quantile_pairs, shape_of
from understudy.comparison.standing import standings
from understudy.report import basis, exhibits, headline, narrative, parts, plots, small, tables
from understudy.report.earlier import earlier
from understudy.report.pictures import Pictures, histories
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
unit = found.measured_in
target = f"{found.target} ({unit})" if unit else found.target
has_numbers = series.live is not None and len(series.live) > 0
pictures = Pictures(found, gathered.paths, series)

# %%
display(exhibits.verdict(found.verdict, headline.said(found), narrative.meaning(found)))
display(exhibits.message(narrative.about(found, evidence.served_at)))

# %% [markdown]
# ## At a glance
#
# The **live** model answered every request; the **shadow** was asked the same in silence. This
# report reads both from the prediction log and says what the difference means.

# %%
display(exhibits.figures(narrative.cards(found)))
decisive = pictures.decisive()
if decisive is not None:
    display(decisive.shown)
display(exhibits.points("What is needed", [found.more_needed.sentence]))
display(exhibits.points("Cautions", narrative.cautions(found)))
if found.coverage.recorded:
    display(
        exhibits.plot(
            plots.coverage_bar(found.coverage),
            narrative.coverage(found),
            "The whole bar is everything the live model answered and the log recorded.",
            shows="One bar with the parts of what was recorded",
        )
    )

# %% [markdown]
# ## How to read this
#
# Under each figure stands what it rests on: how many, which interval, which assumption.

# %%
display(exhibits.explained(basis.TERMS))

# %% [markdown] tags=["contents"]
# In detail

# %% [markdown]
# ## Verdict: every limit and every reason
#
# The policy says what has to be shown; a limit counts as kept only when its whole interval is
# inside. The intervals speak of the average so far, not of the future.

# %%
display(exhibits.points("Reasons", narrative.reasons(found)))
display(
    exhibits.table(
        "Every limit of the policy",
        *tables.guards(found),
        "The verdict rests on the limits that decide; their error probabilities add up to at most"
        f" {100 * found.policy.alpha:g} %, however often one looks.",
        basis=basis.sequence(found),
    )
)

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
            shows="Scatter plot of the shadow's answers over live's",
            basis=basis.drawn(found, len(series.live)),
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
                found.pairs.description["slope"],
            ),
            narrative.agreement(found),
            "After Bland and Altman: the difference over the size of the answer. The limits of"
            " agreement are mean ± 1.96 sd. " + narrative.slope(found),
            shows="Bland–Altman plot of shadow − live over the mean of both",
            basis=f"{basis.drawn(found, len(series.live))} · a description, without a test",
        )
    )
else:
    display(exhibits.message(narrative.no_numbers(found)))

# %%
for name in ("difference", "tolerance"):
    picture = pictures.development(name)
    if picture is not None:
        display(pictures.once(picture, decisive))

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
                    "Distributions of both models' answers",
                ),
                (
                    plots.quantiles(*quantile_pairs(series.live, series.shadow), target),
                    "Q–Q: quantile against quantile",
                ),
            ],
            "Two models may spread their answers alike and still disagree on every single instance:"
            " these two show the first only. Dots off the dashed line are quantiles that differ.",
            basis=f"{basis.drawn(found, len(series.live))} · 1 % to 99 % in steps of one",
        )
    )

# %%
matrix = label_table(series)
if matrix is not None:
    display(pictures.once(pictures.labels(), decisive))

# %%
if found.pairs.findings:
    display(
        exhibits.table(
            "Textbook tests of live against shadow, for one look",
            *tables.textbook(found.pairs.findings, unit),
            "Shown because they are asked for. Kolmogorov–Smirnov and chi-square assume independent"
            " samples, which pairs are not, and none of these allows looking again: the verdict"
            " rests on none of them.",
            basis=f"{basis.pairs(found)}, one pair of each · valid for one look",
        )
    )

# %% [markdown]
# ## Slices: where the two models differ
#
# Parts of the traffic are searched in one half of it and told by the other, so that what is shown
# was not picked for looking wild. A slice can reject a shadow that is better on the whole.

# %%
report = found.slices
worst = pictures.worst()
if worst is not None:
    display(pictures.once(worst, decisive))
    display(
        exhibits.table(
            "The figures behind it",
            *parts.worst(found),
            f"BAD: shown to be worse than the slice margin of {100 * found.policy.slice_margin:g} %"
            " after accounting for all slices tested and all looks.",
            basis=basis.slices(found),
        )
    )
    display(exhibits.points("Requests of the bad slices to look at", parts.examples(found)))
if report is not None and report.note:
    display(exhibits.message(f"{report.note[0].upper()}{report.note[1:]}."))
elif report is None:
    display(exhibits.message("There is nothing yet in which to search for slices."))

# %%
if report is not None and report.apart:
    display(
        exhibits.plot(
            plots.slices_apart(
                report.apart,
                found.pairs.description.get("mean_abs"),
                f"mean size of shadow − live ({unit})" if unit else "how far apart",
            ),
            parts.apart_title(report.apart),
            "Whoever is right there: these are the requests to look at first.",
            shows="Dots with intervals, one per slice, of how far the two models are apart",
            basis=basis.apart(found),
        )
    )
    display(exhibits.table("Where they are apart, with requests to look at", *parts.apart(found)))

# %%
rules = found.explanation
if rules is not None:
    display(
        exhibits.plot(
            plots.rule_bars(rules.rules, f"mean of shadow − live ({unit or 'number'})"),
            parts.rules_title(rules),
            "A shallow tree cuts the traffic where the difference changes most; each bar is one of"
            " its leaves. Together the leaves are all of the traffic.",
            shows="Bars of the mean difference, one per rule",
            basis=basis.tree(found),
        )
        if rules.rules
        else exhibits.message(f"{parts.rules_title(rules)}.")
    )
    if rules.rules:
        display(
            exhibits.folded(
                "The rules as a table", exhibits.table("What drives it", *parts.rules(found))
            )
        )
display(
    exhibits.points("How much of the whole lies in a few parts, for one look", parts.held(found))
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
            basis=basis.sequence(found, "units with an outcome", outcomes.units),
        )
    )
    loss = pictures.development("loss")
    if loss is not None:
        display(pictures.once(loss, decisive))
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
            shows="Bars of both models' errors in each quarter of the units",
            basis=basis.outcomes(found),
        )
    )
    by_truth = loss_by_outcome(evidence, found.policy)
    display(
        exhibits.plot(
            plots.error_by_group(by_truth, label, f"true {target}", is_share=is_share),
            narrative.wins(by_truth, "parts of the true values"),
            "Equal numbers of outcomes in each part, or one part per class. It shows where one"
            " model pays for being better elsewhere.",
            shows="Bars of both models' errors by the true value",
            basis=basis.outcomes(found),
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
                shows="Distributions of both models' errors",
                basis=basis.outcomes(found),
            )
        )

# %%
if is_known and outcomes.reliability:
    display(
        exhibits.plot(
            plots.reliability(outcomes.reliability),
            "Whether what is called likely comes true",
            "In ten bins of the predicted probability: on the dashed line as much comes true as was"
            " predicted, above it more. The bars are Wilson's intervals, valid for one look.",
            shows="How often predictions came true over the predicted probability, both models",
            basis=basis.outcomes(found),
        )
    )
if is_known and outcomes.findings:
    display(
        exhibits.table(
            "Other measures of the errors, for one look",
            *tables.textbook(outcomes.findings, unit),
            "Shown because they are asked for; the verdict rests on none of them.",
        )
    )

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
            shows="Dots with intervals, one per change of an input",
            basis=basis.drift(inputs),
        )
    )
    listed = [standing.finding for standing in ranked][:MOST_ROWS]
    display(
        exhibits.table(
            "The figures behind it",
            *tables.findings(listed, MOST_ROWS),
            "D is the largest gap between the two cumulative distributions (Kolmogorov–Smirnov)."
            " The adjusted p accounts for all checks and for every earlier look; a finding is open"
            " while it needs more data. The last column is the size of the effect at each look.",
            basis=basis.drift(inputs),
            drawn=("Each look", histories(listed, inputs)),
        )
    )
else:
    display(exhibits.message("There are no live inputs to compare with the training data yet."))

# %%
traffic, reference = evidence.inputs, evidence.reference
moved = list(dict.fromkeys(standing.finding.column for standing in ranked))
if traffic is not None and reference is not None and moved:
    current = traffic.frame()
    shapes = [
        (name, shape_of(reference[name], current[name], inputs.kinds[name]))
        for name in moved
        if inputs.kinds[name] in ("numeric", "categorical")
    ]
    known = [(name, shape) for name, shape in shapes if shape is not None]
    display(
        exhibits.gallery(
            "The features that changed most",
            [(plots.distribution(shape), name) for name, shape in known[:MOST_SHAPES]],
            "Grey is the training sample, blue the live traffic, both as shares. The outermost bins"
            " hold everything beyond them.",
            basis=f"n = {len(reference):,} rows of training, {len(current):,} instances live",
        )
    )
    others = [(name, small.overlay(shape, name)) for name, shape in known[MOST_SHAPES:]]
    if others:
        display(
            exhibits.folded(
                f"The other {len(others)} features",
                exhibits.small("Training (grey) and live (blue)", others),
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
            shows="Missing shares in training and live, one line per feature",
            basis=basis.drift(inputs),
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
            basis=basis.drift(inputs),
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
            basis=basis.drift(outputs),
            drawn=("Each look", histories(outputs.findings, outputs)),
        )
    )
else:
    display(exhibits.message("Too few answers to compare with those on held-out rows."))

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
# ## Coverage: which instances were compared
#
# A comparison is worth as much as the requests it rests on. Every recorded instance stands in
# exactly one part; those that were skipped or failed were due and have no pair.

# %%
display(exhibits.table("Where every instance went", *tables.coverage(found)))

# %% [markdown]
# ## What all of this is about
#
# The models, the data and the policy behind this report, by their digests, what had to be waived
# for either model to be served at all, and what was said before.

# %%
display(exhibits.table("Models and policy", *tables.behind(gathered, found)))
display(exhibits.points("What their gates found before they were served", vetting(gathered)))
if gathered.earlier:
    display(
        exhibits.table(
            "Comparisons of this endpoint that came before, or are under way beside it",
            *earlier(gathered.earlier),
            "A change of the live model, the shadow or the policy ends a comparison and opens"
            " another; the verdict is the last that was given.",
        )
    )
display(exhibits.folded("The policy in full", exhibits.table("Policy", *tables.policy(found))))
