"""The root of everything that is written to the outbox: frozen, and read back tolerantly, so old records outlive us."""

from typing import Self

from pydantic import BaseModel, ConfigDict


class Part(BaseModel):
    """A frozen piece of a stored document; unknown fields of a newer version are passed over."""

    model_config = ConfigDict(frozen=True)

    def with_changes(self, **changes: object) -> Self:
        """The same with other values."""
        return self.model_copy(update=changes)
