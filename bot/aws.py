"""The only maker of AWS clients: ``Aws``. What AWS refuses becomes an error of ours in ``aws_errors``.

Every client is cached, gives up early and retries little: see ``LIMITS``. Every S3 call carries the account that must
own the bucket (``ExpectedBucketOwner``), added here, so that no operation can forget it.
"""

from __future__ import annotations

import json
import math
import threading
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass, field
from datetime import datetime
from typing import TYPE_CHECKING, Any, Literal, overload

import botocore.session
from botocore.config import Config
from botocore.utils import parse_timestamp

from bot.aws_errors import aws_errors, translate
from bot.config import Settings
from bot.errors import AwsRefused

if TYPE_CHECKING:
    from mypy_boto3_bedrock_runtime import BedrockRuntimeClient
    from mypy_boto3_dynamodb import DynamoDBClient
    from mypy_boto3_logs import CloudWatchLogsClient
    from mypy_boto3_s3 import S3Client
    from mypy_boto3_secretsmanager import SecretsManagerClient
    from mypy_boto3_sqs import SQSClient
    from mypy_boto3_stepfunctions import SFNClient
    from mypy_boto3_sts import STSClient


@dataclass(frozen=True, slots=True)
class Limits:
    """How long one attempt may take, in seconds, and how many attempts a call gets in all."""

    connect: float = 2
    read: float = 5
    attempts: int = 2
    connections: int = 10
    """How many calls may go on at once before connections are made anew for each."""
    keeps: bool = True
    """Connections are used again. One that died while the function slept fails the next call, so only what tries
    again may keep them."""


LIMITS: Mapping[str, Limits] = {
    "s3": Limits(),
    "dynamodb": Limits(read=2, attempts=3),
    "sqs": Limits(connect=1, read=1.2),  # stands between a person and Slack's three seconds
    "secretsmanager": Limits(connect=1, read=2),
    "stepfunctions": Limits(),
    "logs": Limits(),
    "cloudwatch": Limits(),
    "sts": Limits(read=2),
    "bedrock-runtime": Limits(connect=1, read=2, attempts=1, keeps=False),  # a person waits: see SECONDS in model.py
}
SERVICES = tuple(LIMITS)
"""Every service that is called; the package build keeps the API data of these and drops the rest."""

PARTS_AT_ONCE = 16
"""Of one copy, see ``copies``."""

SECRET_REFRESH_SECONDS = 30
"""A failed signature reads the secret again, but a flood of forged requests must not become a flood of reads."""

__all__ = [
    "LIMITS",
    "PARTS_AT_ONCE",
    "SERVICES",
    "Aws",
    "Limits",
    "SlackSecret",
    "aws_errors",
    "time_limit",
    "translate",
]

_deadline: ContextVar[float] = ContextVar("deadline", default=math.inf)


@contextmanager
def time_limit(seconds: float) -> Iterator[None]:
    """No attempt of a call begins inside this block unless it can also end before ``seconds`` are over."""
    token = _deadline.set(time.monotonic() + seconds)
    try:
        yield
    finally:
        _deadline.reset(token)


@dataclass(frozen=True, slots=True)
class SlackSecret:
    """What the bot shares with Slack; never printed."""

    bot_token: str = field(repr=False)
    signing_secret: str = field(repr=False)


