"""From a draw to a problem, row by row."""

import datetime
from pathlib import Path

from matcher.problem import (
    Apprentice,
    Hours,
    Offer,
    OfferedDays,
    Outcome,
    Policy,
    Problem,
    WishedDays,
)
from matcher.vocabulary import CEFR_LEVELS
from seed_data.generator import (
    COUNTRIES,
    MIN_AGES,
    MODES,
    OFFERED_STATUSES,
    REGION_NAMES,
    SPOKEN,
    STATUSES,
    TODAY,
    TRAINING_DAYS,
    Draw,
    draw,
    examination_periods,
    hours,
    need_codes,
    outcome_texts,
    soft_by_default,
)
from seed_data.lists import esco_trades, trades

POLICY = Policy()


def generate(
    apprentices: int, offers: int, seed: int, esco: Path | None = None, policy: Policy = POLICY
) -> Problem:
    """A problem of this size, drawn with this seed; `esco` names an ESCO occupations CSV."""
    drawn = draw(apprentices, offers, seed, esco_trades(esco) if esco else trades())
    return Problem(
        today=TODAY,
        policy=policy,
        apprentices=tuple(_apprentice(drawn, n) for n in range(apprentices)),
        offers=tuple(_offer(drawn, n) for n in range(offers)),
    )


def apprentice_id(number: int) -> str:
    """The id of the drawn apprentice with this number."""
    return f"A-{number + 1}"


def offer_id(number: int) -> str:
    """The id of the drawn offer with this number."""
    return f"O-{number + 1}"


def _date(ordinal: int) -> datetime.date:
    return datetime.date.fromordinal(int(ordinal))


def _levels(levels: list[int]) -> dict[str, str]:
    return {
        code: CEFR_LEVELS[level - 1] for code, level in zip(SPOKEN, levels, strict=True) if level
    }


def _outcomes(drawn: Draw, trade: int, first: int) -> tuple[Outcome, ...]:
    return tuple(Outcome(text=text) for text in outcome_texts(drawn.trades[trade], first))


def _apprentice(drawn: Draw, n: int) -> Apprentice:
    people, codes, soft = drawn.apprentices, need_codes(), soft_by_default()
    trade = drawn.trades[people.trade[n]]
    region = REGION_NAMES[people.region[n]]
    first, last = int(people.first_day[n]), int(people.last_day[n])
    status = STATUSES[people.status[n]]
    least, ideal, most = map(int, people.days[n])
    return Apprentice(
        id=apprentice_id(n),
        country=COUNTRIES[people.region[n]],
        region=region,
        birth_date=_date(people.birth_date[n]),
        occupations=(trade.occupation,),
        isced_f=trade.isced_f,
        outcomes=_outcomes(drawn, people.trade[n], int(people.first_outcome[n])),
        languages=_levels(people.levels[n].tolist()),
        available_from=_date(first),
        available_to=_date(last),
        not_available=tuple(
            (_date(begin), _date(end))
            for begin, end in examination_periods()[region]
            if begin <= last and end >= first
        ),
        days=WishedDays(min=least, ideal=ideal, max=most),
        activity="LONG_TERM_ERASMUSPRO" if people.long_term[n] else "SHORT_TERM",
        status=status,
        modes=MODES[people.blended[n]],
        needs={codes[k]: "soft" if soft[k] else "hard" for k in people.needs[n].tolist() if k >= 0},
        fewer_opportunities=bool(people.fewer_opportunities[n]),
        destinations=tuple(COUNTRIES[k] for k in people.destinations[n].tolist() if k >= 0),
        licences=trade.licences if people.licensed[n] else (),
        training_days=TRAINING_DAYS if COUNTRIES[people.region[n]] == "DE" else None,
        days_abroad=int(people.days_abroad[n]),
        graduated_on=_date(people.graduated_on[n]) if status == "RECENT_GRADUATE" else None,
    )


def _offer(drawn: Draw, n: int) -> Offer:
    offers, codes = drawn.offers, need_codes()
    trade = drawn.trades[offers.trade[n]]
    start, end, per_day, days_per_week = hours(trade, int(offers.later[n]))
    least, most = map(int, offers.days[n])
    quality = int(offers.quality[n])
    return Offer(
        id=offer_id(n),
        company=f"C-{offers.company[n] + 1}",
        country=COUNTRIES[offers.region[n]],
        region=REGION_NAMES[offers.region[n]],
        occupations=(trade.occupation,),
        isced_f=trade.isced_f,
        outcomes=_outcomes(drawn, offers.trade[n], int(offers.first_outcome[n])),
        languages=_levels(offers.levels[n].tolist()),
        language_support=bool(offers.support[n]),
        available_from=_date(offers.first_day[n]),
        available_to=_date(offers.last_day[n]),
        days=OfferedDays(min=least, max=most),
        places=int(offers.places[n]),
        provisions={code: "declared" for k, code in enumerate(codes) if offers.provisions[n, k]},
        min_age=MIN_AGES[offers.min_age[n]],
        hours=Hours(start=start, end=end, per_day=per_day, days_per_week=days_per_week),
        statuses=OFFERED_STATUSES[offers.statuses[n]],
        modes=MODES[offers.blended[n]],
        tasks=trade.hazards,
        licences=trade.licences,
        quality=None if quality < 0 else quality / 20,
        verified=bool(offers.verified[n]),
    )
