"""The gate denied: the model uses no feature that it must not use."""

import re
from collections.abc import Iterable, Sequence

from understudy.packaging.gates.case import Case
from understudy.packaging.gates.ruling import Ruling, passed, refused, warned

# What discrimination is commonly forbidden by, in the words that name columns. Gathered from the
# Charter of Fundamental Rights of the European Union, article 21 (sex, race, colour, ethnic or
# social origin, genetic features, religion or belief, political opinion, national minority, birth,
# disability, age, sexual orientation; nationality), the Equality Act 2010 of the United Kingdom,
# section 4 (also gender reassignment, marriage and civil partnership, pregnancy), and the Equal
# Credit Opportunity Act of the United States, 15 U.S.C. 1691 (also national origin, marital status
# and income from public assistance). "Colour", "language", "property" and "origin" alone name too
# many harmless columns.
PROTECTED = (
    "age", "belief", "birth country", "birth date", "birth place", "birth year", "birthdate",
    "birthday", "birthplace", "citizenship", "civil partnership", "civil status",
    "country of birth", "date of birth", "disabilities", "disability", "disabled", "dob",
    "ethnic", "ethnicity", "female", "gender", "genetic", "handicapped", "male", "marital",
    "marriage", "married", "maternity", "minority", "mother tongue", "national origin",
    "nationality", "native language", "place of birth", "political", "pregnancy", "pregnant",
    "public assistance", "race", "racial", "religion", "religious", "sex", "sexual", "sexuality",
    "skin color", "skin colour", "social origin", "transgender", "year of birth",
)  # fmt: skip

# Features that the summary names.
MOST_NAMED = 5

Words = tuple[str, ...]


def judge(case: Case) -> Ruling:
    """
    Look for denied names among the features, or for those of protected attributes.

    A feature matches a name whose words it holds side by side, whatever their case: `AgeAtSale`
    matches `age`, `mileage` does not. Look-alikes of protected attributes that nobody accepted are
    a warning, whatever else is denied. Carried fields are not used, so they may be anything.
    """
    limits = case.limits.denied
    features = [field.name for field in case.given.schema.features]
    figures: dict[str, object] = {"features": len(features), "denied": list(limits.names)}
    if found := matching(features, limits.names):
        return refused(
            f"{_count(found)} denied: {_listed(found)}; train without, or change the list",
            **figures,
            found=found,
        )
    accepted = matching(features, limits.accepted)
    alike = [name for name in matching(features, PROTECTED) if name not in accepted]
    figures |= {"found": alike, "accepted": accepted}
    if alike:
        return warned(
            f"{_count(alike)} named like a protected attribute: {_listed(alike)}; say in the"
            " limits whether that is meant (denied.accepted) or must not be (denied.names)",
            **figures,
        )
    is_none = f"none of {len(features)} features is {'denied or ' if limits.names else ''}"
    told = f", but for {_listed(accepted)}, which is accepted" if accepted else ""
    return passed(f"{is_none}named like a protected attribute{told}", **figures)


def matching(features: Iterable[str], names: Iterable[str]) -> list[str]:
    """Return the features that hold the words of any of the names side by side."""
    wanted = [words for name in names if (words := words_of(name))]
    return [
        feature for feature in features if any(_holds(words_of(feature), words) for words in wanted)
    ]


def words_of(name: str) -> Words:
    """Split a name where its case changes, at digits and at what is neither; in lower case."""
    apart = "".join(f" {name[i]}" if _starts_word(name, i) else name[i] for i in range(len(name)))
    return tuple(word.casefold() for word in re.findall(r"[^\W\d_]+|\d+", apart))


def _starts_word(name: str, place: int) -> bool:
    """Tell whether a capital follows a small letter, or a row of capitals and leads a word."""
    before, after = name[place - 1 : place], name[place + 1 : place + 2]
    return name[place].isupper() and (before.islower() or (before.isupper() and after.islower()))


def _holds(words: Words, wanted: Words) -> bool:
    size = len(wanted)
    return any(words[i : i + size] == wanted for i in range(len(words) - size + 1))


def _count(found: Sequence[str]) -> str:
    return "1 feature is" if len(found) == 1 else f"{len(found)} features are"


def _listed(names: Sequence[str]) -> str:
    more = f" and {len(names) - MOST_NAMED} more" if len(names) > MOST_NAMED else ""
    return ", ".join(names[:MOST_NAMED]) + more
