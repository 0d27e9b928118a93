"""The errors the engine raises. Each message says where, what, and what would be right."""


class ProblemError(ValueError):
    """The problem cannot be worked on. `problems` holds one line each, place first."""

    def __init__(self, problems: list[str]) -> None:
        """Keep every line; the message is all of them."""
        self.problems = problems
        super().__init__("\n".join(problems))


class TooLargeError(ValueError):
    """The weights of the assignment would not fit into the solver's whole numbers."""


class SolverError(RuntimeError):
    """The solver did not answer with an optimal flow; its status is in the message."""
