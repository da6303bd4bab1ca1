"""SQS in memory: at-least-once delivery with visibility, delay, receive counts and redrive to a dead-letter queue.

A standard queue; which message comes first is not promised, here the one that has been visible longest. A second
delivery of a message already in flight, which SQS permits itself, is asked for by the simulator (`deliver_again`).
"""

from dataclasses import replace

from tests.fakes.errors import AwsError
from tests.fakes.sqs_limits import check_message, normalised
from tests.fakes.world import Attributes, Lineage, QueuedMessage, QueueSettings, World

LONGEST_VISIBILITY = 43_200


class SQS:
    def __init__(self, world: World) -> None:
        self.world = world

    def create_queue(
        self, name: str, *, visibility: float = 1800, max_receives: int | None = None, dead_letters: str | None = None
    ) -> QueueSettings:
        if dead_letters is not None:
            self.settings(dead_letters)
        self.world.queues[name] = QueueSettings(name, visibility, max_receives, dead_letters)
        self.world.messages.setdefault(name, ())
        return self.world.queues[name]

    def settings(self, queue: str) -> QueueSettings:
        if queue not in self.world.queues:
            raise AwsError("QueueDoesNotExist", 400, "The specified queue does not exist.")
        return self.world.queues[queue]

    def send(
        self,
        queue: str,
        body: str,
        attributes: Attributes = (),
        delay: float = 0,
        lineage: Lineage = (),
        group: str | None = None,
    ) -> QueuedMessage:
        """Keep a message; raises what SQS answers to one that breaks its rules."""
        self.settings(queue)
        check_message(body, attributes, delay, group)
        message = QueuedMessage(
            id=f"message-{self.world.next_sent():06}",
            body=body,
            attributes=normalised(tuple(sorted(attributes))),
            sent=self.world.now,
            visible=self.world.now + delay,
            lineage=lineage,
            group=group,
        )
        self.world.messages[queue] += (message,)
        return message

    def receive(self, queue: str, most: int = 1, visibility: float | None = None) -> list[QueuedMessage]:
        """Take up to `most` visible messages in flight; those received too often move to the dead-letter queue."""
        settings = self.settings(queue)
        taken: list[QueuedMessage] = []
        for message in sorted(self.world.messages[queue], key=lambda entry: (entry.visible, entry.id)):
            if message.visible > self.world.now or len(taken) == most:
                break
            if settings.max_receives is not None and message.receives >= settings.max_receives:
                self.bury(queue, message)
            else:
                taken.append(self.take(queue, message, visibility))
        return taken

    def take(self, queue: str, message: QueuedMessage, visibility: float | None = None) -> QueuedMessage:
        """Put one message in flight, out of sight until its visibility timeout ends."""
        now = self.world.now
        taken = replace(
            message,
            receives=message.receives + 1,
            first_received=message.first_received or now,
            receipt=f"receipt-{message.id}-{message.copy}-{message.receives + 1}",
            visible=now + (self.settings(queue).visibility if visibility is None else visibility),
        )
        self._swap(queue, message, taken)
        return taken

    def bury(self, queue: str, message: QueuedMessage) -> None:
        """Move a message to the queue's dead-letter queue as it is: same id, same time of sending, same count."""
        target = self.settings(queue).dead_letters
        self._swap(queue, message, None)
        if target is not None:
            moved = replace(message, visible=self.world.now, receipt=None, source=queue)
            self.world.messages[target] += (moved,)

    def delete(self, queue: str, receipt: str) -> None:
        """Acknowledge; an old receipt of a message received again deletes nothing, and is no error."""
        self.settings(queue)
        if found := self._in_flight(queue, receipt):
            self.forget(queue, found)

    def change_visibility(self, queue: str, receipt: str, seconds: float) -> None:
        if not 0 <= seconds <= LONGEST_VISIBILITY:
            raise AwsError("InvalidParameterValue", 400, f"Value {seconds} for parameter VisibilityTimeout is invalid.")
        found = self._in_flight(queue, receipt)
        if found is None:
            raise AwsError("MessageNotInflight", 400, "The specified message isn't in flight.")
        self._swap(queue, found, replace(found, visible=self.world.now + seconds))

    def deliver_again(self, queue: str, message: QueuedMessage, delay: float) -> None:
        """SQS hands a message out once more by itself: the same id, a second entry, whatever befell the first."""
        again = replace(message, visible=self.world.now + delay, receipt=None, copy=self.world.next_serial())
        self.world.messages[queue] += (again,)

    def forget(self, queue: str, message: QueuedMessage) -> None:
        """Take a message out of the queue."""
        self._swap(queue, message, None)

    def _in_flight(self, queue: str, receipt: str) -> QueuedMessage | None:
        return next((message for message in self.world.messages[queue] if message.receipt == receipt), None)

    def _swap(self, queue: str, old: QueuedMessage, new: QueuedMessage | None) -> None:
        entries = list(self.world.messages[queue])
        place = entries.index(old)
        entries[place : place + 1] = [new] if new else []
        self.world.messages[queue] = tuple(entries)
