"""What a list of proposals is narrowed by, in words: nobody should take a part for the whole."""

from collections.abc import Iterator, Mapping

from api.language import Language
from api.pages.queue import Queue
from api.pages.words import Words


def narrowed_by(language: Language, queue: Queue, regions: Mapping[str, str]) -> list[str]:
    """Each thing that narrows a list; `regions` are the names by their codes."""
    return list(_narrowed_by(language, queue, regions))


def _narrowed_by(language: Language, queue: Queue, regions: Mapping[str, str]) -> Iterator[str]:
    phrase = language.phrase
    if queue.waiting:
        yield phrase("what waits for your answer")
    if queue.status:
        status = Words(language).of("proposal_status", queue.status)
        yield phrase("status: {status}", status=status)
    if queue.sending:
        yield phrase("people from {region}", region=regions.get(queue.sending, queue.sending))
    if queue.hosting:
        yield phrase("places in {region}", region=regions.get(queue.hosting, queue.hosting))
    if queue.due:
        yield language.phrase_count(
            "to be answered in {n} day", "to be answered in {n} days", queue.due
        )
    if queue.question:
        yield phrase("the host waits for a reply")
    if queue.guardian:
        yield phrase("under 18 with no guardian on record")
    if queue.round:
        yield phrase("made by one matching")
