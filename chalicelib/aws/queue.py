"""One SQS queue; what SQS would refuse is stopped here. Must not know what is sent."""

from functools import cached_property
from typing import TYPE_CHECKING, Any

from chalicelib.events.sqs_rules import check_sendable
from chalicelib.ports import WireMessage

if TYPE_CHECKING:
    from mypy_boto3_sqs import SQSClient


class SqsQueue:
    """ports.Queue over one client; the URL is asked for once a sandbox."""

    def __init__(self, client: "SQSClient", name: str) -> None:
        self._client = client
        self._name = name

    @cached_property
    def _url(self) -> str:
        return self._client.get_queue_url(QueueName=self._name)["QueueUrl"]

    def send(self, message: WireMessage, delay_seconds: int = 0) -> None:
        """See ports."""
        check_sendable(message, delay_seconds)
        group: Any = {"MessageGroupId": message.group} if message.group else {}
        self._client.send_message(
            QueueUrl=self._url,
            MessageBody=message.body,
            DelaySeconds=delay_seconds,
            MessageAttributes={
                name: {"DataType": kind, "StringValue": value} for name, (kind, value) in message.attributes.items()
            },
            **group,
        )
