"""What the services in memory answer when they refuse, and when their answer never arrives."""


class AwsError(Exception):
    """An error response: the service's error code, the HTTP status, and its words."""

    def __init__(self, code: str, status: int, words: str) -> None:
        super().__init__(f"{code} ({status}): {words}")
        self.code = code
        self.status = status
        self.words = words

    def __reduce__(self) -> tuple[type["AwsError"], tuple[str, int, str]]:
        """Errors are copied, and sent from process to process."""
        return type(self), (self.code, self.status, self.words)


class LostAnswer(Exception):
    """The request may have been carried out, the answer never came (a cut connection, a read timeout)."""
