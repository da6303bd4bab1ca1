"""The stage that the tests of pure modules run in."""

from chalicelib.settings import Settings

ENVIRONMENT = {
    "INBOX_BUCKET": "retake-inbox",
    "OUTBOX_BUCKET": "retake-outbox",
    "QUEUE_NAME": "retake-work",
    "DEAD_LETTER_QUEUE_NAME": "retake-dead-letters",
    "AWS_REGION": "us-east-1",
}


def stage(**changes: str) -> Settings:
    """Settings with some environment variables set otherwise."""
    return Settings.from_environment({**ENVIRONMENT, **changes})
