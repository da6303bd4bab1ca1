"""What stands in the way is one plain sentence and the next thing to do, whoever said it and however."""

import pytest
from botocore.exceptions import (
    ClientError,
    EndpointConnectionError,
    NoCredentialsError,
    NoRegionError,
    PartialCredentialsError,
    ProfileNotFound,
    SSOTokenLoadError,
)
from chalice.deploy.deployer import ChaliceDeploymentError

from chalicelib.deploy.errors import CannotDeploy
from chalicelib.deploy.explain import explain
from chalicelib.deploy.runtime import runtime_for, wheel_platforms


def answered(code: str, words: str = "because.", operation: str = "CreateStack") -> ClientError:
    return ClientError({"Error": {"Code": code, "Message": words}}, operation)


REFUSED = "User: arn:aws:iam::123456789012:user/me is not authorized to perform: cloudformation:CreateChangeSet"


@pytest.mark.parametrize(
    ("error", "says", "then"),
    [
        (NoCredentialsError(), "There are no AWS credentials.", "aws configure"),
        (PartialCredentialsError(provider="env", cred_var="x"), "There are no AWS credentials.", "aws configure"),
        (SSOTokenLoadError(error_msg="x"), "The AWS sign-in has ended.", "aws sso login"),
        (NoRegionError(), "No AWS region is set.", "AWS_DEFAULT_REGION"),
        (ProfileNotFound(profile="me"), "The config profile (me) could not be found.", "AWS_PROFILE"),
        (EndpointConnectionError(endpoint_url="https://x"), "AWS cannot be reached", "Check the network"),
        (answered("ExpiredToken"), "The AWS credentials have expired.", "aws sso login"),
        (answered("InvalidClientTokenId"), "AWS does not know these credentials.", "aws configure list"),
        (
            answered("AccessDenied", REFUSED, "CreateChangeSet"),
            f"These credentials may not do CreateChangeSet: {REFUSED}.",
            "Have that action allowed",
        ),
        (answered("LimitExceeded"), "AWS answered CreateStack with LimitExceeded: because.", "Remove the cause"),
        (
            ChaliceDeploymentError(answered("AccessDenied", REFUSED, "CreateRole")),
            f"These credentials may not do CreateRole: {REFUSED}.",
            "Have that action allowed",
        ),
        (ChaliceDeploymentError(ValueError("no such thing")), "Chalice stopped: no such thing", "Remove the cause"),
    ],
)
def test_an_error_becomes_a_sentence_and_the_next_thing_to_do(error: Exception, says: str, then: str):
    explained = explain(error)
    assert explained.says.startswith(says)
    assert then in explained.then


@pytest.mark.parametrize(("version", "name"), [((3, 11), "python3.11"), ((3, 14), "python3.14")])
def test_the_runtime_is_this_pythons(version: tuple[int, int], name: str):
    assert runtime_for(version) == name


@pytest.mark.parametrize("version", [(3, 10), (3, 15), (2, 7)])
def test_a_python_that_lambda_does_not_run_is_refused_before_anything_is_done(version: tuple[int, int]):
    with pytest.raises(CannotDeploy) as refused:
        runtime_for(version)
    assert refused.value.says == (
        f"This is Python {version[0]}.{version[1]}; a deployment runs on the Python it is made with: 3.11 to 3.14."
    )
    assert "-m venv .venv" in refused.value.then


@pytest.mark.parametrize(
    ("runtime", "architecture", "newest", "oldest"),
    [
        ("python3.11", "x86_64", "manylinux_2_26_x86_64", "manylinux2014_x86_64"),
        ("python3.12", "x86_64", "manylinux_2_34_x86_64", "manylinux2014_x86_64"),
        ("python3.13", "arm64", "manylinux_2_34_aarch64", "manylinux2014_aarch64"),
    ],
)
def test_wheels_are_those_the_runtimes_c_library_can_load(runtime: str, architecture: str, newest: str, oldest: str):
    platforms = wheel_platforms(runtime, architecture)
    assert (platforms[0], platforms[-1]) == (newest, oldest)
