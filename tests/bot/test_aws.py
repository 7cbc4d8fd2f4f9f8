"""Clients, time limits, the owner of a bucket, and the secret. Moto lies about owners, so S3 is a server of our own."""

from __future__ import annotations

import json
from collections.abc import Iterator
from datetime import UTC, datetime

import boto3
import pytest
from botocore.exceptions import ClientError
from moto import mock_aws

from bot.aws import LIMITS, SERVICES, Aws, Limits, aws_errors, time_limit
from bot.config import Settings
from bot.errors import AwsRefused, NotFound
from tests.s3_server import OWNER, SOURCE_OWNER, Answer, Asked, FakeS3, error, s3_server

SETTINGS = Settings(account_id="111122223333", region="us-east-1")
SHORT = {**LIMITS, "s3": Limits(connect=0.5, read=0.2, attempts=2)}


def answers_ok(asked: Asked) -> Answer:
    if "x-amz-copy-source" in asked.headers:
        return Answer(body="<CopyObjectResult><ETag>e</ETag></CopyObjectResult>")
    return Answer(headers={"x-amz-bucket-region": "us-east-1"})


@pytest.fixture
def s3(monkeypatch: pytest.MonkeyPatch) -> Iterator[FakeS3]:
    with s3_server(answers_ok, monkeypatch) as fake:
        yield fake


def test_every_s3_call_names_the_account_that_must_own_the_bucket(s3: FakeS3):
    client = Aws(SETTINGS).client("s3")

    client.head_bucket(Bucket="my-bucket")
    client.list_objects_v2(Bucket="my-bucket")
    client.delete_object(Bucket="my-bucket", Key="k")
    client.get_bucket_versioning(Bucket="my-bucket")

    assert [asked.headers.get(OWNER) for asked in s3.asked] == ["111122223333"] * 4


def test_a_copy_names_the_owner_of_its_source_as_well(s3: FakeS3):
    Aws(SETTINGS).client("s3").copy_object(Bucket="b", Key="k", CopySource={"Bucket": "a", "Key": "k"})

    assert (s3.asked[0].headers[OWNER], s3.asked[0].headers[SOURCE_OWNER]) == ("111122223333", "111122223333")


def test_what_has_no_bucket_names_no_owner(s3: FakeS3):
    Aws(SETTINGS).client("s3").list_buckets()

    assert OWNER not in s3.asked[0].headers


def test_moments_are_read_in_every_form_that_s3_writes(s3: FakeS3):
    file = "<Contents><LastModified>2026-11-22T10:00:00.500Z</LastModified></Contents>"
    listed = f"<ListBucketResult>{file}</ListBucketResult>"
    s3.story = lambda asked: Answer(body=listed, headers={"Last-Modified": "Sun, 22 Nov 2026 10:00:00 GMT"})
    client = Aws(SETTINGS).client("s3")

    (found,) = client.list_objects_v2(Bucket="b")["Contents"]
    assert found["LastModified"] == datetime(2026, 11, 22, 10, 0, 0, 500_000, UTC)
    assert client.head_object(Bucket="b", Key="k")["LastModified"] == datetime(2026, 11, 22, 10, tzinfo=UTC)


def test_a_bucket_that_is_not_there_is_not_found(s3: FakeS3):
    s3.story = lambda asked: Answer(404)

    with pytest.raises(NotFound) as raised:
        Aws(SETTINGS).s3("no-such-bucket")

    assert raised.value.sentence == "There is no bucket named no-such-bucket."


def test_a_bucket_of_another_account_is_refused_by_name(s3: FakeS3):
    s3.story = lambda asked: Answer(403 if asked.headers[OWNER] != "999988887777" else 200)

    with pytest.raises(AwsRefused) as raised:
        Aws(SETTINGS).s3("their-bucket")

    assert raised.value.sentence == (
        "The bucket their-bucket is there, but it belongs to another account or is closed to me."
    )


