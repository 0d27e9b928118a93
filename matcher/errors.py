"""The errors the engine raises. Each message says where, what, and what would be right."""


class ProblemError(ValueError):
    """The problem cannot be worked on. `problems` holds one line each, place first."""

    def __init__(self, problems: list[str]) -> None:
        """Keep every line; the message is all of them."""
        self.problems = problems
        super().__init__("\n".join(problems))


class TooLargeError(ValueError):
    """The weights of the assignment would not fit into the solver's whole numbers."""

    def __init__(self, largest: int, nodes: int) -> None:
        """The largest weight, and how many nodes the network has."""
        self.largest, self.nodes = largest, nodes
        super().__init__(
            f"weights up to {largest} on {nodes} nodes do not fit into the solver's whole numbers;"
            " split the problem by sector"
        )


class SolverError(RuntimeError):
    """The solver did not answer with an optimal flow."""

    def __init__(self, status: str) -> None:
        """How it ended."""
        self.status = status
        super().__init__(f"the flow solver ended with {status}")
