"""Looking at one thing after the other, where one that cannot be seen must not hide the others."""

from collections.abc import Callable
from typing import ParamSpec, TypeVar

from botocore.exceptions import BotoCoreError, ClientError

from chalicelib.deploy.errors import CannotDeploy
from chalicelib.deploy.explain import explain

_Asked = ParamSpec("_Asked")
_Seen = TypeVar("_Seen")
_Else = TypeVar("_Else")


class Lookups:
    """What was not seen, and why, by name; whoever only looks says so, whoever changes something stops at the first."""

    def __init__(self) -> None:
        self.unseen: dict[str, CannotDeploy] = {}

    def of(
        self, name: str, otherwise: _Else, look: Callable[_Asked, _Seen], *of: _Asked.args, **by: _Asked.kwargs
    ) -> _Seen | _Else:
        """What `look` gives, or `otherwise` where AWS does not let us see it or does not answer."""
        try:
            return look(*of, **by)
        except (BotoCoreError, ClientError) as error:
            self.unseen[name] = explain(error)
            return otherwise

    def insist(self) -> None:
        """Raises what was in the way of the first thing that was not seen."""
        for reason in self.unseen.values():
            raise reason
