"""Lifecycle management: one rule of ours among a bucket's lifecycle rules; all the others stay as they are.

PutBucketLifecycleConfiguration replaces everything and knows no If-Match. So the configuration is read and kept with
the execution, the rule is merged into what was read, and it is applied only if the bucket still has what was read.
"""

from __future__ import annotations

import hashlib
import json
import re
from collections.abc import Iterable, Mapping
from dataclasses import asdict, dataclass, replace
from datetime import datetime
from typing import TYPE_CHECKING, Any, Self

from botocore.exceptions import ClientError

from bot.errors import AwsRefused, TooLarge
from bot.replies_workflows import Report
from workflow_steps import NotYet, Run, step

if TYPE_CHECKING:
    from mypy_boto3_s3 import S3Client

MOST_RULES = 1000
"""S3 takes no more lifecycle rules for a bucket."""
SMALL_FILES_STAY = "all_storage_classes_128K"
"""S3's own default: files below 128 KB are not moved to another class."""

Rule = Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Configuration:
    """A bucket's lifecycle configuration as JSON-ready data; no rules when it has none."""

    rules: tuple[Rule, ...] = ()
    minimum_object_size: str = SMALL_FILES_STAY
    """TransitionDefaultMinimumObjectSize: S3 resets it when it is not sent back."""
    versioned: bool = False

    @classmethod
    def from_dict(cls, data: Mapping[str, Any]) -> Self:
        """From the execution's record."""
        return cls(**{**data, "rules": tuple(data["rules"])})

    def says_the_same(self, other: Configuration) -> bool:
        """Whether S3 would act the same on both: the order of rules means nothing."""
        mine, theirs = (sorted(map(_canonical, each.rules)) for each in (self, other))
        return mine == theirs and self.minimum_object_size == other.minimum_object_size


@step
def read_configuration(run: Run) -> dict[str, Any]:
    """Read the bucket's present configuration and keep it with the execution."""
    s3 = run.aws.s3(run.bucket)
    versioned = s3.get_bucket_versioning(Bucket=run.bucket).get("Status") == "Enabled"
    present = replace(_read(s3, run.bucket), versioned=versioned)
    before = Configuration.from_dict(run.executions.keep_first(run.execution_id, "before", asdict(present)))
    return {"rules": len(before.rules)}


@step
def merge_rule(run: Run) -> dict[str, Any]:
    """Put our rule for the prefix among the others, and keep the merged configuration with the execution."""
    before = _kept(run, "before")
    ours = rule(run.parameters, legacy=any(map(_is_legacy, before.rules)))
    after = merged(before, ours)
    if len(after.rules) > MOST_RULES:
        raise TooLarge(f"{run.bucket} has {len(before.rules)} lifecycle rules already, and S3 takes {MOST_RULES}.")
    run.executions.keep_first(run.execution_id, "after", asdict(after))
    known = next((each for each in before.rules if each.get("ID") == ours["ID"]), None)
    change = "added" if known is None else "unchanged" if _canonical(known) == _canonical(ours) else "updated"
    return {"rule": ours["ID"], "change": change, "overlapping": overlapping(after.rules, ours)[:10]}


@step
def apply_configuration(run: Run) -> dict[str, Any]:
    """Write the merged configuration, unless somebody changed the bucket's since it was read."""
    s3 = run.aws.s3(run.bucket)
    present, before, after = _read(s3, run.bucket), _kept(run, "before"), _kept(run, "after")
    if present.says_the_same(after):
        return {"written": False}  # nothing to change, or another run of this execution has just done it
    if not present.says_the_same(before):
        raise AwsRefused(
            f"Somebody changed the lifecycle rules of {run.bucket} while I was at it, so I changed nothing.",
            code="ConfigurationChanged",
            hint="Look at what they are now, then run it again.",
        )
    s3.put_bucket_lifecycle_configuration(Bucket=run.bucket, **put_arguments(after))
    return {"written": True}


@step
def verify_configuration(run: Run) -> dict[str, Any]:
    """Read back what the bucket has now; the results. Raises NotYet while S3 shows the former rules."""
    after = _kept(run, "after")
    if not _read(run.aws.s3(run.bucket), run.bucket).says_the_same(after):
        raise NotYet(f"S3 does not show the new rules of {run.bucket} yet; it may take some minutes.")
    return report(run.parameters, after, run.results["merged"]).to_dict()


