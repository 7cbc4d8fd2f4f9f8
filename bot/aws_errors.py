"""The border where AWS's errors become ours: by their code, once.

No operation catches an error of AWS. What is new goes into the table at the end of this file.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

from botocore.exceptions import (
    BotoCoreError,
    ClientError,
    ConnectionError,  # noqa: A004 - botocore's own name for "no answer from the endpoint"
    HTTPClientError,
    ParamValidationError,
)

from bot.display import shown
from bot.errors import AlreadyExists, AwsRefused, BadValue, BotError, NotFound, TooLarge, WorkflowUnavailable


@contextmanager
def aws_errors(parameters: Mapping[str, Any]) -> Iterator[None]:
    """What AWS refuses inside this block is raised as one of our errors; ``parameters`` name what it was about."""
    try:
        yield
    except ParamValidationError:
        raise  # a call that we built wrongly is a fault of ours, not an answer of AWS
    except (ClientError, BotoCoreError) as error:
        raise translate(error, parameters) from error


def translate(error: Exception, parameters: Mapping[str, Any]) -> BotError:
    """Our error for AWS's, chosen by its code. No account, role or policy that AWS's text names is repeated."""
    if isinstance(error, (HTTPClientError, ConnectionError)):
        return AwsRefused("AWS did not answer in time.", code=type(error).__name__, hint="Try again in a minute.")
    if not isinstance(error, ClientError):
        return AwsRefused(f"I cannot call AWS ({type(error).__name__}).", code=type(error).__name__, hint=_ASK_OWNER)
    details: Mapping[str, Any] = error.response.get("Error", {})
    code = str(details.get("Code", ""))
    known = _CODES.get(code)
    if known:
        names = _names(parameters, details)
        return known(names, _Refusal(code, str(details.get("Message", "")), _request_id(error), error.operation_name))
    return _unknown(_Refusal(code, str(details.get("Message", "")), _request_id(error), error.operation_name))


@dataclass(frozen=True, slots=True)
class _Refusal:
    """What AWS said."""

    code: str
    message: str
    request_id: str
    operation: str

    def error(self, sentence: str, hint: str = "") -> AwsRefused:
        return AwsRefused(sentence, code=self.code, hint=hint, request_id=self.request_id)


_Names = Mapping[str, str]
_Translation = Callable[[_Names, _Refusal], BotError]

_UNNAMED = "that name"
_ASK_OWNER = "Please tell whoever runs me."
_AGAIN = "Try again in a minute."


def _names(parameters: Mapping[str, Any], details: Mapping[str, Any]) -> _Names:
    """What the error is about: AWS's own words for it first, then the parameters."""
    given = {name: str(value) for name, value in parameters.items() if value not in (None, "")}
    buckets = [given[name] for name in ("bucket", "source_bucket", "destination_bucket") if name in given]
    return {
        **given,
        "bucket": str(details.get("BucketName") or " or ".join(buckets) or _UNNAMED),
        "key": shown(str(details.get("Key") or given.get("key", _UNNAMED))),
    }


def _request_id(error: ClientError) -> str:
    return str(error.response.get("ResponseMetadata", {}).get("RequestId", ""))


def _unknown(refusal: _Refusal) -> BotError:
    said = f": {_scrubbed(refusal.message)}" if refusal.message else "."
    reference = f" (AWS request {refusal.request_id})" if refusal.request_id else ""
    return refusal.error(f"AWS answered {refusal.code or 'with an error'}{said}{reference}")


def _scrubbed(message: str) -> str:
    """AWS's own words without the names of accounts, roles and policies, which are nobody's business in a channel."""
    return re.sub(r"\b\d{12}\b", "…", re.sub(r"arn:[\w:/.@+=,*-]+", "…", message))[:300]


def _denied(names: _Names, refusal: _Refusal) -> BotError:
    action = re.search(r"perform:? ([a-z0-9-]+:[A-Za-z]+)", refusal.message)
    explicitly = "explicit deny" in refusal.message
    if refusal.operation == "HeadBucket":
        return refusal.error(
            f"The bucket {names['bucket']} is there, but it belongs to another account or is closed to me."
        )
    where = f" in {names['bucket']}" if names["bucket"] != _UNNAMED else ""
    permission = f" I lack the permission {action[1]}." if action and not explicitly else ""
    forbidden = f" A policy forbids {action[1] if action else 'it'} expressly." if explicitly else ""
    return refusal.error(f"AWS does not let me do that{where}.{permission}{forbidden}", hint=_ASK_OWNER)


def _no_bucket(names: _Names, _: _Refusal) -> BotError:
    return NotFound(f"There is no bucket named {names['bucket']}.", hint="“list buckets” shows those there are.")


def _no_key(names: _Names, _: _Refusal) -> BotError:
    return NotFound(f"There is no file named {names['key']} in {names['bucket']}.")


