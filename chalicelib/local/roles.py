"""`run --bedrock`, before anything is paid: whether the models that the prompts need answer in the user's account."""

from collections.abc import Iterator, Sequence

from botocore.exceptions import BotoCoreError, ClientError

from chalicelib.deploy.cloud.models import look
from chalicelib.deploy.explain import REFUSED
from chalicelib.errors import ModelError, ModelGone
from chalicelib.follow.words import shortened
from chalicelib.job.request import Request
from chalicelib.local.account import Account, CannotBegin, explained
from chalicelib.local.prices import chain_of, panel_of, prices
from chalicelib.models.types import ModelReference
from chalicelib.prompts.estimate import Prices
from chalicelib.settings import Settings

PROBE_SECONDS = 20
PROBE = {"messages": [{"role": "user", "content": [{"text": "Yes?"}]}], "inferenceConfig": {"maxTokens": 1}}
PROBE_TOKENS = 100  # in, at most
PROBES_USD = 0.001  # all together


class Roles:
    """The models that the prompts need, as the account has them."""

    def __init__(self, account: Account, settings: Settings, requests: Sequence[Request]) -> None:
        """Look every model up and probe it. Raises CannotBegin where a prompt has no chain or no whole panel left."""
        self._account = account
        self._settings = settings
        self._requests = requests
        self._unusable: dict[ModelReference, str] = {}
        try:
            self._look_at_all()
        except (BotoCoreError, ClientError) as error:
            raise explained(error) from error
        for request in requests:
            self._check(request)

    def told(self) -> Iterator[str]:
        """Who draws and who judges, and who cannot."""
        drawing = dict.fromkeys(str(self._usable(request)[0]) for request in self._requests)
        judging = dict.fromkeys(str(model) for request in self._requests for model in panel_of(self._settings, request))
        yield f"draws: {', '.join(drawing)}"
        yield f"judges and rewrites: {', '.join(judging)}"
        for model, why in self._unusable.items():
            yield f"passed over: {model} {shortened(why, 100)}"

    def prices(self, request: Request) -> Prices:
        """What one attempt costs with the models that are usable."""
        return prices(self._settings, request, self._usable(request))

    def _usable(self, request: Request) -> list[ModelReference]:
        return [model for model in chain_of(self._settings, request) if model not in self._unusable]

    def _look_at_all(self) -> None:
        left, requests = PROBES_USD, self._requests
        drawing = dict.fromkeys(model for request in requests for model in chain_of(self._settings, request))
        judging = dict.fromkeys(model for request in requests for model in panel_of(self._settings, request))
        for model in (*drawing, *judging):
            why = self._looked_up(model)
            if why is None and model in judging:
                vision = self._settings.catalogue.vision(model.id)
                left -= (PROBE_TOKENS * vision.price_in + vision.price_out) / 1_000_000
            if why is None and left >= 0:  # else it is taken at Bedrock's word
                why = self._asked(model, draws=model in drawing)
            if why is not None:
                self._unusable[model] = why

    def _check(self, request: Request) -> None:
        missing = [model for model in panel_of(self._settings, request) if model in self._unusable]
        if not self._usable(request):
            missing = [*chain_of(self._settings, request), *missing]
        if missing:
            told = "; ".join(f"{model} {self._unusable[model]}" for model in missing)
            console = f"https://{missing[0].region}.console.aws.amazon.com/bedrock/home#/model-catalog"
            raise CannotBegin(f"{told}. Nothing was started: have it enabled at {console}, or name another model")

    def _looked_up(self, model: ModelReference) -> str | None:
        """Why it cannot be used, by what Bedrock says of it; None too where these credentials may not ask."""
        try:
            found = look(lambda region: self._account.session.client("bedrock", region_name=region), model)
        except ClientError as error:
            if error.response["Error"]["Code"] in REFUSED:
                return None
            raise
        if found.status is None:
            return f"has ended or is not offered in {model.region}"
        return f"may not be invoked: {found.access}" if found.access else None

    def _asked(self, model: ModelReference, *, draws: bool) -> str | None:
        """An image model gets a request that it must refuse, unpaid; a vision model one word, for one token."""
        caller = self._account.caller
        try:
            if draws:
                caller.invoke(model.region, model.id, b"{}", PROBE_SECONDS)
            else:
                caller.converse(model.region, model.id, PROBE, PROBE_SECONDS)
        except ModelGone as error:
            return f"answers: {error.words}"
        except ModelError:  # it is there, and does not like what it was asked, or has much to do
            return None
        return None
