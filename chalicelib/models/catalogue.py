"""Every model that is known, found by id, profile or ARN; an unknown one is refused with the nearest known names.

A stage can add an id of a known family without code: `new-id=known-id` says that the new one behaves as the known one.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from difflib import get_close_matches
from types import MappingProxyType
from typing import TypeVar

from chalicelib.models import amazon, stability, vision_table
from chalicelib.models.images import ImageModel
from chalicelib.models.profiles import usable_id
from chalicelib.models.reference import BadReference, parse_reference, underlying
from chalicelib.models.types import ModelReference
from chalicelib.models.vision import VisionModel

_Model = TypeVar("_Model", ImageModel, VisionModel)
_EXAMPLE = "us-west-2/stability.stable-image-core-v2:0=stability.stable-image-core-v1:1"


class UnknownModel(ValueError):
    """An id that no family knows; `nearest` are the known ids most like it, best first."""

    def __init__(self, identifier: str, role: str, nearest: tuple[str, ...]) -> None:
        hint = f"; the nearest known: {', '.join(nearest)}" if nearest else ""
        super().__init__(f"{identifier!r} is no known {role} model{hint}")
        self.id = identifier
        self.nearest = nearest


@dataclass(frozen=True)
class Catalogue:
    """The known models of both roles, by their own ids."""

    images: Mapping[str, ImageModel]
    visions: Mapping[str, VisionModel]

    @classmethod
    def standard(cls) -> "Catalogue":
        """What this version of the code knows."""
        return cls(
            MappingProxyType({model.id: model for model in (*amazon.MODELS, *stability.MODELS)}),
            MappingProxyType({model.id: model for model in vision_table.MODELS}),
        )

    @property
    def image_ids(self) -> tuple[str, ...]:
        """Every known image model, the standard ones first."""
        return tuple(self.images)

    @property
    def vision_ids(self) -> tuple[str, ...]:
        """Every known vision model, the standard ones first."""
        return tuple(self.visions)

    def image(self, identifier: str) -> ImageModel:
        """The image model behind an id, a profile or an ARN. Raises UnknownModel."""
        return _found(identifier, "image", self.images)

    def vision(self, identifier: str) -> VisionModel:
        """The vision model behind an id, a profile or an ARN, at that address's prices. Raises UnknownModel."""
        return _found(identifier, "vision", self.visions).priced_at(identifier)

    def reference(self, entry: str, stage_region: str) -> ModelReference:
        """An entry `[region/]id` with its region (its own, its family's, or the stage's) and the id that answers there.

        Raises BadReference.
        """
        found = parse_reference(entry, stage_region, self._default_region)
        return replace(found, id=usable_id(found.id, found.region))

    def with_additions(self, entries: Iterable[str]) -> "Catalogue":
        """The same with `[region/]new-id=known-id` entries added, in order; an entry may come twice.

        Raises BadReference, UnknownModel.
        """
        images, visions = dict(self.images), dict(self.visions)
        for entry in dict.fromkeys(entry.strip() for entry in entries):
            new, known = _declared(entry)
            if new.id in images or new.id in visions:
                raise BadReference(f"{new.id!r} is known already: leave {entry!r} out")
            image = _lookup(known, images)
            if image is not None:
                images[new.id] = _added(image, new)
            else:
                visions[new.id] = _added(_found(known, "image or vision", visions, images), new)
        return Catalogue(MappingProxyType(images), MappingProxyType(visions))

    def _default_region(self, identifier: str) -> str | None:
        model = _lookup(identifier, self.images) or _lookup(identifier, self.visions)
        return model.default_region if model else None


def _declared(entry: str) -> tuple[ModelReference, str]:
    """The new model, with the region it is bound to or none, and the id it behaves as."""
    new, _, known = (part.strip() for part in entry.partition("="))
    if not (new and known):
        raise BadReference(f"{entry!r} adds no model: write new-id=known-id, as in {_EXAMPLE}")
    return parse_reference(new, ""), known


def _lookup(identifier: str, models: Mapping[str, _Model]) -> _Model | None:
    return models.get(identifier) or models.get(underlying(identifier))


def _found(identifier: str, role: str, models: Mapping[str, _Model], others: Iterable[str] = ()) -> _Model:
    model = _lookup(identifier, models)
    if model is None:
        known = [*models, *others]
        raise UnknownModel(identifier, role, tuple(get_close_matches(underlying(identifier), known, n=3, cutoff=0.4)))
    return model


def _added(known: _Model, new: ModelReference) -> _Model:
    return replace(known, id=new.id, default_region=new.region or known.default_region, behaves_as=known.id)
