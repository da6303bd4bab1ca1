"""What `run` does before the first job: reads the prompts, chooses the models, and asks before anything is paid."""

import sys
import time
from collections.abc import MutableMapping
from dataclasses import dataclass, replace
from functools import cache, partial
from pathlib import Path

import click
from rich.console import Console

from chalicelib.errors import Refused
from chalicelib.follow.choice import Wishes, reporter_for
from chalicelib.follow.copies import directory_for
from chalicelib.follow.kept import Kept
from chalicelib.follow.words import counted
from chalicelib.job.request import Request, read_request
from chalicelib.local.account import Account, account_of, ask_to_pay
from chalicelib.local.models import Models, RealModels, StandInModels
from chalicelib.local.names import local_settings
from chalicelib.local.prices import prices
from chalicelib.local.roles import Roles
from chalicelib.local.run import Order, Run
from chalicelib.prompts.budget import Budget
from chalicelib.prompts.cells import read_settings
from chalicelib.prompts.estimate import LIKELY_ATTEMPTS, estimate
from chalicelib.prompts.files import PromptFile, files_of, label_of, samples
from chalicelib.prompts.rows import RefusedRow, Row
from chalicelib.prompts.sources import read_prompts
from chalicelib.settings import Settings


@dataclass(frozen=True)
class Options:
    """The command's, as they came."""

    prompts: tuple[str, ...]
    settings: tuple[str, ...]
    out: Path
    again: bool
    bedrock: bool
    max_usd: float | None
    yes: bool
    as_json: bool
    quiet: bool
    verbose: bool


def start(options: Options, environment: MutableMapping[str, str]) -> int:
    """The exit code. Raises RetakeError for whatever keeps the first job from being begun."""
    given = read_settings(options.settings)
    rows = read_prompts(options.prompts, sys.stdin.buffer.read, given)
    refused = tuple(row for row in rows if isinstance(row, RefusedRow))
    files = files_of([row for row in rows if isinstance(row, Row)]) if options.prompts else samples(given)
    directory = directory_for(options.out)
    account = account_of(environment) if options.bedrock else None
    models: Models = RealModels(account) if account else StandInModels()
    settings = local_settings(environment, models.region)
    wanted = files if options.again else tuple(Kept(directory, models.name).without_accepted(files))
    read, price = cache(partial(_request_of, settings)), cache(partial(prices, settings))  # asked at each job's end
    budget = Budget(options.max_usd, settings.max_cost_usd, price, read)
    if account:
        budget = _agreed(options, account, settings, budget, wanted)
    order = Order(wanted, refused, len(files) - len(wanted), directory, models, budget, options.verbose)
    wishes = Wishes(as_json=options.as_json, quiet=options.quiet, each_attempt=options.verbose)
    reporter = reporter_for(Console(highlight=False, file=sys.stdout), label_of, models.name, time.monotonic, wishes)
    return Run(order, reporter, time.monotonic).to_its_end(environment)


def _request_of(settings: Settings, file: PromptFile) -> Request | None:
    try:
        return read_request(file.body, settings)
    except Refused:
        return None


def _agreed(
    options: Options, account: Account, settings: Settings, budget: Budget, files: tuple[PromptFile, ...]
) -> Budget:
    """Show what it can cost and have it agreed to; the budget with that as its most. Raises CannotBegin."""
    requests = [request for file in files if (request := budget.request_of(file))]
    if not requests:
        return budget
    roles = Roles(account, settings, requests)
    costs = estimate(requests, roles.prices, settings.max_cost_usd)
    most = min(costs.most, options.max_usd or costs.most)
    capped = f" (--max-usd; every attempt of every prompt: ${costs.most:.2f})" if most < costs.most else ""
    likely = f"likely ${min(costs.likely, most):.2f} ({LIKELY_ATTEMPTS} attempts a job)"
    for line in (*roles.told(), f"{counted(costs.jobs, 'job')}: {likely}, at most ${most:.2f}{capped}"):
        click.echo(f"real models  {line}", err=True)
    ask_to_pay(yes=options.yes, nothing="nothing was started")
    return replace(budget, most_usd=most, price_of=cache(roles.prices))
