"""What the bot does with Amazon S3: one function an intent.

AWS's errors pass through untouched; ``execute`` has them translated. Every call names the account that must own the
bucket (see ``aws``).
"""

from __future__ import annotations

import difflib
from collections.abc import Mapping
from dataclasses import replace
from typing import TYPE_CHECKING, Any

from bot import replies_s3
from bot.aws import aws_errors
from bot.display import shown
from bot.errors import AlreadyExists, AwsRefused, BadValue, BotError, NotFound
from bot.models import Block, Reply
from bot.operations import Call, operation
from bot.replies_s3 import STANDARD, Bucket, File, Protection

if TYPE_CHECKING:
    from mypy_boto3_s3 import S3Client
    from mypy_boto3_s3.type_defs import HeadObjectOutputTypeDef

PAGE = 50
ARCHIVES = ("GLACIER", "DEEP_ARCHIVE")


@operation("s3:ListAllMyBuckets")
def list_buckets(call: Call) -> Reply:
    """The account's buckets, fifty at a time."""
    token, done = _page(call, "token", ""), _page(call, "done", 0)
    # Only a request with MaxBuckets is answered with regions, and in pages.
    onward = {"ContinuationToken": token} if token else {}
    found = call.aws.client("s3").list_buckets(MaxBuckets=PAGE, **onward)
    buckets = [Bucket(b["Name"], b.get("BucketRegion", ""), b["CreationDate"]) for b in found.get("Buckets", [])]
    token = found.get("ContinuationToken", "")
    reply = replies_s3.buckets(buckets, done + 1, bool(token))
    return _with_page(reply, {"token": token, "done": done + len(buckets)} if token else None)


@operation("s3:ListBucket")
def list_files(call: Call, bucket: str, prefix: str = "") -> Reply:
    """A bucket's files in the order of their keys, at most fifty at a time; never more is read than is shown."""
    after, done = _page(call, "after", ""), _page(call, "done", 0)
    # The last key that was shown says where to go on, also when a page had no room for all that S3 sent.
    found = call.aws.s3(bucket).list_objects_v2(Bucket=bucket, Prefix=prefix, StartAfter=after, MaxKeys=PAGE)
    listed = [
        File(item["Key"], item["Size"], item["LastModified"], item.get("StorageClass", STANDARD))
        for item in found.get("Contents", [])
    ]
    files = replies_s3.files_that_fit(listed)
    more = bool(found["IsTruncated"]) or len(files) < len(listed)
    reply = replies_s3.files(bucket, prefix, files, done + 1, more)
    return _with_page(reply, {"after": files[-1].key, "done": done + len(files)} if more and files else None)


@operation("s3:CreateBucket", "s3:ListBucket", "s3:GetBucketPublicAccessBlock", "s3:GetEncryptionConfiguration")
def create_bucket(call: Call, bucket: str, region: str = "") -> Reply:
    """A new bucket with AWS's defaults: private and encrypted."""
    where = region or call.aws.region
    _check_region(call, where)
    _check_name_is_free(call, bucket)
    s3 = call.aws.client("s3", where)
    if where == "us-east-1":  # the one region that must not be named
        s3.create_bucket(Bucket=bucket)
    else:
        s3.create_bucket(Bucket=bucket, CreateBucketConfiguration={"LocationConstraint": where})  # type: ignore[typeddict-item]
    return replies_s3.created(bucket, where, _protection(s3, bucket))


def copy_preview(
    call: Call, key: str, source_bucket: str, destination_bucket: str, destination_key: str = ""
) -> list[Block]:
    """What a copy would take the place of; nothing when the name is free."""
    source = _source(call, key, source_bucket, destination_bucket, destination_key)
    replaced = _existing(call, destination_bucket, destination_key or source.key)
    return replies_s3.copy_preview(replaced) if replaced else []


