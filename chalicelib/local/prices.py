"""What an attempt costs with the models that its prompt has, as far as that is known before it is made. Pure."""

from collections.abc import Sequence

from chalicelib.attempt.check import worst_check_usd
from chalicelib.attempt.requirements import worst_requirements_usd
from chalicelib.job.message import Message
from chalicelib.job.request import Request
from chalicelib.models.types import ModelReference
from chalicelib.prompts.estimate import Prices
from chalicelib.settings import Settings

CHECKS = 2  # of an image, at most: an unreadable answer is asked for once more
LIKELY_TOKENS = 500  # of a verdict


def chain_of(settings: Settings, request: Request) -> tuple[ModelReference, ...]:
    """The models that may draw: the request's own, or the stage's."""
    return tuple(map(settings.reference, request.image_models or settings.image_models))


def panel_of(settings: Settings, request: Request) -> tuple[ModelReference, ...]:
    """The models that judge; the first rewrites, too."""
    return tuple(map(settings.reference, request.vision_models or settings.vision_models))


def prices(settings: Settings, request: Request, chain: Sequence[ModelReference] = ()) -> Prices:
    """Of an attempt: the images by the dearest (at most) or the first (likely) of the chain, and their checks."""
    images = [_drawn(settings, request, model) for model in chain or chain_of(settings, request)]
    likely_check = _check(settings, request.model_copy(update={"nova_pro_validate_max_tokens": LIKELY_TOKENS}))
    rewriter = settings.catalogue.vision(panel_of(settings, request)[0].id)
    return Prices(
        attempt=max(images) + CHECKS * _check(settings, request),
        likely_attempt=images[0] + likely_check,
        rewrite=rewriter.worst_price(request.revise_sampling.max_tokens, image=False),
        likely_rewrite=likely_check,
    )


def _check(settings: Settings, request: Request) -> float:
    """As the pipeline reckons before it begins an image."""
    message = Message.first(request, "estimate")
    return worst_requirements_usd(settings, message) + worst_check_usd(settings, message)


def _drawn(settings: Settings, request: Request, reference: ModelReference) -> float:
    price = settings.catalogue.image(reference.id).price(request.nova_canvas_width, request.nova_canvas_height)
    return price * request.nova_canvas_number_of_images
