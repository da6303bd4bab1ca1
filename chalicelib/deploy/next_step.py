"""What to do about a refusal, told from its words: Bedrock says "access denied" for half a dozen things. Pure.

The words are AWS's own, from its documentation and public threads (2026-11); each has a row in tests/deploy.
"""

import re

CATALOGUE = "https://{region}.console.aws.amazon.com/bedrock/home?region={region}#/model-catalog"
BY_ORGANIZATION = re.compile(
    r"explicit(?:ly)? den\w+.{0,30}service control policy|service control policy explicitly", re.S
)
DENIED_IN = re.compile(r"on resource: arn:aws[a-z-]*:[a-z0-9-]+:([a-z]{2}(?:-[a-z]+)+-\d)?:")

_STEPS = (
    (
        re.compile(r"use case details", re.I),
        "fill in Anthropic's form once for the account: choose one of its models at {catalogue}",
    ),
    (
        re.compile(
            r"being processed|MPAgreementBeingCreated|cannot be completed at this time|try again (after|in) \d+", re.I
        ),
        "its subscription is being made: wait 15 minutes, then ask again",
    ),
    (
        re.compile(r"payment instrument", re.I),
        "give the account a payment method that AWS Marketplace takes, at "
        "https://console.aws.amazon.com/billing/home#/paymentpreferences",
    ),
    (
        re.compile(r"aws-marketplace|marketplace subscription", re.I),
        "subscribe to it: `python -m chalicelib up` does, with credentials that may (.chalice/policy-deployer.json)",
    ),
    (
        re.compile(r"on-demand throughput isn|inference profile", re.I),
        "name an inference profile that {region} offers: aws bedrock list-inference-profiles --region {region}",
    ),
    (
        re.compile(r"model identifier is invalid|end of its life|provider as legacy", re.I),
        "name another model in its place",
    ),
    (
        re.compile(r"throttl|too many (requests|tokens)|quota", re.I),
        "ask for more at https://{region}.console.aws.amazon.com/servicequotas/home/services/bedrock/quotas",
    ),
    (re.compile(r"not authorized to perform", re.I), "have that action allowed for whoever asks"),
)


def by_organization(words: str) -> str | None:
    """What to do where a policy of the organization forbids it; None where none does."""
    if not BY_ORGANIZATION.search(words):
        return None
    place = DENIED_IN.search(words)
    where = f" in {place[1]}" if place and place[1] else ""
    return (
        f"a service control policy of your organization forbids it{where}: have the organization allow it there "
        "(an inference profile needs every region it routes to), or use another region"
    )


def next_step(words: str, region: str) -> str:
    """What to do about Bedrock's refusal in these words."""
    if step := by_organization(words):
        return step
    found = next((step for pattern, step in _STEPS if pattern.search(words)), "remove the cause, then ask again")
    return found.format(region=region, catalogue=CATALOGUE.format(region=region))
