"""The fairness report of a round: people and outcomes in, figures by group out.

Values only: it knows no database, no HTTP and no clock. Sex and fewer opportunities are read
here and nowhere in the engine. What is hidden, and why, stands in `api/fairness/hiding.py`.
"""

from api.fairness.counted import Dimension, Measure, Person
from api.fairness.hiding import LEAST, Memberships, Sum
from api.fairness.of_round import people_of
from api.fairness.picture import picture
from api.fairness.reporting import Cell, Report, memberships, report
from api.fairness.tabled import table
from api.fairness.wording import group_name, headline, remarks, summary

__all__ = [
    "LEAST",
    "Cell",
    "Dimension",
    "Measure",
    "Memberships",
    "Person",
    "Report",
    "Sum",
    "group_name",
    "headline",
    "memberships",
    "people_of",
    "picture",
    "remarks",
    "report",
    "summary",
    "table",
]
