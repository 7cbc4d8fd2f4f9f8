"""Lifecycle management: one rule of ours among a bucket's lifecycle rules; all the others stay as they are.

The configuration is read and kept with the execution, the rule is merged into what was read, and it is applied only if
the bucket still has what was read, and what the person who confirmed was shown.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, replace
from typing import Any

from bot import lifecycle
from bot.errors import AwsRefused
from bot.lifecycle import Configuration
from bot.replies_workflows import Report
from workflow_steps import NotYet, Run, step


@step
def read_configuration(run: Run) -> dict[str, Any]:
    """Read the bucket's present configuration and keep it with the execution."""
    s3 = run.aws.s3(run.bucket)
    versioned = s3.get_bucket_versioning(Bucket=run.bucket).get("Status") == "Enabled"
    present = replace(lifecycle.read(s3, run.bucket), versioned=versioned)
    before = Configuration.from_dict(run.executions.keep_first(run.execution_id, "before", asdict(present)))
    record = run.executions.get(run.execution_id)
    if record and record.basis and record.basis != before.fingerprint():
        raise _changed(run, "since I showed you what would happen")
    return {"rules": len(before.rules)}


@step
def merge_rule(run: Run) -> dict[str, Any]:
    """Put our rule for the prefix among the others, and keep the merged configuration with the execution."""
    before = _kept(run, "before")
    after, ours = lifecycle.merged(before, run.parameters)
    lifecycle.check_size(run.bucket, before, after)
    run.executions.keep_first(run.execution_id, "after", asdict(after))
    overlapping = lifecycle.overlapping(after.rules, ours)[:10]
    return {"rule": ours["ID"], "change": lifecycle.change(before, ours), "overlapping": overlapping}


@step
def apply_configuration(run: Run) -> dict[str, Any]:
    """Write the merged configuration, unless somebody changed the bucket's since it was read."""
    s3 = run.aws.s3(run.bucket)
    present, before, after = lifecycle.read(s3, run.bucket), _kept(run, "before"), _kept(run, "after")
    if not (present.says_the_same(after) or present.says_the_same(before)):
        raise _changed(run, "while I was at it")
    if before.says_the_same(after):
        return {"written": False}
    if not present.says_the_same(after):  # else another run of this execution has just done it
        lifecycle.write(s3, run.bucket, after)
    run.executions.can_be_restored(run.execution_id)
    return {"written": True}


@step
def verify_configuration(run: Run) -> dict[str, Any]:
    """Read back what the bucket has now; the results. Raises NotYet while S3 shows the former rules."""
    after = _kept(run, "after")
    if not lifecycle.read(run.aws.s3(run.bucket), run.bucket).says_the_same(after):
        raise NotYet(f"S3 does not show the new rules of {run.bucket} yet; it may take some minutes.")
    return report(run.parameters, after, run.results["merged"]).to_dict()


def report(parameters: Mapping[str, Any], after: Configuration, change: Mapping[str, Any]) -> Report:
    """What came of it, for the thread."""
    begin = {"added": "From now on", "updated": "From now on", "unchanged": "Nothing was changed: already"}
    files = f"files under {parameters['prefix']}" if parameters["prefix"] else "all files"
    done = lifecycle.effects(parameters)
    notes = ["S3 acts on it about once a day, beginning within 24 to 48 hours."]
    if "transition_days" in parameters:
        deleted = "; they are only deleted at the end" if "expiration_days" in parameters else ""
        notes.append(f"Files below 128 KB are not moved{deleted}.")
    if after.versioned and "expiration_days" in parameters:
        notes.append("The bucket keeps versions: a file that expires is hidden, and its old versions stay and cost.")
    if change["overlapping"]:
        others = ", ".join(change["overlapping"])
        notes.append(f"Other rules reach some of the same files, and the earlier date wins: {others}.")
    return Report(
        headline=f"{begin[change['change']]}, {files} in {parameters['bucket']} {done}.",
        facts=[
            (f"Rule {change['change']}", str(change["rule"])),
            ("Rules in the bucket", str(len(after.rules))),
        ],
        notes=notes,
    )


def _changed(run: Run, when: str) -> AwsRefused:
    return AwsRefused(
        f"Somebody changed the lifecycle rules of {run.bucket} {when}, so I changed nothing.",
        code="ConfigurationChanged",
        hint="Look at what they are now, then run it again.",
    )


def _kept(run: Run, name: str) -> Configuration:
    return Configuration.from_dict(run.executions.kept(run.execution_id, name))