def rule(parameters: Mapping[str, Any], *, legacy: bool) -> Rule:
    """Our rule for the prefix. Its ID comes from the prefix, so that a second run updates the rule of the first.

    S3 refuses a configuration in which some rules have a Filter and some the older Prefix ("Filter element can only
    be used in Lifecycle V2"), so ours takes the form that the others have.
    """
    prefix = str(parameters["prefix"])
    scope: dict[str, Any] = {"Prefix": prefix} if legacy else {"Filter": {"Prefix": prefix}}
    return {
        "ID": rule_id(prefix),
        "Status": "Enabled",
        **scope,
        "Transitions": [{"Days": int(parameters["transition_days"]), "StorageClass": "STANDARD_IA"}],
        "Expiration": {"Days": int(parameters["expiration_days"])},
    }


def rule_id(prefix: str) -> str:
    """Readable, unique for the prefix, and within S3's 255 characters."""
    readable = re.sub(r"[^A-Za-z0-9._-]+", "-", prefix).strip("-")[:80] or "all"
    return f"s3agent-{readable}-{hashlib.sha256(prefix.encode()).hexdigest()[:8]}"


def merged(before: Configuration, ours: Rule) -> Configuration:
    """The configuration with our rule: in the place of its forerunner, else behind the others."""
    if any(each.get("ID") == ours["ID"] for each in before.rules):
        rules = tuple(ours if each.get("ID") == ours["ID"] else each for each in before.rules)
    else:
        rules = (*before.rules, ours)
    return replace(before, rules=rules)


def overlapping(rules: Iterable[Rule], ours: Rule) -> list[str]:
    """The IDs of other people's active rules that reach files which ours reaches too."""
    mine = _prefix(ours)
    return [
        str(each.get("ID", "(no id)"))
        for each in rules
        if each.get("ID") != ours["ID"]
        and each.get("Status") == "Enabled"
        and (_prefix(each).startswith(mine) or mine.startswith(_prefix(each)))
    ]


def put_arguments(configuration: Configuration) -> dict[str, Any]:
    """What PutBucketLifecycleConfiguration is given, beside the bucket."""
    return {
        "LifecycleConfiguration": {"Rules": list(configuration.rules)},
        "TransitionDefaultMinimumObjectSize": configuration.minimum_object_size,
    }


def report(parameters: Mapping[str, Any], after: Configuration, change: Mapping[str, Any]) -> Report:
    """What came of it, for the thread."""
    begin = {"added": "From now on", "updated": "From now on", "unchanged": "Nothing was changed: already"}
    files = f"files under {parameters['prefix']}" if parameters["prefix"] else "all files"
    headline = (
        f"{begin[change['change']]}, {files} in {parameters['bucket']} move to Standard-IA after"
        f" {parameters['transition_days']} days and are deleted after {parameters['expiration_days']} days."
    )
    notes = ["S3 acts on it about once a day, beginning within 24 to 48 hours."]
    if after.minimum_object_size == SMALL_FILES_STAY:
        notes.append("Files below 128 KB are not moved; they are only deleted at the end.")
    if after.versioned:
        notes.append("The bucket keeps versions: a file that expires is hidden, and its old versions stay and cost.")
    if change["overlapping"]:
        others = ", ".join(change["overlapping"])
        notes.append(f"Other rules reach some of the same files, and the earlier date wins: {others}.")
    return Report(
        headline=headline,
        facts=[
            ("Rule", f"{change['rule']} ({change['change']})"),
            ("Rules in the bucket", str(len(after.rules))),
        ],
        notes=notes,
    )


def _kept(run: Run, name: str) -> Configuration:
    return Configuration.from_dict(run.executions.kept(run.execution_id, name))


def _read(s3: S3Client, bucket: str) -> Configuration:
    try:
        found = s3.get_bucket_lifecycle_configuration(Bucket=bucket)
    except ClientError as error:
        if error.response["Error"]["Code"] == "NoSuchLifecycleConfiguration":
            return Configuration()
        raise
    rules = json.loads(json.dumps(found.get("Rules", []), default=_json_ready))
    return Configuration(tuple(rules), found.get("TransitionDefaultMinimumObjectSize", SMALL_FILES_STAY))


def _json_ready(value: object) -> str:
    if isinstance(value, datetime):
        return value.isoformat()
    raise TypeError(f"{type(value).__name__} in a lifecycle rule")


def _canonical(each: Rule) -> str:
    """A rule as text that is the same for every way of writing it."""
    known = {name: value for name, value in each.items() if value not in (None, [], {})}
    if "Filter" in each and not any(each["Filter"].values()):
        known["Filter"] = {"Prefix": ""}
    lists = {name: sorted(value, key=json.dumps) for name, value in known.items() if isinstance(value, list)}
    return json.dumps({**known, **lists}, sort_keys=True)


def _is_legacy(each: Rule) -> bool:
    return "Prefix" in each and "Filter" not in each


def _prefix(each: Rule) -> str:
    scope = each.get("Filter", each)
    return str(scope.get("And", scope).get("Prefix") or "")
