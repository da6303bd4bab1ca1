"""`run --bedrock`, before anything is paid: whose account it is, whether its models answer, and what all can cost.

Whatever stands in the way is one sentence and the next thing to do, and nothing has been started then.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import TYPE_CHECKING

import boto3
from botocore.exceptions import BotoCoreError, ClientError, NoCredentialsError, NoRegionError

from chalicelib.aws.bedrock import BedrockCaller, paid_call_config
from chalicelib.deploy.cloud.models import look
from chalicelib.deploy.explain import REFUSED, explain
from chalicelib.errors import ModelError, ModelGone, RetakeError
from chalicelib.follow.words import shortened
from chalicelib.job.request import Request
from chalicelib.local.models import Account, bedrocks_own
from chalicelib.local.prices import prices
from chalicelib.models.types import ModelReference
from chalicelib.prompts.estimate import Prices
from chalicelib.settings import Settings

if TYPE_CHECKING:
    from mypy_boto3_bedrock_runtime import BedrockRuntimeClient

PROBE_SECONDS = 20
PROBE = {"messages": [{"role": "user", "content": [{"text": "Yes?"}]}], "inferenceConfig": {"maxTokens": 1}}
PROBE_TOKENS = 100  # in, at most
PROBES_USD = 0.001  # all together


class CannotBegin(RetakeError):
    """What stands in the way, and what to do."""


def account_of(environment: Mapping[str, str]) -> Account:
    """The account that boto3 finds, its credentials resolved: afterwards nothing of it is read from the environment.

    Raises CannotBegin.
    """
    own = bedrocks_own(environment)
    if environment.get("AWS_ACCESS_KEY_ID") == "local":
        raise CannotBegin("these are the exports of `local`, not your own account; run this in a shell without them")
    try:
        session = boto3.Session()
        found = session.get_credentials()
        if not session.region_name:
            raise NoRegionError()
        if found is not None:
            found.get_frozen_credentials()
        elif "AWS_BEARER_TOKEN_BEDROCK" not in own:
            raise NoCredentialsError()
    except (BotoCoreError, ClientError) as error:
        raise _explained(error) from error
    profile = f"profile {session.profile_name}" if found and found.method != "env" else "the keys in the environment"
    return Account(session, session.region_name, f"{profile}, {session.region_name}", own)


class Roles:
    """The models that the prompts need, as the account has them."""

    def __init__(self, account: Account, settings: Settings) -> None:
        self._account = account
        self._settings = settings
        self._unusable: dict[ModelReference, str] = {}

    def look_at(self, requests: Sequence[Request]) -> None:
        """Look every model up and probe it. Raises CannotBegin where a prompt has no chain or no whole panel left."""
        drawing = dict.fromkeys(model for request in requests for model in self._chain(request))
        judging = dict.fromkeys(model for request in requests for model in self._panel(request))
        left = PROBES_USD
        try:
            for model in (*drawing, *judging):
                why = self._looked_up(model)
                if why is None and model in judging:
                    left -= self._probe_usd(model)
                if why is None and left >= 0:  # else it is taken at Bedrock's word
                    why = self._asked(model, draws=model in drawing)
                if why is not None:
                    self._unusable[model] = why
        except (BotoCoreError, ClientError) as error:
            raise _explained(error) from error
        for request in requests:
            self._check(request)

    def lines(self, requests: Sequence[Request]) -> Iterator[str]:
        """Who draws and who judges, and who cannot."""
        drawing = dict.fromkeys(str(self._usable(self._chain(request))[0]) for request in requests)
        judging = dict.fromkeys(str(model) for request in requests for model in self._panel(request))
        yield f"draws: {', '.join(drawing)}"
        yield f"judges and rewrites: {', '.join(judging)}"
        for model, why in self._unusable.items():
            yield f"passed over: {model} {shortened(why, 100)}"

    def prices(self, request: Request) -> Prices:
        """What one attempt costs with the models that are usable."""
        return prices(self._settings, request, self._usable(self._chain(request)))

    def _chain(self, request: Request) -> tuple[ModelReference, ...]:
        return tuple(map(self._settings.reference, request.image_models or self._settings.image_models))

    def _panel(self, request: Request) -> tuple[ModelReference, ...]:
        return tuple(map(self._settings.reference, request.vision_models or self._settings.vision_models))

    def _usable(self, models: Iterable[ModelReference]) -> list[ModelReference]:
        return [model for model in models if model not in self._unusable]

    def _check(self, request: Request) -> None:
        chain, panel = self._chain(request), self._panel(request)
        missing = [model for model in panel if model in self._unusable]
        if not self._usable(chain):
            missing = [*chain, *missing]
        if missing:
            unusable = "; ".join(f"{model} {self._unusable[model]}" for model in missing)
            console = f"https://{missing[0].region}.console.aws.amazon.com/bedrock/home#/model-catalog"
            raise CannotBegin(f"{unusable}. Nothing was started: have it enabled at {console}, or name another model")

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

    def _probe_usd(self, model: ModelReference) -> float:
        vision = self._settings.catalogue.vision(model.id)
        return (PROBE_TOKENS * vision.price_in + vision.price_out) / 1_000_000

    def _asked(self, model: ModelReference, *, draws: bool) -> str | None:
        """An image model gets a request that it must refuse, unpaid; a vision model one word, for one token."""
        caller = BedrockCaller(self._client, self._account.region)
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

    def _client(self, region: str, timeout: float) -> "BedrockRuntimeClient":
        config = paid_call_config(timeout)
        return self._account.session.client("bedrock-runtime", region_name=region, config=config)


def _explained(error: Exception) -> CannotBegin:
    explained = explain(error)
    return CannotBegin(f"{explained.says} Nothing was started. {explained.then.partition(':')[0].rstrip('.')}.")
