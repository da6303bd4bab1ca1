"""Everything that `doctor` looks at, as lines. One that cannot be looked at is a line too, and hides no other."""

from collections.abc import Iterator, Mapping

from chalicelib.deploy.checks import buckets as bucket_checks
from chalicelib.deploy.checks import limits
from chalicelib.deploy.checks.line import Check, Mark, unseen
from chalicelib.deploy.checks.models import check_models
from chalicelib.deploy.checks.stage import check_alarms, check_deployment
from chalicelib.deploy.cloud import buckets, models
from chalicelib.deploy.cloud.clients import Clients
from chalicelib.deploy.cloud.look import THERE, look, look_at_models, subscribers
from chalicelib.deploy.documents import Wanted
from chalicelib.deploy.found import BucketProperties, Found, ModelFound
from chalicelib.deploy.grants import Profile
from chalicelib.deploy.lookups import Lookups
from chalicelib.deploy.stage import Stage
from chalicelib.models.types import ModelReference


def examine(
    clients: Clients, stage: Stage, wanted: Wanted, profiles: tuple[Profile, ...], lookups: Lookups
) -> Iterator[Check]:
    """Every line; `lookups` has what of the profiles was not seen. What a job can run without comes last, as notes."""
    found, besides = look(clients, stage, lookups), Lookups()
    yield from check_deployment(stage, found, wanted)
    yield from bucket_checks.check_properties(stage, _buckets(clients, stage, found, besides))
    told = besides.of("subscribers of the alarms", None, subscribers, clients.sns, stage.alarms_arn)
    if told is not None:
        yield check_alarms(stage, told)
    seen = look_at_models(clients, stage, lookups)
    yield from check_models(stage, seen, profiles, lookups.unseen)
    yield from _limits(clients, stage, found, seen, besides)
    yield from _form(clients, stage, besides)
    yield from (unseen(name, reason, Mark.NOTE) for name, reason in besides.unseen.items())


def _buckets(clients: Clients, stage: Stage, found: Found, besides: Lookups) -> dict[str, BucketProperties]:
    """Properties of the stage's own; of other output buckets only the key."""
    account = stage.caller.account
    seen: dict[str, BucketProperties] = {}
    for name in stage.buckets:
        if found.buckets.get(name) in THERE:
            there = besides.of(f"properties of bucket {name}", None, buckets.properties, clients.s3, name, account)
            seen |= {name: there} if there else {}
    for name in sorted(set(stage.settings.output_buckets) - {"*", *stage.buckets}):
        key = besides.of(f"key of bucket {name}", "", buckets.encryption, clients.s3, name, account)
        seen[name] = BucketProperties((), key)
    return seen


def _limits(
    clients: Clients, stage: Stage, found: Found, seen: Mapping[ModelReference, ModelFound], besides: Lookups
) -> Iterator[Check]:
    limit = besides.of(limits.CONCURRENCY, None, models.concurrency, clients.functions)
    if limit is not None:
        yield limits.check_concurrency(stage, limit, found)
    offered = [model for model in seen.values() if model.status]
    for region in sorted({model.reference.region for model in offered}):
        listed = besides.of(f"quotas of {region}", {}, models.quotas, clients.quotas(region))
        yield from limits.check_quotas(region, listed, offered)


def _form(clients: Clients, stage: Stage, besides: Lookups) -> Iterator[Check]:
    """Only where a Claude is in the default panel."""
    regions = [model.region for model in stage.settings.panel() if "anthropic." in model.id]
    if regions:
        sent = besides.of("Anthropic's use-case form", None, models.form_sent, clients.bedrock(regions[0]))
        if sent is not None:
            yield limits.check_form(sent)
