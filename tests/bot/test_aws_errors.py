"""What AWS refuses, as our users read it."""

from __future__ import annotations

import pytest
from botocore.exceptions import (
    ClientError,
    ConnectTimeoutError,
    EndpointConnectionError,
    NoCredentialsError,
    ParamValidationError,
    ReadTimeoutError,
)

from bot.aws_errors import aws_errors, translate
from bot.errors import AlreadyExists, AwsRefused, BadValue, BotError, NotFound, TooLarge, WorkflowUnavailable

FILE = {"bucket": "my-bucket", "key": "report.csv"}


def refused(code: str, operation: str = "GetObject", message: str = "", **details: str) -> ClientError:
    response = {
        "Error": {"Code": code, "Message": message, **details},
        "ResponseMetadata": {"RequestId": "R3QU3ST", "HTTPStatusCode": 400},
    }
    return ClientError(response, operation)  # type: ignore[arg-type]


SENTENCES: list[tuple[ClientError, dict[str, str], type[BotError], str]] = [
    (refused("NoSuchBucket"), FILE, NotFound, "There is no bucket named my-bucket."),
    (
        refused("NoSuchBucket", "CopyObject", BucketName="their-bucket"),
        {"key": "k", "source_bucket": "my-bucket", "destination_bucket": "their-bucket"},
        NotFound,
        "There is no bucket named their-bucket.",
    ),
    (
        refused("NoSuchBucket", "CopyObject"),
        {"key": "k", "source_bucket": "one-bucket", "destination_bucket": "other-bucket"},
        NotFound,
        "There is no bucket named one-bucket or other-bucket.",
    ),
    (refused("NoSuchKey"), FILE, NotFound, "There is no file named report.csv in my-bucket."),
    (refused("404", "HeadObject"), FILE, NotFound, "There is no file named report.csv in my-bucket."),
    (refused("404", "HeadBucket"), FILE, NotFound, "There is no bucket named my-bucket."),
    (refused("405", "HeadObject"), FILE, NotFound, "There is no file named report.csv in my-bucket."),
    (
        refused("403", "HeadBucket", "Forbidden"),
        FILE,
        AwsRefused,
        "The bucket my-bucket is there, but it belongs to another account or is closed to me.",
    ),
    (refused("403", "HeadObject", "Forbidden"), FILE, AwsRefused, "AWS does not let me do that in my-bucket."),
    (
        refused("301", "HeadBucket"),
        FILE,
        AwsRefused,
        "The bucket my-bucket is in another region than I thought.",
    ),
    (
        refused("BucketAlreadyExists", "CreateBucket"),
        FILE,
        AlreadyExists,
        "The name my-bucket is taken by somebody else: bucket names are shared by all of AWS.",
    ),
    (
        refused("BucketAlreadyOwnedByYou", "CreateBucket"),
        FILE,
        AlreadyExists,
        "The bucket my-bucket is there already, and it is yours.",
    ),
    (refused("InvalidBucketName"), FILE, BadValue, "my-bucket is not a name that AWS takes for a bucket."),
    (
        refused("InvalidLocationConstraint"),
        {"bucket": "my-bucket", "region": "eu-west-9"},
        BadValue,
        "AWS does not make buckets in eu-west-9, or not for this account.",
    ),
    (
        refused("InvalidObjectState"),
        FILE,
        AwsRefused,
        "report.csv in my-bucket is archived; it must be restored before it can be read or copied.",
    ),
    (
        refused("ObjectNotInActiveTierError"),
        FILE,
        AwsRefused,
        "report.csv in my-bucket is archived; it must be restored before it can be read or copied.",
    ),
    (refused("KeyTooLongError"), FILE, BadValue, "A file's name may have at most 1,024 bytes."),
    (refused("EntityTooLarge"), FILE, TooLarge, "report.csv is larger than AWS allows."),
    (refused("PreconditionFailed"), FILE, AwsRefused, "report.csv changed while I was working on it."),
    (refused("SlowDown"), FILE, AwsRefused, "AWS is being asked too much at once."),
    (refused("ThrottlingException"), {}, AwsRefused, "AWS is being asked too much at once."),
    (refused("ProvisionedThroughputExceededException"), {}, AwsRefused, "AWS is being asked too much at once."),
    (refused("503", "HeadObject"), FILE, AwsRefused, "AWS has a problem of its own."),
    (refused("InternalError"), FILE, AwsRefused, "AWS has a problem of its own."),
    (refused("ExpiredToken"), FILE, AwsRefused, "AWS does not accept my credentials."),
    (
        refused("ResourceNotFoundException", "StartQuery"),
        {"log_group": "/aws/lambda/f"},
        NotFound,
        "There is no log group named /aws/lambda/f.",
    ),
    (
        refused("StateMachineDoesNotExist", "StartExecution"),
        {"workflow": "log_analysis"},
        WorkflowUnavailable,
        "This workflow is not set up in this deployment.",
    ),
    (
        refused("MadeUpError", "GetObject", "Something new."),
        FILE,
        AwsRefused,
        "AWS answered MadeUpError: Something new. (AWS request R3QU3ST)",
    ),
]


