"""`calibrate --bedrock`: who takes the looks that are missing, what that may cost, and whether it may be paid."""

from collections.abc import Iterator, Mapping, MutableMapping
from dataclasses import dataclass
from functools import partial

import click
from botocore.exceptions import BotoCoreError, ClientError

from chalicelib.calibration.calibrate import Look, Missing
from chalicelib.calibration.further import Judge, take_all, worst_usd
from chalicelib.errors import CannotGoOn, Declined, ModelError, ModelGone
from chalicelib.local.account import Account, account_of, ask_to_pay
from chalicelib.local.names import local_settings
from chalicelib.models.types import ModelReference
from chalicelib.picture import NotAnImage
from chalicelib.ports import Json

SECONDS = 120.0


@dataclass(frozen=True)
class Asker:
    """Asks the panel of VISION_MODELS with the user's own account; `most_usd` is the user's cap."""

    environment: MutableMapping[str, str]
    yes: bool
    most_usd: float | None

    def __call__(self, missing: Mapping[str, Missing]) -> Iterator[Look]:
        """Each look as soon as it is taken, with the key of its picture. Raises CannotGoOn before anything is paid."""
        panel = self._panel(account_of(self.environment))
        worst = {key: worst_usd(panel, one.picture, one.record) for key, one in missing.items()}
        left = self._agreed(panel, worst)
        for key, one in missing.items():
            if worst[key] > left:
                click.echo(f"stopped at {key}: another picture may cost more than is left of --max-usd", err=True)
                return
            try:
                for verdict in take_all(panel, one.picture, one.record, one.image):
                    left -= verdict.cost_usd
                    yield key, verdict
            except (ModelGone, BotoCoreError, ClientError) as error:
                raise CannotGoOn(f"{error}; what was answered before is kept") from None
            except Declined as error:  # the picture stays without, and nothing was paid
                if isinstance(error.__cause__, BotoCoreError):  # no connection, or nobody is signed in
                    raise CannotGoOn(f"{error}; what was answered before is kept") from None
                click.echo(f"{key}: {error}", err=True)
            except (ModelError, NotAnImage) as error:  # likewise
                left -= worst[key]  # what it has cost is not known
                click.echo(f"{key}: {error}", err=True)

    def _agreed(self, panel: list[Judge], worst: Mapping[str, float]) -> float:
        """What may be spent, in USD, once it is agreed to. Raises CannotGoOn."""
        total = sum(worst.values())
        most = min(total, self.most_usd or total)
        names = ", ".join(judge.name for judge in panel)
        click.echo(f"real models  {names}: looks at {len(worst)} pictures, at most ${most:.2f}", err=True)
        ask_to_pay(yes=self.yes, nothing="nothing was asked")
        return most

    def _panel(self, account: Account) -> list[Judge]:
        settings = local_settings(self.environment, account.region)

        def asked(model: ModelReference, request: Json) -> Json:
            return account.caller.converse(model.region, model.id, request, SECONDS)

        references = dict.fromkeys(map(settings.reference, settings.vision_models))
        return [Judge(str(one), settings.catalogue.vision(one.id), partial(asked, one)) for one in references]
