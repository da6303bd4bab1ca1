"""Which models there are, where, how long, and what they take: the table of `models.toml`."""

import tomllib
from dataclasses import dataclass, replace
from pathlib import Path


@dataclass(frozen=True)
class Able:
    """What a vision model takes over Converse."""

    max_tokens: int = 0
    sampling: str = "any"
    top_k_field: tuple[str, ...] | list[str] = ()
    top_k_max: int = 0
    forced_tools: bool = True
    prefill: bool = True
    schema: bool = False
    plain_tool_schema: bool = False


@dataclass(frozen=True)
class Model:
    """One model; no `regions` means every region, and so does no `on_demand`; dates are ISO 8601."""

    id: str
    name: str
    family: str
    regions: tuple[str, ...] | list[str] = ()
    on_demand: tuple[str, ...] | list[str] = ()
    profile_only: bool = False
    profiles: tuple[str, ...] | list[str] = ()
    legacy_time: str | None = None
    end_time: str | None = None
    able: Able = Able()

    def answers_bare(self, region: str) -> bool:
        """Whether its own id, without a profile, answers in a region."""
        return not self.profile_only and (not self.on_demand or region in self.on_demand)

    @property
    def draws(self) -> bool:
        """Whether it makes images (InvokeModel) rather than looks at them (Converse)."""
        return not self.able.max_tokens


_TABLE = tomllib.loads((Path(__file__).parent / "models.toml").read_text("utf-8"))
_MODELS = [Model(id, **{**row, "able": Able(**row.get("able", {}))}) for id, row in _TABLE.items()]


def find(model_id: str) -> Model | None:
    """The model of a bare id (no ARN, no profile prefix), or None."""
    for model in _MODELS:
        rest = model_id.removeprefix(model.id)
        if not rest or (model.family == "claude" and rest != model_id and rest[0] in "-:"):
            return replace(model, id=model_id)
    return None
