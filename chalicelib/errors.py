"""Everything that can go wrong, as one small tree; who catches what is decided by these names.

This module must not import anything.
"""

MOST_WORDS = 2_000  # of a model's own: a record and a log line must stay of a size that can be kept


class RetakeError(Exception):
    """Root of the tree; never raised itself."""


class SettingsError(RetakeError):
    """A setting of the stage is missing or wrong: nothing starts; the message says which key to change."""


class Refused(RetakeError):
    """A prompt file or message that cannot be accepted: goes to rejected/, costs nothing.

    `field` is None where the whole of it is at fault.
    """

    def __init__(self, error: str, field: str | None = None) -> None:
        super().__init__(error)
        self.error = error
        self.field = field


class WrongValue(Refused):
    """A value that no JSON may hold, such as NaN; `field` is the name it stands under, where there is one."""


class ModelError(RetakeError):
    """A paid call without a usable answer; `model` is `region/id`, `words` the model's own."""

    def __init__(self, model: str, words: str) -> None:
        words = words if len(words) <= MOST_WORDS else f"{words[:MOST_WORDS]} … ({len(words):,} characters in all)"
        super().__init__(f"{model} answered: {words}")
        self.model = model
        self.words = words


class PutOff(ModelError):
    """Temporary; the same attempt is tried again later."""


class Declined(PutOff):
    """A definite refusal before any work (429, 503, quota): nothing was charged."""


class Ambiguous(PutOff):
    """No answer, or an internal failure (500, 408, 424, timeout): the call may have been charged."""


class ModelGone(ModelError):
    """The model ended, is not accessible to this account, or not in this region: the next model of the chain."""


class Blocked(ModelError):
    """A content filter stopped the prompt or every image, which is an outcome; `what` is `prompt` or `image`."""

    def __init__(self, model: str, words: str, what: str) -> None:
        super().__init__(model, words)
        self.what = what


class RequestInvalid(ModelError):
    """The model refuses the request as such: the job fails with the model's words."""


class Unusable(ModelError):
    """A vision model's reply that was paid for and is neither yes nor no: asked again, then put off."""

    def __init__(self, model: str, words: str, cost_usd: float = 0.0) -> None:
        super().__init__(model, words)
        self.cost_usd = cost_usd


class StoreError(RetakeError):
    """What was asked of the store was not done, or not surely."""


class AlreadyExists(StoreError):
    """Create with `If-None-Match: *` met an object."""


class Changed(StoreError):
    """A conditional write met another version of the object, none, or another write that was still under way."""


class Unreachable(StoreError):
    """The bucket does not exist (`for_good`: asking again is no use), or the function's role may not use it."""

    def __init__(self, bucket: str, words: str, *, for_good: bool = False) -> None:
        super().__init__(f"bucket {bucket}: {words}")
        self.bucket = bucket
        self.for_good = for_good


class Unavailable(StoreError):
    """The store did not answer, or has trouble of its own, after all tries of the SDK; a write may have been done."""


class UnreadableRecord(RetakeError):
    """A record of an attempt that is damaged, or a newer version's: raised, and told under rejected/ at the last."""


class JobFails(RetakeError):
    """The job cannot go on (no model or money left) and ends in a FAIL; the message is what its result says."""


class Unsendable(RetakeError):
    """A message that SQS would refuse."""


class CannotRender(RetakeError):
    """A page for people could not be made; whoever catches it goes on without."""


class OutOfTime(RetakeError):
    """The function's time ends before every prompt of a file is under way: the event is delivered again."""


class LostRace(RetakeError):
    """Other deliveries of the same message kept moving the record; raised so that the queue delivers again."""


class CannotGoOn(RetakeError):
    """A command of the user's cannot do what it was told; the message says why, and what to do about it."""
