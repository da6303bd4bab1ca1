"""The one error of this package: a plain sentence, and the next thing to do.

Whatever AWS, Chalice or pip says is turned into it at the edge (see explain.py); nothing below prints or exits.
"""

from chalicelib.errors import RetakeError


class CannotDeploy(RetakeError):
    """What stands in the way, and what to do about it; both are shown to the user as they are."""

    def __init__(self, says: str, then: str) -> None:
        super().__init__(f"{says}\n{then}")
        self.says = says
        self.then = then

    @property
    def in_a_line(self) -> str:
        return f"{self.says} {self.then}"