def test_a_bucket_elsewhere_gets_a_client_in_its_own_region(s3: FakeS3):
    def story(asked: Asked) -> Answer:
        home = {"x-amz-bucket-region": "eu-central-1"}
        return Answer(200 if asked.signed_for == "eu-central-1" else 301, headers=home)

    s3.story = story
    aws = Aws(SETTINGS)

    assert aws.s3("my-bucket").meta.region_name == "eu-central-1"
    assert aws.s3("my-bucket") is aws.client("s3", "eu-central-1")


def test_a_buckets_region_is_asked_once_and_again_when_it_must_be_sure(s3: FakeS3):
    aws = Aws(SETTINGS)
    aws.s3("my-bucket")
    aws.s3("my-bucket")
    assert len(s3.asked) == 1

    s3.story = lambda asked: Answer(404)
    with pytest.raises(NotFound):
        aws.bucket_region("my-bucket", fresh=True)

    with pytest.raises(NotFound):  # and what has gone is not remembered
        aws.s3("my-bucket")


def test_clients_are_made_once_a_service_and_region(s3: FakeS3):
    aws = Aws(SETTINGS)

    assert aws.client("s3") is aws.client("s3", "us-east-1")
    assert aws.client("s3") is not aws.client("s3", "eu-west-1")


@pytest.mark.parametrize("service", SERVICES)
def test_every_client_gives_up_long_before_a_function_does(service: str, s3: FakeS3):
    config = Aws(SETTINGS).client(service).meta.config  # type: ignore[call-overload]

    assert config.connect_timeout <= 2
    assert config.read_timeout <= 8
    assert config.retries["total_max_attempts"] <= 3


def test_a_person_waits_for_the_model_two_seconds_and_one_call():
    config = Aws(SETTINGS).client("bedrock-runtime").meta.config

    assert (config.connect_timeout, config.read_timeout, config.retries["total_max_attempts"]) == (1, 2, 1)


def test_what_is_called_once_is_not_called_over_a_connection_that_may_have_died(s3: FakeS3):
    once = {**LIMITS, "s3": Limits(attempts=1, keeps=False)}

    for limits in (once, LIMITS):
        Aws(SETTINGS, limits=limits).client("s3").head_bucket(Bucket="my-bucket")

    assert [asked.headers.get("connection") for asked in s3.asked] == ["close", None]
    assert not [service for service, limits in LIMITS.items() if limits.attempts == 1 and limits.keeps]


def test_a_silent_s3_is_given_up_and_said_so(s3: FakeS3):
    s3.story = lambda asked: Answer(seconds=1)

    with pytest.raises(AwsRefused) as raised, aws_errors({"bucket": "my-bucket"}):
        Aws(SETTINGS, limits=SHORT).client("s3").list_objects_v2(Bucket="my-bucket")

    assert raised.value.sentence == "AWS did not answer in time."
    assert len(s3.asked) == 2


def test_a_hiccup_of_s3_is_tried_again_once(s3: FakeS3):
    s3.story = lambda asked: error(503, "SlowDown") if len(s3.asked) == 1 else answers_ok(asked)

    Aws(SETTINGS).client("s3").head_bucket(Bucket="my-bucket")

    assert len(s3.asked) == 2


def test_no_call_begins_that_could_outlive_its_caller(s3: FakeS3):
    client = Aws(SETTINGS).client("s3")  # takes 7 seconds at the most

    with time_limit(6.5), pytest.raises(AwsRefused) as raised:
        client.head_bucket(Bucket="my-bucket")
    assert (raised.value.code, s3.asked) == ("OutOfTime", [])

    with time_limit(60):
        client.head_bucket(Bucket="my-bucket")
    assert len(s3.asked) == 1


def test_an_unanswered_call_is_not_tried_again_when_the_time_is_over(s3: FakeS3):
    s3.story = lambda asked: Answer(seconds=1)

    client = Aws(SETTINGS, limits={**LIMITS, "s3": Limits(connect=0.5, read=0.4)}).client("s3")

    with time_limit(1.2), pytest.raises(AwsRefused, match="too slowly"):
        client.head_bucket(Bucket="my-bucket")

    assert len(s3.asked) == 1


