"""How figures go out: how many go from where to where, and when there are places and people."""

import datetime

from models.base import Shape, Shown


class Counted(Shape):
    """A number of people: exactly `low` where both are the same, else somewhere between them."""

    low: int
    high: int

    def __add__(self, other: "Counted") -> "Counted":
        """Both together."""
        return Counted(low=self.low + other.low, high=self.high + other.high)


class RegionShown(Shown):
    """A region and where it is drawn."""

    code: str
    name: str
    country: str
    latitude: float
    longitude: float


class Flow(Shape):
    """From one region to another: placements booked or done, and people who are being asked."""

    sending: str
    hosting: str
    placed: Counted
    asked: Counted


class Balance(Shape):
    """How many people a region sent and hosted."""

    region: str
    sent: Counted
    hosted: Counted


class OfMonth(Shape):
    """Places that are open and people who can be away in a month, in a sector (none: "")."""

    month: datetime.date
    sector: str
    places: int
    people: Counted


class FlowsShown(Shown):
    """The flows of a call between its regions."""

    call: str
    regions: list[RegionShown]
    flows: list[Flow]


class BalanceShown(Shown):
    """What each region sent and hosted in a call."""

    call: str
    regions: list[RegionShown]
    balance: list[Balance]


class MonthsShown(Shown):
    """Places and people of a call by month and sector."""

    call: str
    months: list[OfMonth]
