"""What the parts of a score rest on: the data behind every reason, as codes and figures."""

from typing import Any

from matcher.closeness import closest_case, occupation_profile
from matcher.columns import Pairs
from matcher.criteria import CRITERIA, parts
from matcher.explanation import Rows
from matcher.problem import Apprentice, Offer
from matcher.result import Part
from matcher.vocabulary import CEFR_LEVELS, Provision, Reference, Strength


def explained_parts(rows: Rows, pairs: Pairs) -> list[tuple[Part, ...]]:
    """The parts of each pair's score with the data they rest on."""
    values = parts(pairs)
    weights = rows.columns.settings.weights
    _, length = pairs.stay
    explained = []
    for n, (row, col) in enumerate(zip(pairs.rows, pairs.cols, strict=True)):
        data = part_data(
            rows.columns.facts, rows.apprentices[row], rows.offers[col], int(length[n])
        )
        explained.append(
            tuple(
                Part(
                    criterion=criterion.code,
                    value=round(float(values[criterion.code][0][n]), 6),
                    weight=weights[criterion.code] / 1000,
                    points=int(values[criterion.code][1][n]) / 1000,
                    data=data[criterion.code],
                )
                for criterion in CRITERIA
            )
        )
    return explained


def part_data(
    facts: Reference, apprentice: Apprentice, offer: Offer, length: int
) -> dict[str, dict[str, Any]]:
    """What each criterion rests on for one pair, by its code."""
    soft = sorted(code for code, strength in apprentice.needs.items() if strength == Strength.SOFT)
    met = {Provision.CERTIFIED, Provision.DECLARED}
    wished = list(apprentice.destinations)
    return {
        "occupation": {
            "case": closest_case(
                facts,
                occupation_profile(apprentice.occupations, apprentice.isced_f),
                occupation_profile(offer.occupations, offer.isced_f),
            ),
            "apprentice": sorted(apprentice.occupations),
            "offer": sorted(offer.occupations),
        },
        "outcomes": {"wanted": len(apprentice.outcomes), "offered": len(offer.outcomes)},
        "language": _best_language(apprentice, offer),
        "dates": {"days": length, "ideal": apprentice.days.ideal},
        "inclusion": {
            "met": [code for code in soft if offer.provisions.get(code) in met],
            "unmet": [code for code in soft if offer.provisions.get(code) not in met],
        },
        "quality": {"stated": offer.quality is not None},
        "preference": {
            "interest": apprentice.interest.get(offer.id),
            "destination": wished.index(offer.country) + 1 if offer.country in wished else None,
        },
    }


def _best_language(apprentice: Apprentice, offer: Offer) -> dict[str, Any]:
    """The accepted language in which the apprentice is furthest above what is asked for."""

    def ahead(language: str) -> int:
        known = apprentice.languages.get(language)
        if known is None:
            return -len(CEFR_LEVELS)
        return CEFR_LEVELS.index(known) - CEFR_LEVELS.index(offer.languages[language])

    best = max(sorted(offer.languages), key=ahead)
    return {
        "language": best,
        "known": apprentice.languages.get(best),
        "asked": offer.languages[best],
        "supported": offer.language_support,
    }
