"""S3 and SQS on this machine: moto's server in this process, with the buckets and queues of a deployment.

Listens on 127.0.0.1 only. moto keeps its state in the process, so one engine at a time. Must not know handlers: it puts
the events of S3 into a queue of its own, from which a pump takes them.
"""

import contextlib
import json
import os
import socket
import time
from collections.abc import Callable
from threading import Thread
from typing import TYPE_CHECKING, Any, Self

import boto3
from botocore.config import Config
from moto.moto_api._internal.models import moto_api_backend
from moto.moto_server.werkzeug_app import MotoRequestHandler
from werkzeug.serving import make_server

from chalicelib.errors import RetakeError
from chalicelib.local.gate import Gate
from chalicelib.local.lambda_events import s3_event
from chalicelib.local.names import ACCOUNT, EVENTS_QUEUE, PREFIX, REGION, Names
from chalicelib.ports import Place

if TYPE_CHECKING:
    from mypy_boto3_s3 import S3Client
    from mypy_boto3_sqs import SQSClient

VISIBILITY_TIMEOUT = 6 * 300  # of the deployed function's timeout
MAX_RECEIVE_COUNT = 5
OWN_KEY = "engine"  # whose requests pass before all is there


class PortTaken(RetakeError):
    """The port asked for cannot be had."""


class _Handler(MotoRequestHandler):
    disable_nagle_algorithm = True  # head and body leave in two writes; a delayed acknowledgement costs 40 ms

    def log_request(self, *_: Any) -> None:
        """Every request on standard error would bury the progress."""


class Engine:
    """`with Engine() as engine`; raises PortTaken. Times in seconds, `port` 0 is chosen by the system."""

    def __init__(
        self,
        names: Names = Names(),  # noqa: B008 - frozen
        *,
        port: int = 0,
        visibility_timeout: int = VISIBILITY_TIMEOUT,
        written: Callable[[Place], None] = lambda place: None,
    ) -> None:
        self.names = names
        self._port = port
        self._visibility_timeout = visibility_timeout
        self._written = written

    def __enter__(self) -> Self:
        self._gate = Gate(self._announce, self._create_bucket, OWN_KEY)
        with self._listener() as listener:  # werkzeug would end the process for a port that is taken
            port, at = listener.getsockname()[1], listener.fileno()
            self._server = make_server("127.0.0.1", port, self._gate, threaded=True, request_handler=_Handler, fd=at)
        moto_api_backend.reset()  # moto's state is the process's: nothing of a former engine may be left
        self._thread = Thread(target=self._server.serve_forever, args=(0.05,), name="engine", daemon=True)
        self._thread.start()
        self.s3: S3Client = self._client("s3")
        self.sqs: SQSClient = self._client("sqs")
        self._create_queues()
        self._create_buckets()
        self.release_polls = self._gate.release  # whoever waits for messages goes at once, so that a pump can stop
        self._gate.open()
        return self

    def __exit__(self, *_: object) -> None:
        self.release_polls()  # one that nobody waits for any more would take a message of the next engine
        self.s3.close()
        self.sqs.close()
        self._server.shutdown()
        self._thread.join()

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self._server.port}"

    def queue_url(self, name: str) -> str:
        return f"{self.url}/{ACCOUNT}/{name}"

    def _listener(self) -> socket.socket:
        try:
            return socket.create_server(("127.0.0.1", self._port))
        except OSError as error:
            told = os.strerror(error.errno or 0)
            words = f"port {self._port}: {told}; name another with --port, or 0 for any that is free"
            raise PortTaken(words) from None

    def _client(self, service: Any) -> Any:
        return boto3.client(
            service,
            endpoint_url=self.url,
            region_name=self.names.region,
            aws_access_key_id=OWN_KEY,
            aws_secret_access_key="local",
            config=Config(max_pool_connections=50, retries={"total_max_attempts": 1}),
        )

    def _create_queues(self) -> None:
        visibility: Any = {"VisibilityTimeout": str(self._visibility_timeout)}
        for queue in (EVENTS_QUEUE, self.names.dead_letter_queue):
            self.sqs.create_queue(QueueName=queue, Attributes=visibility)
        dead = f"arn:aws:sqs:{self.names.region}:{ACCOUNT}:{self.names.dead_letter_queue}"
        redrive = {"deadLetterTargetArn": dead, "maxReceiveCount": MAX_RECEIVE_COUNT}
        redriven: Any = visibility | {"RedrivePolicy": json.dumps(redrive)}
        self.sqs.create_queue(QueueName=self.names.queue, Attributes=redriven)

    def _create_buckets(self) -> None:
        for bucket in {self.names.inbox, self.names.outbox}:
            self._create_bucket(bucket)
        self.s3.put_bucket_versioning(Bucket=self.names.inbox, VersioningConfiguration={"Status": "Enabled"})

    def _create_bucket(self, bucket: str) -> None:
        """In the engine's region, which S3 wants to be told unless it is the first; one that is there already stays."""
        region, known = self.names.region, self.s3.exceptions
        elsewhere: Any = {} if region == REGION else {"CreateBucketConfiguration": {"LocationConstraint": region}}
        with contextlib.suppress(known.BucketAlreadyOwnedByYou, known.BucketAlreadyExists):
            self.s3.create_bucket(Bucket=bucket, **elsewhere)

    def _announce(self, place: Place, version: str | None) -> None:
        """An object has been written: whoever asked is told, and of one in the inbox the functions are.

        moto's own notifications name no version, and no true sequencer, and come twice of a multipart upload.
        """
        if place.bucket == self.names.inbox and place.key.startswith(PREFIX):
            wanted: Any = {"VersionId": version} if version else {}
            head: Any = self.s3.head_object(Bucket=place.bucket, Key=place.key, **wanted)
            event = json.dumps(s3_event(place, head, time.time_ns()))
            self.sqs.send_message(QueueUrl=self.queue_url(EVENTS_QUEUE), MessageBody=event)
        self._written(place)