class Aws:
    """The account that is served: its clients, its buckets' regions, and the secret shared with Slack."""

    def __init__(
        self,
        settings: Settings,
        *,
        limits: Mapping[str, Limits] = LIMITS,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        self.settings = settings
        self._limits = limits
        self._clock = clock
        self._lock = threading.RLock()
        self._session = botocore.session.Session()
        self._session.get_component("response_parser_factory").set_parser_defaults(timestamp_parser=_moment)
        self._clients: dict[tuple[str, str], Any] = {}
        self._bucket_regions: dict[str, str] = {}
        self._account_id = settings.account_id
        self._secret: SlackSecret | None = None
        self._secret_read_at = -math.inf

    @property
    def region(self) -> str:
        """The region in which the bot lives."""
        region = self.settings.region or self._session.get_config_variable("region")
        if not region:
            raise RuntimeError("the environment variable AWS_REGION is not set")
        return str(region)

    @property
    def partition(self) -> str:
        """``aws``, or ``aws-cn``, ``aws-us-gov`` …: the second part of an ARN."""
        return str(self._session.get_partition_for_region(self.region))

    @property
    def s3_regions(self) -> Sequence[str]:
        """The regions of this partition, as the installed botocore knows them."""
        return self._session.get_available_regions("s3", self.partition)

    @property
    def account_id(self) -> str:
        """The account whose buckets are served: the setting, or the account of the credentials."""
        if not self._account_id:
            self._account_id = self.client("sts").get_caller_identity()["Account"]
        return self._account_id

    @overload
    def client(self, service: Literal["s3"], region: str | None = None) -> S3Client: ...
    @overload
    def client(self, service: Literal["dynamodb"], region: str | None = None) -> DynamoDBClient: ...
    @overload
    def client(self, service: Literal["sqs"], region: str | None = None) -> SQSClient: ...
    @overload
    def client(self, service: Literal["secretsmanager"], region: str | None = None) -> SecretsManagerClient: ...
    @overload
    def client(self, service: Literal["stepfunctions"], region: str | None = None) -> SFNClient: ...
    @overload
    def client(self, service: Literal["logs"], region: str | None = None) -> CloudWatchLogsClient: ...
    @overload
    def client(self, service: Literal["cloudwatch"], region: str | None = None) -> Any: ...
    @overload
    def client(self, service: Literal["sts"], region: str | None = None) -> STSClient: ...
    @overload
    def client(self, service: Literal["bedrock-runtime"], region: str | None = None) -> BedrockRuntimeClient: ...
    def client(self, service: str, region: str | None = None) -> Any:
        """The client of a service in ``SERVICES``, in the bot's own region unless another is named."""
        where = region or self.region
        with self._lock:  # a session may not make two clients at once
            if (service, where) not in self._clients:
                self._clients[service, where] = self._new_client(service, where, self._limits[service])
            return self._clients[service, where]

    def s3(self, bucket: str) -> S3Client:
        """A client in the region of a bucket that this account owns; NotFound or AwsRefused when there is none."""
        return self.client("s3", self.bucket_region(bucket))

    def s3_copier(self, bucket: str, seconds: float) -> S3Client:
        """A client for one copy into the bucket: it waits as long as the copy may take, and never repeats it."""
        region = self.bucket_region(bucket)
        with self._lock:
            limits = Limits(read=max(seconds, 1), attempts=1, connections=PARTS_AT_ONCE)
            copier: S3Client = self._new_client("s3", region, limits)
        return copier

    def bucket_region(self, bucket: str, *, fresh: bool = False) -> str:
        """The region of a bucket that this account owns, asked once; ``fresh`` asks again whether it is still there."""
        if fresh or bucket not in self._bucket_regions:
            self._bucket_regions.pop(bucket, None)
            with aws_errors({"bucket": bucket}):
                head = self.client("s3").head_bucket(Bucket=bucket)
            # S3 always names the region; an emulator may not, and then one region is all it has.
            self._bucket_regions[bucket] = head.get("BucketRegion") or self.region
        return self._bucket_regions[bucket]

    def slack_secret(self, refresh: bool = False) -> SlackSecret:
        """The secret shared with Slack, read once; ``refresh`` reads it again, but not more often than every 30 s."""
        stale = refresh and self._clock() - self._secret_read_at >= SECRET_REFRESH_SECONDS
        if self._secret is None or stale:
            arn = self.settings.need("secret_arn")
            self._secret = _slack_secret(self.client("secretsmanager").get_secret_value(SecretId=arn)["SecretString"])
            self._secret_read_at = self._clock()
        return self._secret

    def _new_client(self, service: str, region: str, limits: Limits) -> Any:
        config = Config(
            connect_timeout=limits.connect,
            read_timeout=limits.read,
            retries={"mode": "standard", "total_max_attempts": limits.attempts},
            max_pool_connections=limits.connections,
            user_agent_extra="s3agent",
        )
        client = self._session.create_client(service, region_name=region, config=config)
        client.meta.events.register("before-send", _in_time(limits))
        if not limits.keeps:
            client.meta.events.register("before-send", _for_once)
        if service == "s3":
            client.meta.events.register("provide-client-params.s3", self._name_the_owner)
        return client

    def _name_the_owner(self, params: dict[str, Any], model: Any, **_: Any) -> Any:
        """Names the account that must own the bucket, and that of a copy's source, wherever S3 takes it.

        A name that was freed and taken by somebody else, or a typing error that hits a foreign bucket, is refused by
        S3 itself. Done on the client because the managed copy of s3transfer does not pass on the source's owner.
        """
        takes = model.input_shape.members if model.input_shape else {}
        owners = {
            name: self.account_id for name in ("ExpectedBucketOwner", "ExpectedSourceBucketOwner") if name in takes
        }
        return {**owners, **params}


def _moment(value: Any) -> datetime:
    """As botocore reads moments, but in a hundredth of the time those that S3 lists: there is one for each file."""
    if isinstance(value, str) and value.endswith("Z"):
        try:
            return datetime.fromisoformat(value)
        except ValueError:
            pass
    return parse_timestamp(value)


def _in_time(limits: Limits) -> Callable[..., None]:
    def check(**_: Any) -> None:
        if time.monotonic() + limits.connect + limits.read > _deadline.get():
            raise AwsRefused(
                "AWS answers too slowly today: the time for this request is over, and I stopped before the next step.",
                code="OutOfTime",
                hint="Look at what was done, then ask again.",
            )

    return check


def _for_once(request: Any, **_: Any) -> None:
    request.headers["Connection"] = "close"


def _slack_secret(text: str) -> SlackSecret:
    try:
        data = json.loads(text)
        secret = SlackSecret(data["bot_token"], data["signing_secret"])
    except (ValueError, TypeError, KeyError):
        # The chained error would carry the secret's text into the log.
        raise RuntimeError("the secret must be JSON with bot_token and signing_secret") from None
    return secret