@operation(
    "s3:ListBucket",
    "s3:GetObject",
    "s3:PutObject",
    "s3:GetObjectTagging",
    "s3:PutObjectTagging",
    "s3:AbortMultipartUpload",
    preview=copy_preview,
)
def copy_file(call: Call, key: str, source_bucket: str, destination_bucket: str, destination_key: str = "") -> Reply:
    """A copy of one file in another bucket, or under another name."""
    from bot import copies  # noqa: PLC0415 - 40 ms of import that only a copy needs

    file = _source(call, key, source_bucket, destination_bucket, destination_key)
    target = destination_key or key
    replaced = _existing(call, destination_bucket, target)
    copies.copy(
        call.aws,
        copies.Place(source_bucket, key),
        copies.Place(destination_bucket, target),
        size=file.size,
        etag=file.etag,
        seconds=call.seconds_left(),
    )
    return replies_s3.copied(file, source_bucket, destination_bucket, target, replaced)


def delete_preview(call: Call, key: str, bucket: str) -> list[Block]:
    """What would be deleted, and whether it could be brought back; NotFound when there is nothing to delete."""
    file = _file(call, bucket, key, "delete {key} from")
    versioning = call.aws.s3(bucket).get_bucket_versioning(Bucket=bucket).get("Status", "")
    return replies_s3.delete_preview(file, versioning)


@operation("s3:ListBucket", "s3:GetObject", "s3:DeleteObject", "s3:GetBucketVersioning", preview=delete_preview)
def delete_file(call: Call, key: str, bucket: str) -> Reply:
    """One file deleted: for good, or behind a delete marker where the bucket keeps versions."""
    file = _file(call, bucket, key, "delete {key} from")  # S3 says that it deleted what was never there
    gone = call.aws.s3(bucket).delete_object(Bucket=bucket, Key=key)
    return replies_s3.deleted(bucket, file, gone.get("VersionId", "") if gone.get("DeleteMarker") else "")


# --- pages ------------------------------------------------------------------------------------------------------------


def _page(call: Call, name: str, first: Any) -> Any:
    return (call.page or {}).get(name, first)


def _with_page(reply: Reply, page: Mapping[str, Any] | None) -> Reply:
    return replace(reply, next_page=page)


# --- buckets ----------------------------------------------------------------------------------------------------------


def _check_region(call: Call, region: str) -> None:
    if region not in call.aws.s3_regions:
        near = difflib.get_close_matches(region, call.aws.s3_regions, n=1)
        raise BadValue(f"{region} is not an AWS region that I know.", hint=f"Did you mean {near[0]}?" if near else "")


def _check_name_is_free(call: Call, bucket: str) -> None:
    """Asked first because in us-east-1 S3 answers “created” for a bucket that was there all along."""
    try:
        region = call.aws.bucket_region(bucket, fresh=True)
    except NotFound:
        return
    except AwsRefused as error:
        if error.code not in ("403", "AccessDenied", "Forbidden"):
            raise
        raise AlreadyExists(
            f"The name {bucket} is taken, by another account or by a bucket that is closed to me.",
            hint="Bucket names are shared by all of AWS: choose another.",
        ) from error
    raise AlreadyExists(f"The bucket {bucket} is there already, in {region}, and it is yours. Nothing was changed.")


def _protection(s3: S3Client, bucket: str) -> Protection:
    """What protects a bucket, as read from it; what may not be read is not claimed."""
    return Protection(_public_access_blocked(s3, bucket), _encryption(s3, bucket))


def _public_access_blocked(s3: S3Client, bucket: str) -> bool | None:
    try:
        with aws_errors({"bucket": bucket}):
            switches = s3.get_public_access_block(Bucket=bucket).get("PublicAccessBlockConfiguration", {})
    except BotError as error:  # whatever it is, the bucket is made
        return False if getattr(error, "code", "") == "NoSuchPublicAccessBlockConfiguration" else None
    return all(switches.values()) if switches else None


