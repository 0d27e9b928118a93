"""What the service counts, for a Prometheus server that asks. No label names a person."""

from collections.abc import Mapping

from prometheus_client import CollectorRegistry, Gauge, Histogram, generate_latest

CONTENT_TYPE = "text/plain; version=0.0.4; charset=utf-8"

SECONDS = (0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10)


class Metrics:
    """The counts of one process, and what the database holds when it is asked."""

    def __init__(self) -> None:
        """Every count from the start of the process."""
        self.registry = CollectorRegistry()
        self._seconds = Histogram(
            "doallvet_request_seconds", "Seconds until a request was answered.",
            ("method", "route", "status"), buckets=SECONDS, registry=self.registry,
        )  # fmt: skip
        self._rows = {
            noun: Gauge(f"doallvet_{noun}", meaning, ("status",), registry=self.registry)
            for noun, meaning in (
                ("rounds", "Rounds by status."),
                ("proposals", "Proposals by status."),
                ("mails", "Messages that wait to be sent."),
            )
        }

    def answered(self, method: str, route: str, status: int, seconds: float) -> None:
        """Count an answer, by the route and not by the address."""
        self._seconds.labels(method, route, str(status)).observe(seconds)

    def refused(self) -> dict[tuple[str, str, int], int]:
        """How often a route answered with an error, by method, route and status (400 and up)."""
        found = {}
        for one in self._seconds.collect():
            for sample in one.samples:
                status = int(sample.labels.get("status", 0))
                if sample.name.endswith("_count") and status >= 400:
                    where = sample.labels["method"], sample.labels["route"], status
                    found[where] = int(sample.value)
        return found

    def text(self, rows: Mapping[str, Mapping[str, int]]) -> bytes:
        """Everything in Prometheus' text format; `rows` counts by noun and status."""
        for noun, gauge in self._rows.items():
            gauge.clear()
            for status, count in rows.get(noun, {}).items():
                gauge.labels(status).set(count)
        return generate_latest(self.registry)
