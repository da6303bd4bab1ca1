"""moto's S3 and SQS behind one address, told apart by the scope of the request's signature.

moto's own dispatcher lists its package's directory for each request, 40 % of an SQS call's time (moto 5.2.5, profiled
2026-11). It still gets what is not signed for S3 or SQS. Must not know what is asked.
"""

import re
from collections.abc import Callable, Iterable
from typing import Any

from moto.moto_server.werkzeug_app import DomainDispatcherApplication, create_backend_app

SCOPE = re.compile(r"/(s3|sqs)/aws4_request")


class Services:
    """A WSGI application."""

    def __init__(self) -> None:
        self._anything = DomainDispatcherApplication(create_backend_app)
        self._known = {"s3": create_backend_app("s3"), "sqs": create_backend_app("sqs")}

    def __call__(self, environ: dict[str, Any], start_response: Callable[..., Any]) -> Iterable[bytes]:
        scope = SCOPE.search(environ.get("HTTP_AUTHORIZATION", ""))
        application: Any = self._known[scope[1]] if scope else self._anything
        answer: Iterable[bytes] = application(environ, start_response)
        return answer