def test_the_account_is_the_one_of_the_credentials_unless_the_settings_say(monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setenv("AWS_ACCESS_KEY_ID", "testing")
    monkeypatch.setenv("AWS_SECRET_ACCESS_KEY", "testing")
    with mock_aws():
        assert Aws(Settings(region="us-east-1")).account_id == "123456789012"
    assert Aws(SETTINGS).account_id == "111122223333"


def test_the_partition_follows_the_region():
    assert Aws(Settings(region="eu-west-1")).partition == "aws"
    assert Aws(Settings(region="cn-north-1")).partition == "aws-cn"


def test_the_regions_for_buckets_are_those_of_the_partition():
    regions = Aws(SETTINGS).s3_regions

    assert "eu-central-1" in regions
    assert "cn-north-1" not in regions


class Clock:
    def __init__(self) -> None:
        self.now = 1000.0

    def __call__(self) -> float:
        return self.now


@pytest.fixture
def secret(monkeypatch: pytest.MonkeyPatch) -> Iterator[str]:
    monkeypatch.setenv("AWS_ACCESS_KEY_ID", "testing")
    monkeypatch.setenv("AWS_SECRET_ACCESS_KEY", "testing")
    with mock_aws():
        yield boto3.client("secretsmanager", "us-east-1").create_secret(
            Name="slack", SecretString='{"bot_token": "xoxb-1", "signing_secret": "s1"}'
        )["ARN"]


def rotate(secret: str, text: str) -> None:
    boto3.client("secretsmanager", "us-east-1").put_secret_value(SecretId=secret, SecretString=text)


def test_the_secret_is_read_once_and_again_when_asked(secret: str):
    clock = Clock()
    aws = Aws(Settings(region="us-east-1", secret_arn=secret), clock=clock)
    assert aws.slack_secret().signing_secret == "s1"

    rotate(secret, json.dumps({"bot_token": "xoxb-2", "signing_secret": "s2"}))
    clock.now += 60

    assert aws.slack_secret().signing_secret == "s1"
    assert aws.slack_secret(refresh=True).signing_secret == "s2"
    assert aws.slack_secret().bot_token == "xoxb-2"


def test_a_flood_of_forged_requests_is_not_a_flood_of_reads(secret: str):
    clock = Clock()
    aws = Aws(Settings(region="us-east-1", secret_arn=secret), clock=clock)
    aws.slack_secret()
    rotate(secret, json.dumps({"bot_token": "xoxb-2", "signing_secret": "s2"}))

    clock.now += 29
    assert aws.slack_secret(refresh=True).signing_secret == "s1"
    clock.now += 1
    assert aws.slack_secret(refresh=True).signing_secret == "s2"


@pytest.mark.parametrize("text", ["not json: xoxb-9", '{"bot_token": "xoxb-9"}', '["xoxb-9"]'])
def test_a_broken_secret_is_named_but_never_shown(secret: str, text: str):
    rotate(secret, text)

    with pytest.raises(RuntimeError) as raised:
        Aws(Settings(region="us-east-1", secret_arn=secret)).slack_secret()

    assert str(raised.value) == "the secret must be JSON with bot_token and signing_secret"
    assert raised.value.__suppress_context__


def test_the_secret_does_not_print_itself(secret: str):
    assert repr(Aws(Settings(region="us-east-1", secret_arn=secret)).slack_secret()) == "SlackSecret()"


def test_a_missing_secret_is_a_fault_of_the_deployment():
    with pytest.raises(RuntimeError, match="SECRET_ARN is not set"):
        Aws(SETTINGS).slack_secret()


def test_errors_of_aws_pass_unless_they_are_translated(s3: FakeS3):
    s3.story = lambda asked: error(404, "NoSuchBucket", more="<BucketName>my-bucket</BucketName>")

    with pytest.raises(ClientError):
        Aws(SETTINGS).client("s3").list_objects_v2(Bucket="my-bucket")
