"""Whom the topic of the alarms tells. Reads only."""

from typing import TYPE_CHECKING

from botocore.exceptions import ClientError

from chalicelib.deploy.found import Subscriber

if TYPE_CHECKING:
    from botocore.client import BaseClient


def subscribers(sns: "BaseClient", topic_arn: str) -> tuple[Subscriber, ...]:
    """Everyone who is subscribed; nobody where there is no topic."""
    try:
        pages = list(sns.get_paginator("list_subscriptions_by_topic").paginate(TopicArn=topic_arn))
    except ClientError as error:
        if error.response["Error"]["Code"] not in ("NotFound", "NotFoundException"):
            raise
        return ()
    # A mail address that has not confirmed stands there without an ARN (SNS API reference, 2026-11).
    return tuple(
        Subscriber(one["Endpoint"], one["SubscriptionArn"].startswith("arn:"))
        for page in pages
        for one in page["Subscriptions"]
    )
