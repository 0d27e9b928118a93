"""How long the list of proposals takes as a page, beside the same list of the API; and how heavy.

`python -m benchmarks.pages [SIZE]`: a drawn alliance in a new SQLite database and a real
`doallvet serve`; page and API are asked in turn for the same part of the list. docs/benchmarks.md
says more.
"""

import argparse
import http.client
import re
import statistics
import sys
import time

from benchmarks.serving import each_database, filled, served
from benchmarks.tables import size_of, size_text

ASKED = 30
LIST = "/proposals?limit=50"
ASSET = re.compile(rb'(?:href|src)="(/assets/[^"]+)"')


def main() -> int:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("size", nargs="?", default="10000x4000", help="apprentices x offers")
    people, offers = size_of(parser.parse_args().size)
    placed = people // 2
    for address, folder in each_database(["sqlite"], (people, offers)):
        alliance = filled(address, people - placed, offers, placed)
        token = alliance.tokens[sorted(alliance.tokens)[0]]
        with served(address, folder) as service:
            return compare(service.port, token, (people, offers))
    return 1


def compare(port: int, token: str, size: tuple[int, int]) -> int:
    """Ask both in turn; 1 where something was refused."""
    times: dict[str, list[float]] = {"api": [], "page": []}
    for _ in range(ASKED + 2):
        for name, path in (("api", f"/api/v1{LIST}"), ("page", LIST)):
            begin = time.perf_counter()
            status, *_ = ask(port, token, path, "identity")
            times[name].append(1000 * (time.perf_counter() - begin))
            if status != 200:
                print(f"{path} answers {status}")
                return 1
    medians = {name: statistics.median(taken[2:]) for name, taken in times.items()}
    _, page, plain = ask(port, token, LIST, "identity")
    _, packed, _ = ask(port, token, LIST, "gzip")
    assets = {path.decode() for path in ASSET.findall(page)}
    first = len(packed) + sum(len(ask(port, token, one, "gzip")[1]) for one in assets)
    print(f"{size_text(size)}, {LIST}, {ASKED} times each in turn, medians")
    print(f"api {medians['api']:.0f} ms, page {medians['page']:.0f} ms:"
          f" {medians['page'] / medians['api']:.2f} times")  # fmt: skip
    print(f"page {plain / 1000:.1f} kB, packed {len(packed) / 1000:.1f} kB;"
          f" first load with its {len(assets)} files {first / 1000:.1f} kB")  # fmt: skip
    return 0


def ask(port: int, token: str, path: str, coding: str) -> tuple[int, bytes, int]:
    """Status, body as it comes over the line, and its size."""
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=60)
    headers = {"Authorization": f"Bearer {token}", "Accept-Encoding": coding}
    connection.request("GET", path, headers=headers)
    answer = connection.getresponse()
    body = answer.read()
    connection.close()
    return answer.status, body, len(body)


if __name__ == "__main__":
    sys.exit(main())