@pytest.mark.parametrize(
    ("error", "parameters", "kind", "sentence"), SENTENCES, ids=lambda v: str(v) if isinstance(v, ClientError) else ""
)
def test_each_refusal_has_its_sentence(error: ClientError, parameters: dict[str, str], kind: type, sentence: str):
    told = translate(error, parameters)

    assert (type(told), told.sentence) == (kind, sentence)


ROLE = "arn:aws:sts::111122223333:assumed-role/prod-s3agent-WorkerFunctionRole-X/f"
DENIED = (
    f"User: {ROLE} is not authorized to perform: s3:ListBucket on resource:"
    ' "arn:aws:s3:::payroll" because no identity-based policy allows the s3:ListBucket action'
)
FORBIDDEN = (
    f"User: {ROLE} is not authorized to perform: s3:GetObject on resource:"
    ' "arn:aws:s3:::payroll/x" with an explicit deny in a resource-based policy'
)


def test_a_missing_permission_is_named():
    told = translate(refused("AccessDenied", "ListObjectsV2", DENIED), {"bucket": "payroll"})

    assert told.sentence == "AWS does not let me do that in payroll. I lack the permission s3:ListBucket."


def test_an_explicit_deny_is_told_apart_from_a_missing_permission():
    told = translate(refused("AccessDenied", "GetObject", FORBIDDEN), {"bucket": "payroll", "key": "x"})

    assert told.sentence == "AWS does not let me do that in payroll. A policy forbids s3:GetObject expressly."


@pytest.mark.parametrize(
    "code", ["AccessDenied", "AccessDeniedException", "NeverSeenBefore", "ResourceNotFoundException"]
)
def test_no_account_and_no_role_is_ever_repeated(code: str):
    told = translate(refused(code, "ListObjectsV2", DENIED + " in account 111122223333"), {})

    assert "111122223333" not in told.sentence + told.hint
    assert "WorkerFunctionRole" not in told.sentence + told.hint


def test_a_refusal_keeps_its_code_and_request_for_the_log():
    told = translate(refused("SlowDown"), FILE)

    assert isinstance(told, AwsRefused)
    assert (told.code, told.request_id) == ("SlowDown", "R3QU3ST")


def test_a_key_is_told_so_that_it_can_be_seen():
    told = translate(refused("NoSuchKey"), {"bucket": "my-bucket", "key": "a\nb\u202ecsv"})

    assert told.sentence == r"There is no file named a\nb\u202ecsv in my-bucket."


@pytest.mark.parametrize(
    "error",
    [
        ReadTimeoutError(endpoint_url="https://s3"),
        ConnectTimeoutError(endpoint_url="https://s3"),
        EndpointConnectionError(endpoint_url="https://s3"),
    ],
    ids=lambda error: type(error).__name__,
)
def test_silence_is_told_without_an_address(error: Exception):
    told = translate(error, FILE)

    assert (told.sentence, told.hint) == ("AWS did not answer in time.", "Try again in a minute.")


def test_missing_credentials_are_told_by_their_kind():
    assert translate(NoCredentialsError(), {}).sentence == "I cannot call AWS (NoCredentialsError)."


def test_an_error_of_aws_becomes_ours_where_it_is_asked_for():
    with pytest.raises(NotFound) as raised, aws_errors(FILE):
        raise refused("NoSuchKey")

    assert isinstance(raised.value.__cause__, ClientError)


def test_a_call_that_we_built_wrongly_stays_a_fault_of_ours():
    with pytest.raises(ParamValidationError), aws_errors(FILE):
        raise ParamValidationError(report="Bucket is missing")


def test_our_own_errors_pass_untouched():
    ours = NotFound("There is no such thing.")

    with pytest.raises(NotFound) as raised, aws_errors(FILE):
        raise ours

    assert raised.value is ours