def _not_there(names: _Names, refusal: _Refusal) -> BotError:
    """A HEAD request is answered with a bare 404: what was asked for says what is missing."""
    if refusal.operation == "HeadBucket":
        return _no_bucket(names, refusal)
    return _no_key(names, refusal)


def _no_resource(names: _Names, refusal: _Refusal) -> BotError:
    if "log_group" in names:
        return NotFound(f"There is no log group named {names['log_group']}.")
    return _unknown(refusal)  # a table or a secret of ours: the deployment is at fault, so AWS's own words help


def _fixed(kind: Callable[[str], BotError], sentence: str) -> _Translation:
    def translation(names: _Names, _: _Refusal) -> BotError:
        return kind(sentence.format_map({"region": "that region", **names}))

    return translation


def _refused(sentence: str, hint: str = "") -> _Translation:
    def translation(names: _Names, refusal: _Refusal) -> BotError:
        return refusal.error(sentence.format_map(names), hint)

    return translation


_busy = _refused("AWS is being asked too much at once.", _AGAIN)
_broken = _refused("AWS has a problem of its own.", _AGAIN)
_credentials = _refused("AWS does not accept my credentials.", _ASK_OWNER)
_archived = _refused("{key} in {bucket} is archived; it must be restored before it can be read or copied.")
_elsewhere = _refused("The bucket {bucket} is in another region than I thought.", _AGAIN)
_encryption = _refused("The encryption key of {bucket} is not usable for me.", _ASK_OWNER)

_CODES: Mapping[str, _Translation] = {
    "NoSuchBucket": _no_bucket,
    "NoSuchKey": _no_key,
    "404": _not_there,
    "NotFound": _not_there,
    "403": _denied,
    "Forbidden": _denied,
    "AccessDenied": _denied,
    "AccessDeniedException": _denied,
    "AllAccessDisabled": _denied,
    "UnauthorizedOperation": _denied,
    "301": _elsewhere,
    "PermanentRedirect": _elsewhere,
    "TemporaryRedirect": _elsewhere,
    "AuthorizationHeaderMalformed": _elsewhere,
    "IllegalLocationConstraintException": _elsewhere,
    "BucketAlreadyExists": _fixed(
        AlreadyExists, "The name {bucket} is taken by somebody else: bucket names are shared by all of AWS."
    ),
    "BucketAlreadyOwnedByYou": _fixed(AlreadyExists, "The bucket {bucket} is there already, and it is yours."),
    "InvalidBucketName": _fixed(BadValue, "{bucket} is not a name that AWS takes for a bucket."),
    "InvalidLocationConstraint": _fixed(BadValue, "AWS does not make buckets in {region}, or not for this account."),
    "TooManyBuckets": _refused("This account has as many buckets as AWS lets it have."),
    "OperationAborted": _refused("Something else is being done to {bucket} at this moment.", _AGAIN),
    "ConditionalRequestConflict": _refused("Something else is being done to {key} at this moment.", _AGAIN),
    "PreconditionFailed": _refused("{key} changed while I was working on it.", "Ask again."),
    "412": _refused("{key} changed while I was working on it.", "Ask again."),
    "InvalidObjectState": _archived,
    "ObjectNotInActiveTierError": _archived,
    "MethodNotAllowed": _refused("{key} in {bucket} is not in a state that allows that."),
    "405": _no_key,  # the newest version is a delete marker
    "KeyTooLongError": _fixed(BadValue, "A file's name may have at most 1,024 bytes."),
    "EntityTooLarge": _fixed(TooLarge, "{key} is larger than AWS allows."),
    "KMS.DisabledException": _encryption,
    "KMS.NotFoundException": _encryption,
    "KMS.KMSInvalidStateException": _encryption,
    "ResourceNotFoundException": _no_resource,
    "StateMachineDoesNotExist": _fixed(WorkflowUnavailable, "This workflow is not set up in this deployment."),
    "StateMachineDeleting": _fixed(WorkflowUnavailable, "This workflow is just being taken down."),
    "ExpiredToken": _credentials,
    "ExpiredTokenException": _credentials,
    "InvalidAccessKeyId": _credentials,
    "InvalidClientTokenId": _credentials,
    "UnrecognizedClientException": _credentials,
    "SignatureDoesNotMatch": _credentials,
    "RequestTimeTooSkewed": _credentials,
    **dict.fromkeys(
        (
            "SlowDown",
            "Throttling",
            "ThrottlingException",
            "ThrottledException",
            "RequestThrottled",
            "RequestLimitExceeded",
            "LimitExceededException",
            "TooManyRequestsException",
            "ProvisionedThroughputExceededException",
            "ExecutionLimitExceeded",
            "429",
        ),
        _busy,
    ),
    **dict.fromkeys(
        (
            "InternalError",
            "InternalServerError",
            "InternalFailure",
            "ServiceUnavailable",
            "RequestTimeout",
            "500",
            "503",
        ),
        _broken,
    ),
}
