"""`run --bedrock`, before anything is paid: whether the models that the prompts need answer in the user's account."""

from collections.abc import Iterator, Sequence

from botocore.exceptions import ClientError

from chalicelib.deploy.cloud.models import look
from chalicelib.deploy.explain import REFUSED
from chalicelib.deploy.probe import REQUEST, worst_usd
from chalicelib.errors import CannotGoOn, ModelError, ModelGone
from chalicelib.follow.words import shortened
from chalicelib.job.request import Request
from chalicelib.local.account import Account, explained
from chalicelib.local.prices import chain_of, panel_of, prices
from chalicelib.models.types import ModelReference
from chalicelib.prompts.estimate import Prices
from chalicelib.settings import Settings

PROBE_SECONDS = 20
PROBES_USD = 0.001  # all together


class Roles:
    """The models that the prompts need, as the account has them."""

    def __init__(self, account: Account, settings: Settings, requests: Sequence[Request]) -> None:
        """Look every model up and probe it. Raises CannotGoOn where a prompt has no chain or no whole panel left."""
        self._account = account
        self._settings = settings
        self._requests = requests
        self._drawing = dict.fromkeys(model for request in requests for model in chain_of(settings, request))
        self._judging = dict.fromkeys(model for request in requests for model in panel_of(settings, request))
        with explained():
            self._unusable = dict(self._looked_at())
        for request in requests:
            self._check(request)

    def told(self) -> Iterator[str]:
        """Who draws and who judges, and who cannot."""
        first = dict.fromkeys(str(self._usable(request)[0]) for request in self._requests)
        yield f"draws: {', '.join(first)}"
        yield f"judges and rewrites: {', '.join(map(str, self._judging))}"
        for model, why in self._unusable.items():
            yield f"passed over: {model} {shortened(why, 100)}"

    def prices(self, request: Request) -> Prices:
        """What one attempt costs with the models that are usable."""
        return prices(self._settings, request, self._usable(request))

    def _usable(self, request: Request) -> list[ModelReference]:
        return [model for model in chain_of(self._settings, request) if model not in self._unusable]

    def _looked_at(self) -> Iterator[tuple[ModelReference, str]]:
        """Each that cannot be used, and why: what Bedrock says of it, else what it answers itself."""
        left = PROBES_USD
        for model in (*self._drawing, *self._judging):
            why = self._looked_up(model)
            if why is None:
                left -= worst_usd(self._settings, model) if model in self._judging else 0
                why = self._asked(model) if left >= 0 else None  # else it is taken at Bedrock's word
            if why is not None:
                yield model, why

    def _check(self, request: Request) -> None:
        missing = [model for model in panel_of(self._settings, request) if model in self._unusable]
        if not self._usable(request):
            missing = [*chain_of(self._settings, request), *missing]
        if missing:
            told = "; ".join(f"{model} {self._unusable[model].rstrip('.')}" for model in missing)
            console = f"https://{missing[0].region}.console.aws.amazon.com/bedrock/home#/model-catalog"
            raise CannotGoOn(f"{told}. Nothing was started: have it enabled at {console}, or name another model")

    def _looked_up(self, model: ModelReference) -> str | None:
        """None too where these credentials may not ask."""
        try:
            found = look(self._account.bedrock, model)
        except ClientError as error:
            if error.response["Error"]["Code"] in REFUSED:
                return None
            raise
        if found.status is None:
            return f"has ended or is not offered in {model.region}"
        return f"may not be invoked: {found.access}" if found.access else None

    def _asked(self, model: ModelReference) -> str | None:
        """An image model gets a request that it must refuse, unpaid; a vision model a question of a few tokens."""
        try:
            if model in self._drawing:
                self._account.caller.invoke(model.region, model.id, b"{}", PROBE_SECONDS)
            else:
                self._account.caller.converse(model.region, model.id, REQUEST, PROBE_SECONDS)
        except ModelGone as error:
            return f"answers: {error.words}"
        except ModelError:  # it is there, and does not like what it was asked, or has much to do
            return None
        return None
