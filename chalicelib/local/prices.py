"""What an attempt costs with the models that its prompt has, as far as that is known before it is made. Pure."""

from collections.abc import Sequence

from chalicelib.job.request import Request
from chalicelib.models.questions import verify_question
from chalicelib.models.types import ImageOrder, ModelReference
from chalicelib.prompts.estimate import Prices
from chalicelib.settings import Settings

CHECKS = 2  # of an image, at most: an unreadable verdict is asked for once more
LIKELY_TOKENS = 500  # of a verdict, or of a rewritten prompt


def prices(settings: Settings, request: Request, chain: Sequence[ModelReference] = ()) -> Prices:
    """Of an attempt: the images by the dearest (at most) or the first (likely) of the chain, and the panel's checks.

    `chain` are the models that may draw; empty: the request's, or the stage's.
    """
    chain = chain or tuple(map(settings.reference, request.image_models or settings.image_models))
    count = request.nova_canvas_number_of_images
    images = [_drawn(settings, request, model) for model in chain]
    panel = [
        settings.catalogue.vision(settings.reference(entry).id)
        for entry in request.vision_models or settings.vision_models
    ]
    question = verify_question(request.prompt, request.negative_prompt, request.requirements or ())
    check, rewriting = request.validate_sampling.max_tokens, request.revise_sampling.max_tokens
    return Prices(
        attempt=max(images) + CHECKS * count * sum(model.worst_price(check, question) for model in panel),
        likely_attempt=images[0] + count * sum(model.worst_price(LIKELY_TOKENS, question) for model in panel),
        rewrite=panel[0].worst_price(rewriting, image=False),
        likely_rewrite=panel[0].worst_price(LIKELY_TOKENS, question, image=False),
    )


def _drawn(settings: Settings, request: Request, reference: ModelReference) -> float:
    count = request.nova_canvas_number_of_images
    order = ImageOrder(
        prompt=request.prompt,
        negative_prompt=request.negative_prompt,
        width=request.nova_canvas_width,
        height=request.nova_canvas_height,
        cfg_scale=request.nova_canvas_cfg_scale,
        number_of_images=count,
        seeds=(1,) * count,
    )
    return settings.catalogue.image(reference.id).draw(order).price_usd
