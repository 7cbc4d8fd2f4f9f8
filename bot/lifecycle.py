"""A bucket's lifecycle configuration: read, changed by one rule of ours, compared and written.

PutBucketLifecycleConfiguration replaces everything and knows no If-Match: whoever writes compares first, and writes all
that was read, with its one change.
"""

from __future__ import annotations

import hashlib
import json
import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from typing import TYPE_CHECKING, Any, Self

from botocore.exceptions import ClientError

from bot.display import count
from bot.errors import TooLarge

if TYPE_CHECKING:
    from mypy_boto3_s3 import S3Client

MOST_RULES = 1000
"""S3 takes no more lifecycle rules for a bucket."""
SMALL_FILES_STAY = "all_storage_classes_128K"
"""S3's own default: files below 128 KB are not moved to any class."""
SMALLEST_MOVED = 128 * 1024
"""Bytes. Whatever a bucket's minimum is, S3 moves nothing smaller to Standard-IA."""
COLDER = "STANDARD_IA"
"""The class that our rules move files to."""

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
        return self._meaning() == other._meaning()

    def fingerprint(self) -> str:
        """The same for configurations that say the same, and for no others."""
        return hashlib.sha256(json.dumps(self._meaning()).encode()).hexdigest()[:32]

    def rule(self, name: str) -> Rule | None:
        """The rule of that ID, or None."""
        return next((each for each in self.rules if each.get("ID") == name), None)

    def _meaning(self) -> list[str]:
        # Without rules there is no minimum either.
        return [self.minimum_object_size, *sorted(map(canonical, self.rules))] if self.rules else []


def read(s3: S3Client, bucket: str) -> Configuration:
    """What the bucket has now."""
    try:
        found = s3.get_bucket_lifecycle_configuration(Bucket=bucket)
    except ClientError as error:
        if error.response["Error"]["Code"] == "NoSuchLifecycleConfiguration":
            return Configuration()
        raise
    rules = json.loads(json.dumps(found.get("Rules", []), default=_json_ready))
    return Configuration(tuple(rules), found.get("TransitionDefaultMinimumObjectSize", SMALL_FILES_STAY))


def write(s3: S3Client, bucket: str, configuration: Configuration) -> None:
    """Give the bucket exactly this configuration; none when there are no rules in it, as S3 takes none without."""
    if configuration.rules:
        s3.put_bucket_lifecycle_configuration(Bucket=bucket, **put_arguments(configuration))
    else:
        s3.delete_bucket_lifecycle(Bucket=bucket)


def put_arguments(configuration: Configuration) -> dict[str, Any]:
    """What PutBucketLifecycleConfiguration is given, beside the bucket."""
    return {
        "LifecycleConfiguration": {"Rules": list(configuration.rules)},
        "TransitionDefaultMinimumObjectSize": configuration.minimum_object_size,
    }


def rule(parameters: Mapping[str, Any], *, legacy: bool) -> Rule:
    """Our rule for the prefix. Its ID comes from the prefix, so that a second run updates the rule of the first.

    What is not among the parameters is not done: without ``transition_days`` files are only deleted. S3 refuses a
    configuration in which some rules have a Filter and some the older Prefix ("Filter element can only be used in
    Lifecycle V2"), so ours takes the form that the others have.
    """
    prefix = str(parameters["prefix"])
    ours: dict[str, Any] = {"ID": rule_id(prefix), "Status": "Enabled"}
    ours.update({"Prefix": prefix} if legacy else {"Filter": {"Prefix": prefix}})
    if "transition_days" in parameters:
        ours["Transitions"] = [{"Days": int(parameters["transition_days"]), "StorageClass": COLDER}]
    if "expiration_days" in parameters:
        ours["Expiration"] = {"Days": int(parameters["expiration_days"])}
    return ours


def rule_id(prefix: str) -> str:
    """Readable, unique for the prefix, and within S3's 255 characters."""
    readable = re.sub(r"[^A-Za-z0-9._-]+", "-", prefix).strip("-")[:80] or "all"
    return f"s3agent-{readable}-{hashlib.sha256(prefix.encode()).hexdigest()[:8]}"


def effects(parameters: Mapping[str, Any]) -> str:
    """What a rule with these parameters does to files: ``are deleted after 7 days``."""
    moved, gone = parameters.get("transition_days"), parameters.get("expiration_days")
    done = [
        f"move to Standard-IA after {count(moved, 'day')}" if moved else "",
        f"are deleted after {count(gone, 'day')}" if gone else "",
    ]
    return " and ".join(filter(None, done))


def merged(before: Configuration, parameters: Mapping[str, Any]) -> tuple[Configuration, Rule]:
    """The configuration with our rule, and the rule: in the place of its forerunner, else behind the others."""
    ours = rule(parameters, legacy=any(map(_is_legacy, before.rules)))
    if before.rule(ours["ID"]):
        rules = tuple(ours if each.get("ID") == ours["ID"] else each for each in before.rules)
    else:
        rules = (*before.rules, ours)
    return replace(before, rules=rules), ours


def check_size(bucket: str, before: Configuration, after: Configuration) -> None:
    """Raises TooLarge when S3 would not take so many rules."""
    if len(after.rules) > MOST_RULES:
        raise TooLarge(f"{bucket} has {len(before.rules)} lifecycle rules already, and S3 takes {MOST_RULES}.")


def change(before: Configuration, ours: Rule) -> str:
    """What our rule is to the configuration: ``added``, ``updated`` or ``unchanged``."""
    known = before.rule(ours["ID"])
    if known is None:
        return "added"
    return "unchanged" if canonical(known) == canonical(ours) else "updated"


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


def canonical(each: Rule) -> str:
    """A rule as text that is the same for every way of writing it."""
    known = {name: value for name, value in each.items() if value not in (None, [], {})}
    if "Filter" in each and not any(each["Filter"].values()):
        known["Filter"] = {"Prefix": ""}
    lists = {name: sorted(value, key=json.dumps) for name, value in known.items() if isinstance(value, list)}
    return json.dumps({**known, **lists}, sort_keys=True)


def _json_ready(value: object) -> str:
    if isinstance(value, datetime):
        return value.isoformat()
    raise TypeError(f"{type(value).__name__} in a lifecycle rule")


def _is_legacy(each: Rule) -> bool:
    return "Prefix" in each and "Filter" not in each


def _prefix(each: Rule) -> str:
    scope = each.get("Filter", each)
    return str(scope.get("And", scope).get("Prefix") or "")
