"""What Bedrock says when it refuses, in its own words, and what to do about each."""

import pytest

from chalicelib.deploy.explain import explain
from chalicelib.deploy.next_step import by_organization, next_step
from tests.deploy.test_explain import answered

# repost.aws, "AccessDeniedException … cross-Region inference profile in an Organizations account"; dev.classmethod.jp,
# "Control Tower region deny" (2026-05-26), both read 2026-11-28.
BY_POLICY = (
    "User: arn:aws:sts::123456789012:assumed-role/a/b is not authorized to perform: bedrock:InvokeModel on resource: "
    "arn:aws:bedrock:us-east-2::foundation-model/amazon.nova-pro-v1:0 with an explicit deny in a service control policy"
)
EVERYWHERE = BY_POLICY.replace("bedrock:us-east-2::", "bedrock:::")


@pytest.mark.parametrize(
    ("words", "step"),
    [
        (BY_POLICY, "a service control policy of your organization forbids it in us-east-2: have the organization"),
        (EVERYWHERE, "a service control policy of your organization forbids it: have the organization allow it"),
        # Bedrock user guide, "Request access to models", and public threads (2026-11)
        (
            "ResourceNotFoundException: Model use case details have not been submitted for this account.",
            "fill in Anthropic's form once for the account",
        ),
        ("MPAgreementBeingCreated: … still being processed. Try again after 15 minutes", "wait 15 minutes"),
        (
            "INVALID_PAYMENT_INSTRUMENT: A valid payment instrument must be given.",
            "give the account a payment method",
        ),
        (
            "Model access is denied due to IAM user or service role is not authorized to perform the required AWS "
            "Marketplace actions (aws-marketplace:ViewSubscriptions, aws-marketplace:Subscribe)",
            "subscribe to it: `python -m chalicelib up`",
        ),
        (
            "Invocation of model ID amazon.nova-pro-v1:0 with on-demand throughput isn’t supported.",
            "aws bedrock list-inference-profiles --region us-west-2",
        ),
        ("The provided model identifier is invalid.", "name another model in its place"),
        ("ThrottlingException: Too many tokens per day", "us-west-2.console.aws.amazon.com/servicequotas"),
        ("User: arn:… is not authorized to perform: bedrock:InvokeModel", "have that action allowed"),
        ("something else", "remove the cause, then ask again"),
    ],
)
def test_a_refusals_words_say_what_to_do(words: str, step: str):
    assert step in next_step(words, "us-west-2")


def test_a_region_restricting_policy_is_recognised_whatever_was_asked():
    told = explain(answered("AccessDenied", BY_POLICY, "CreateStack"))
    assert told.says.startswith("CreateStack is refused: User: arn:aws:sts::123456789012:assumed-role/a/b")
    assert told.then.startswith("A service control policy of your organization forbids it in us-east-2")
    assert by_organization("is not authorized to perform: s3:PutObject, no identity-based policy allows it") is None