def _encryption(s3: S3Client, bucket: str) -> str | None:
    try:
        with aws_errors({"bucket": bucket}):
            rules = s3.get_bucket_encryption(Bucket=bucket)["ServerSideEncryptionConfiguration"].get("Rules", [])
    except BotError as error:
        return "" if getattr(error, "code", "") == "ServerSideEncryptionConfigurationNotFoundError" else None
    return rules[0].get("ApplyServerSideEncryptionByDefault", {}).get("SSEAlgorithm") if rules else None


# --- files ------------------------------------------------------------------------------------------------------------


def _source(call: Call, key: str, source_bucket: str, destination_bucket: str, destination_key: str) -> File:
    """The file to copy, after checking that there is something to copy and somewhere to copy it to."""
    if source_bucket == destination_bucket and key == (destination_key or key):
        raise BadValue(
            f"{shown(key)} would be copied onto itself.", hint="Name another bucket, or a new name for the copy."
        )
    call.aws.bucket_region(destination_bucket, fresh=True)
    file = _file(call, source_bucket, key, "copy {key} from", f"to {destination_bucket}")
    if file.archived:
        raise AwsRefused(
            f"{shown(key)} is archived ({file.storage_class}) and must be restored before it can be copied.",
            code="InvalidObjectState",
        )
    return file


def _file(call: Call, bucket: str, key: str, command: str, more: str = "") -> File:
    """The file of that key; NotFound with the nearest keys when there is none."""
    s3 = call.aws.s3(bucket)
    try:
        with aws_errors({"bucket": bucket, "key": key}):
            return _as_file(key, s3.head_object(Bucket=bucket, Key=key))
    except NotFound as error:
        # A bare 404 may also mean that the bucket has gone: then the listing says so.
        near = _near(s3, bucket, key)
        if any(k.startswith(key.rstrip("/") + "/") for k in near):
            sentence = f"{shown(key)} is a folder in {bucket}, and I take one file at a time."
            raise NotFound(sentence, hint="Name a file in it.") from error
        commands = [f"{typed} {more}".strip() for typed in replies_s3.suggestions(command, near, bucket)]
        raise NotFound(error.sentence, hint="There is, near to it:" if commands else "", examples=commands) from error


def _as_file(key: str, head: HeadObjectOutputTypeDef) -> File:
    storage = head.get("StorageClass", STANDARD)
    archived = storage in ARCHIVES or bool(head.get("ArchiveStatus"))
    restored = 'ongoing-request="false"' in head.get("Restore", "")
    return File(
        key,
        head["ContentLength"],
        head["LastModified"],
        storage,
        head["ETag"],
        head.get("VersionId", ""),
        archived=archived and not restored,
    )


def _existing(call: Call, bucket: str, key: str) -> File | None:
    try:
        with aws_errors({"bucket": bucket, "key": key}):
            return _as_file(key, call.aws.s3(bucket).head_object(Bucket=bucket, Key=key))
    except NotFound:
        return None


def _near(s3: S3Client, bucket: str, key: str) -> list[str]:
    """Up to three keys that may have been meant, from two cheap listings: what begins so, and what lies beside it."""
    longer = _keys(s3, bucket, key, 3)
    if longer:
        return longer
    folder, _, name = key.rpartition("/")
    beside = _keys(s3, bucket, f"{folder}/" if folder else "", 1000)
    same_name = [k for k in beside if k.rpartition("/")[2].casefold() == name.casefold()]
    return (same_name + [k for k in difflib.get_close_matches(key, beside, n=3) if k not in same_name])[:3]


def _keys(s3: S3Client, bucket: str, prefix: str, number: int) -> list[str]:
    with aws_errors({"bucket": bucket}):
        found = s3.list_objects_v2(Bucket=bucket, Prefix=prefix, MaxKeys=number)
    return [item["Key"] for item in found.get("Contents", [])]
