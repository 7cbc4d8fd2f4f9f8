"""Bucket audit: how one bucket is set up, what is fine about that, what is not, and what to do. Changes nothing.

Each setting is read by one call of its own, which a policy may deny: that is said in its row, and the others are
still told.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Literal

from botocore.exceptions import ClientError

from bot.display import count
from bot.replies_workflows import Report
from workflow_steps import Run, step

if TYPE_CHECKING:
    from mypy_boto3_s3 import S3Client

Verdict = Literal["fine", "improve", "fix", "not read"]
Answer = Mapping[str, Any]
"""What S3 says of a setting; empty when the bucket has none of it."""

MARKS: Mapping[Verdict, str] = {"fine": "✓ fine", "improve": "△ improve", "fix": "✗ fix", "not read": "? not read"}
COLUMNS = ("Setting", "State", "As it is", "What to do")

DENIED = {"AccessDenied", "AccessDeniedException", "AllAccessDisabled", "Forbidden"}
NOT_OFFERED = {"MethodNotAllowed", "NotImplemented", "UnsupportedOperation"}
"""What S3 says of a setting that this kind of bucket does not have."""


@dataclass(frozen=True, slots=True)
class Finding:
    """One row of the audit."""

    setting: str
    verdict: Verdict
    found: str
    """How it is, in a few words."""
    advice: str = ""
    """What to do about it; nothing when it is fine."""

    def row(self) -> list[str]:
        """As the table shows it."""
        return [self.setting, MARKS[self.verdict], self.found, self.advice]


@dataclass(frozen=True, slots=True)
class Setting:
    """One thing that is looked at: how it is read, and what is thought of it."""

    name: str
    permission: str
    """The IAM action that reading it needs."""
    read: Callable[[S3Client, str], Answer]
    judge: Callable[[Answer], tuple[Verdict, str, str]]
    unset: tuple[str, ...] = ()
    """The error codes by which S3 says that the bucket has none of it."""

    def finding(self, s3: S3Client, bucket: str) -> Finding:
        """Read and judged; a setting that may not be read is a finding too."""
        try:
            answer = self.read(s3, bucket)
        except ClientError as error:
            code = error.response["Error"]["Code"]
            if code in DENIED:
                return Finding(self.name, "not read", "AWS does not let me read it", f"Allow me {self.permission}.")
            if code in NOT_OFFERED:
                return Finding(self.name, "not read", "S3 does not offer it for this bucket")
            if code not in self.unset:
                raise
            answer = {}
        return Finding(self.name, *self.judge(answer))


@step
def check_bucket(run: Run) -> dict[str, Any]:
    """The bucket is there, and it is ours."""
    return {"region": run.aws.bucket_region(run.bucket, fresh=True)}


@step
def read_settings(run: Run) -> dict[str, Any]:
    """Read every setting and judge it; the results."""
    s3 = run.aws.s3(run.bucket)
    found = [setting.finding(s3, run.bucket) for setting in SETTINGS]
    return report(run.bucket, run.results["checked"]["region"], found).to_dict()


def report(bucket: str, region: str, found: Sequence[Finding]) -> Report:
    """What came of it, for the thread: what must be mended comes first."""
    order: list[Verdict] = ["fix", "not read", "improve", "fine"]
    return Report(
        headline=_headline(bucket, found),
        facts=[("Region", region)],
        columns=COLUMNS,
        rows=[finding.row() for verdict in order for finding in found if finding.verdict == verdict],
    )


def _headline(bucket: str, found: Sequence[Finding]) -> str:
    ways: list[tuple[Verdict, str]] = [("fix", "to fix"), ("improve", "to improve"), ("not read", "could not be read")]
    numbers = {verdict: sum(finding.verdict == verdict for finding in found) for verdict, _ in ways}
    others = [f"{numbers[verdict]} {what}" for verdict, what in ways if numbers[verdict]]
    fine = len(found) - sum(numbers.values())
    return f"{bucket}: {fine} of {count(len(found), 'setting')} fine" + "".join(f", {other}" for other in others) + "."


# --- what is looked at, and what is thought of it -------------------------------------------------------------------

_BLOCKS = ("BlockPublicAcls", "IgnorePublicAcls", "BlockPublicPolicy", "RestrictPublicBuckets")


def _public_access(answer: Answer) -> tuple[Verdict, str, str]:
    given = answer.get("PublicAccessBlockConfiguration", {})
    off = [name for name in _BLOCKS if not given.get(name)]
    if not off:
        return "fine", "all public access is blocked", ""
    found = "nothing is blocked for this bucket" if len(off) == len(_BLOCKS) else f"not on: {', '.join(off)}"
    return "fix", found, "Switch on all four blocks of Block Public Access, unless this bucket serves a public website."


def _policy(answer: Answer) -> tuple[Verdict, str, str]:
    if not answer:
        return "fine", "no bucket policy", ""
    is_public = answer.get("PolicyStatus", {}).get("IsPublic")
    if is_public is None:
        return "not read", "S3 does not say whether its policy makes it public", "Look at the policy yourself."
    if is_public:
        return "fix", "the bucket policy makes it public", "Name in its policy who may, instead of everybody (*)."
    return "fine", "the bucket policy is not public", ""


def _encryption(answer: Answer) -> tuple[Verdict, str, str]:
    rules = answer.get("ServerSideEncryptionConfiguration", {}).get("Rules", [])
    rule: Mapping[str, Any] = next((each for each in rules if "ApplyServerSideEncryptionByDefault" in each), {})
    if not rule:
        return "fix", "no encryption by default", "Set default encryption to SSE-S3, or to SSE-KMS with a key of yours."
    kind = rule["ApplyServerSideEncryptionByDefault"]["SSEAlgorithm"]
    if kind == "AES256":
        return "fine", "SSE-S3, with keys of S3", ""
    if not rule.get("BucketKeyEnabled"):
        return "improve", f"{kind}, without a bucket key", "Switch on the bucket key: it saves most KMS requests."
    return "fine", f"{kind}, with a bucket key", ""


def _versioning(answer: Answer) -> tuple[Verdict, str, str]:
    status = answer.get("Status")
    if status == "Enabled":
        return "fine", "on", ""
    advice = "Switch it on: what is overwritten or deleted can then be brought back."
    return "improve", "suspended" if status else "never switched on", advice


def _lifecycle(answer: Answer) -> tuple[Verdict, str, str]:
    rules = [rule for rule in answer.get("Rules", []) if rule.get("Status") == "Enabled"]
    if not rules:
        advice = "Add rules: clear away unfinished uploads after 7 days, and move or delete what gets old."
        return "improve", "no rule is on", advice
    if not any("AbortIncompleteMultipartUpload" in rule for rule in rules):
        advice = "Add a rule that clears away unfinished uploads: they are paid for and shown nowhere."
        return "improve", f"{count(len(rules), 'rule')}, none for unfinished uploads", advice
    return "fine", count(len(rules), "rule"), ""


def _logging(answer: Answer) -> tuple[Verdict, str, str]:
    logging = answer.get("LoggingEnabled")
    if logging:
        return "fine", f"into {logging['TargetBucket']}", ""
    advice = "Switch on server access logging, or data events in CloudTrail, to know who read and changed what."
    return "improve", "off", advice


def _replication(answer: Answer) -> tuple[Verdict, str, str]:
    rules = answer.get("ReplicationConfiguration", {}).get("Rules", [])
    on = [rule for rule in rules if rule.get("Status") == "Enabled"]
    if on:
        return "fine", f"{count(len(on), 'rule')}, to {', '.join(_destinations(on))}", ""
    if rules:
        return "improve", "its rules are switched off", "Switch them on, or remove them."
    return "fine", "none: needed only where files must outlive their region", ""


def _destinations(rules: Iterable[Mapping[str, Any]]) -> list[str]:
    return sorted({rule["Destination"]["Bucket"].rpartition(":")[2] for rule in rules})


def _ownership(answer: Answer) -> tuple[Verdict, str, str]:
    rules = answer.get("OwnershipControls", {}).get("Rules", [])
    kind = rules[0]["ObjectOwnership"] if rules else "ObjectWriter"
    if kind == "BucketOwnerEnforced":
        return "fine", "the bucket owns its files, ACLs are off", ""
    return "improve", f"{kind}: ACLs count", "Set it to BucketOwnerEnforced, so that policies alone decide who may."


SETTINGS = (
    Setting(
        "Public access",
        "s3:GetBucketPublicAccessBlock",
        lambda s3, bucket: s3.get_public_access_block(Bucket=bucket),
        _public_access,
        unset=("NoSuchPublicAccessBlockConfiguration",),
    ),
    Setting(
        "Bucket policy",
        "s3:GetBucketPolicyStatus",
        lambda s3, bucket: s3.get_bucket_policy_status(Bucket=bucket),
        _policy,
        unset=("NoSuchBucketPolicy",),
    ),
    Setting(
        "Encryption",
        "s3:GetEncryptionConfiguration",
        lambda s3, bucket: s3.get_bucket_encryption(Bucket=bucket),
        _encryption,
        unset=("ServerSideEncryptionConfigurationNotFoundError",),
    ),
    Setting(
        "Object ownership",
        "s3:GetBucketOwnershipControls",
        lambda s3, bucket: s3.get_bucket_ownership_controls(Bucket=bucket),
        _ownership,
        unset=("OwnershipControlsNotFoundError",),
    ),
    Setting(
        "Versioning",
        "s3:GetBucketVersioning",
        lambda s3, bucket: s3.get_bucket_versioning(Bucket=bucket),
        _versioning,
    ),
    Setting(
        "Lifecycle",
        "s3:GetLifecycleConfiguration",
        lambda s3, bucket: s3.get_bucket_lifecycle_configuration(Bucket=bucket),
        _lifecycle,
        unset=("NoSuchLifecycleConfiguration",),
    ),
    Setting(
        "Access logging",
        "s3:GetBucketLogging",
        lambda s3, bucket: s3.get_bucket_logging(Bucket=bucket),
        _logging,
    ),
    Setting(
        "Replication",
        "s3:GetReplicationConfiguration",
        lambda s3, bucket: s3.get_bucket_replication(Bucket=bucket),
        _replication,
        unset=("ReplicationConfigurationNotFoundError",),
    ),
)
