"""Lifecycle management, from the start to the post: the real state machine with the real steps."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

from bot import lifecycle as lifecycle_rules
from bot.executions import Executions
from bot.lifecycle import Configuration
from tests.workflows.stage import Stage, fault

THEIRS = {
    "ID": "keep-tmp-short",
    "Status": "Enabled",
    "Filter": {"Prefix": "tmp/"},
    "Expiration": {"Days": 7},
}
LEGACY = {"ID": "from-2012", "Status": "Enabled", "Prefix": "old/", "Expiration": {"Days": 900}}
OURS = {
    "ID": "s3agent-logs-2beb4a52",
    "Status": "Enabled",
    "Filter": {"Prefix": "logs/"},
    "Transitions": [{"Days": 30, "StorageClass": "STANDARD_IA"}],
    "Expiration": {"Days": 365},
}


def rules(stage: Stage) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = stage.s3.get_bucket_lifecycle_configuration(Bucket="my-bucket")["Rules"]
    return found


def put(stage: Stage, *wanted: dict[str, Any]) -> None:
    stage.s3.put_bucket_lifecycle_configuration(Bucket="my-bucket", LifecycleConfiguration={"Rules": list(wanted)})


def states(execution: Any) -> list[str]:
    return [step.state for step in execution.steps]


# --- it does its job -------------------------------------------------------------------------------------------------


def test_a_bucket_without_rules_gets_ours_and_the_thread_is_told(lifecycle: Stage):
    done = lifecycle.run(bucket="my-bucket")

    assert rules(lifecycle) == [OURS]
    assert done.status == "succeeded"
    assert states(done) == ["done"] * 5
    announcement, result = lifecycle.slack.texts
    assert announcement == "<@U0ALICE> started Lifecycle management: wf-jrdb3m6n"
    assert result == (
        "<@U0ALICE> Lifecycle management wf-jrdb3m6n is done. From now on, files under logs/ in my-bucket move to"
        " Standard-IA after 30 days and are deleted after 365 days."
    )
    assert lifecycle.slack.posts[-1]["channel"] == "C0OPS"
    assert lifecycle.slack.posts[-1]["thread_ts"] == "1700000000.000100"
    assert "Restore previous" in lifecycle.slack.shown()


def test_the_rules_of_others_stay_as_they_are(lifecycle: Stage):
    put(lifecycle, THEIRS)

    lifecycle.run(bucket="my-bucket")

    assert rules(lifecycle) == [THEIRS, OURS]
    assert "Rules in the bucket: 2" in lifecycle.slack.shown().replace("  ", " ")


def test_a_second_run_updates_our_rule_in_its_place(lifecycle: Stage):
    put(lifecycle, OURS, THEIRS)

    lifecycle.run(bucket="my-bucket", transition_days=60, expiration_days=90)

    updated = {
        **OURS,
        "Transitions": [{"Days": 60, "StorageClass": "STANDARD_IA"}],
        "Expiration": {"Days": 90},
    }
    assert rules(lifecycle) == [updated, THEIRS]
    assert "Rule updated:  s3agent-logs-2beb4a52" in lifecycle.slack.shown()


def test_beside_rules_of_the_older_form_ours_takes_that_form_because_s3_refuses_a_mixture(lifecycle: Stage):
    put(lifecycle, LEGACY)

    lifecycle.run(bucket="my-bucket")

    ours = {**OURS, "Prefix": "logs/"}
    del ours["Filter"]
    assert rules(lifecycle) == [LEGACY, ours]


def test_files_that_are_deleted_before_they_would_move_are_only_deleted(lifecycle: Stage):
    lifecycle.run(bucket="my-bucket", expiration_days=7)

    ours = {**OURS, "Expiration": {"Days": 7}}
    del ours["Transitions"]
    assert rules(lifecycle) == [ours]
    assert lifecycle.slack.texts[-1].endswith("files under logs/ in my-bucket are deleted after 7 days.")
    assert "moved" not in lifecycle.slack.shown()
    assert "transition days" not in lifecycle.slack.shown(0)


def test_files_that_are_moved_after_they_would_be_deleted_are_only_moved(lifecycle: Stage):
    lifecycle.run(bucket="my-bucket", transition_days=400)

    ours = {**OURS, "Transitions": [{"Days": 400, "StorageClass": "STANDARD_IA"}]}
    del ours["Expiration"]
    assert rules(lifecycle) == [ours]
    assert lifecycle.slack.texts[-1].endswith("files under logs/ in my-bucket move to Standard-IA after 400 days.")
    assert "Files below 128 KB are not moved." in lifecycle.slack.shown()


def test_a_bucket_that_has_just_this_rule_is_not_written_to(lifecycle: Stage):
    put(lifecycle, OURS)
    lifecycle.aws_answers("s3", "PutBucketLifecycleConfiguration", (500, "NobodyMayWrite"))

    done = lifecycle.run(bucket="my-bucket")

    assert done.status == "succeeded"
    assert "Nothing was changed: already, files under logs/ in my-bucket" in lifecycle.slack.texts[-1]
    assert "Restore previous" not in lifecycle.slack.shown()


def test_rules_of_others_for_the_same_files_are_named(lifecycle: Stage):
    put(
        lifecycle,
        {**THEIRS, "ID": "all-logs", "Filter": {"Prefix": "logs/"}},
        {**THEIRS, "ID": "whole-bucket", "Filter": {"Prefix": ""}},
        {**THEIRS, "ID": "switched-off", "Filter": {"Prefix": "logs/"}, "Status": "Disabled"},
        THEIRS,
    )

    lifecycle.run(bucket="my-bucket")

    assert "the earlier date wins: all-logs, whole-bucket." in lifecycle.slack.shown()


def test_a_bucket_that_keeps_versions_is_warned_that_old_ones_stay(lifecycle: Stage):
    lifecycle.s3.put_bucket_versioning(Bucket="my-bucket", VersioningConfiguration={"Status": "Enabled"})

    lifecycle.run(bucket="my-bucket")

    assert "its old versions stay and cost" in lifecycle.slack.shown()


def test_a_bucket_in_another_region_is_changed_there(lifecycle: Stage):
    where = {"LocationConstraint": "eu-west-1"}
    lifecycle.s3.create_bucket(Bucket="far-bucket", CreateBucketConfiguration=where)

    done = lifecycle.run(bucket="far-bucket")

    assert done.status == "succeeded"


def test_a_prefix_that_looks_like_a_mention_notifies_nobody(lifecycle: Stage):
    lifecycle.run(bucket="my-bucket", prefix="<!channel>&/")

    assert "&lt;!channel&gt;&amp;/" in lifecycle.slack.texts[-1]
    assert all("<!channel>" not in text for text in lifecycle.slack.texts)


def test_the_former_configuration_is_kept_with_the_execution(lifecycle: Stage):
    put(lifecycle, THEIRS)

    done = lifecycle.run(bucket="my-bucket")

    kept = Executions(lifecycle.dynamodb, "WorkflowExecutions").kept(done.id, "before")
    assert kept == {
        "rules": [THEIRS],
        "minimum_object_size": "all_storage_classes_128K",
        "versioned": False,
    }


# --- what was shown is what runs -------------------------------------------------------------------------------------


def test_it_runs_when_the_rules_are_those_that_the_confirmation_showed(lifecycle: Stage):
    put(lifecycle, THEIRS)

    done = lifecycle.run(bucket="my-bucket", basis=Configuration((THEIRS,)).fingerprint())

    assert done.status == "succeeded"


def test_it_stops_when_somebody_changed_the_rules_between_the_confirmation_and_the_run(lifecycle: Stage):
    put(lifecycle, {**THEIRS, "Expiration": {"Days": 8}})

    done = lifecycle.run(bucket="my-bucket", basis=Configuration((THEIRS,)).fingerprint())

    assert done.status == "failed"
    assert done.problem == (
        "Read present configuration: Somebody changed the lifecycle rules of my-bucket since I showed you what would"
        " happen, so I changed nothing. Look at what they are now, then run it again."
    )
    assert rules(lifecycle) == [{**THEIRS, "Expiration": {"Days": 8}}]


def test_a_second_run_of_the_execution_is_not_stopped_by_what_the_first_has_changed(lifecycle: Stage):
    lifecycle.happens_before("verify_configuration", lambda: assert_ends(lifecycle))

    done = lifecycle.run(bucket="my-bucket", basis=Configuration().fingerprint())

    assert done.status == "succeeded"
    assert rules(lifecycle) == [OURS]


def test_the_fingerprint_knows_no_order_and_tells_every_difference(lifecycle: Stage):
    both = Configuration((THEIRS, OURS)).fingerprint()

    assert Configuration((OURS, THEIRS)).fingerprint() == both
    assert Configuration((OURS,)).fingerprint() != both
    assert Configuration((THEIRS, OURS), "varies_by_storage_class").fingerprint() != both


# --- the merge, on its own -------------------------------------------------------------------------------------------


def test_the_minimum_size_of_moved_files_is_sent_back_as_it_was():
    before = Configuration((THEIRS,), "varies_by_storage_class")

    after, _ = lifecycle_rules.merged(before, {"prefix": "logs/", "transition_days": 30, "expiration_days": 365})

    assert lifecycle_rules.put_arguments(after) == {
        "LifecycleConfiguration": {"Rules": [THEIRS, OURS]},
        "TransitionDefaultMinimumObjectSize": "varies_by_storage_class",
    }


def test_configurations_are_the_same_in_any_order_and_not_when_a_day_differs():
    one = Configuration((THEIRS, OURS))

    assert one.says_the_same(Configuration((OURS, THEIRS)))
    assert not one.says_the_same(Configuration(({**THEIRS, "Expiration": {"Days": 8}}, OURS)))
    assert not one.says_the_same(replace(one, minimum_object_size="varies_by_storage_class"))


@pytest.mark.parametrize(
    ("prefix", "rule_id"),
    [
        ("logs/", "s3agent-logs-2beb4a52"),
        ("logs", "s3agent-logs-98f38f12"),
        ("", "s3agent-all-e3b0c442"),
        ("Berichte 2024/Ä", "s3agent-Berichte-2024-bb5f6bbe"),
    ],
)
def test_the_id_of_our_rule_tells_prefixes_apart(prefix: str, rule_id: str):
    assert lifecycle_rules.rule_id(prefix) == rule_id


def test_the_id_of_our_rule_fits_s3s_limit_for_the_longest_prefix():
    assert len(lifecycle_rules.rule_id("a" * 1024)) == 97


# --- it fails, and says so -------------------------------------------------------------------------------------------


def test_a_bucket_that_vanished_is_reported_and_nothing_further_runs(lifecycle: Stage):
    lifecycle.s3.delete_bucket(Bucket="my-bucket")

    done = lifecycle.run(bucket="my-bucket")

    assert done.status == "failed"
    assert states(done) == ["failed", "to_come", "to_come", "to_come", "done"]
    assert lifecycle.slack.texts[-1].startswith(
        "<@U0ALICE> Lifecycle management wf-jrdb3m6n failed."
        " Read present configuration: There is no bucket named my-bucket."
    )
    assert "✕ Read present configuration – failed \n ○ Merge new rule – not done" in lifecycle.slack.shown()
    assert dict(lifecycle.calls) == {"read_configuration": 1, "post_results": 1}


def test_a_bucket_with_a_thousand_rules_is_left_alone(lifecycle: Stage):
    many = [{**THEIRS, "ID": f"rule-{n}", "Filter": {"Prefix": f"tmp/{n}/"}} for n in range(1000)]
    put(lifecycle, *many)

    done = lifecycle.run(bucket="my-bucket")

    assert done.problem == "Merge new rule: my-bucket has 1000 lifecycle rules already, and S3 takes 1000."
    assert len(rules(lifecycle)) == 1000
    assert lifecycle.calls["apply_configuration"] == 0


def test_a_change_by_somebody_else_in_between_is_not_overwritten(lifecycle: Stage):
    lifecycle.happens_before("apply_configuration", lambda: put(lifecycle, THEIRS))

    done = lifecycle.run(bucket="my-bucket")

    assert rules(lifecycle) == [THEIRS]
    assert done.problem == (
        "Apply configuration: Somebody changed the lifecycle rules of my-bucket while I was at it, so I changed"
        " nothing. Look at what they are now, then run it again."
    )


def test_a_refusal_to_write_is_reported_without_naming_roles(lifecycle: Stage):
    lifecycle.aws_answers("s3", "PutBucketLifecycleConfiguration", (403, "AccessDenied"))

    done = lifecycle.run(bucket="my-bucket")

    assert done.problem.startswith("Apply configuration: AWS does not let me do that")
    assert lifecycle.calls["apply_configuration"] == 1
    assert "Restore previous" not in lifecycle.slack.shown()


def test_a_fault_of_ours_gives_a_reference_and_not_the_exception(lifecycle: Stage):
    lifecycle.aws_answers("s3", "GetBucketVersioning", None)
    lifecycle.happens_before("merge_rule", lambda: forget_what_was_kept(lifecycle))

    done = lifecycle.run(bucket="my-bucket")

    assert done.problem == "Merge new rule: Something broke on my side. Reference: 5f3a9c01"
    assert "TypeError" not in lifecycle.slack.shown()


def forget_what_was_kept(stage: Stage) -> None:
    stage.dynamodb.update_item(
        TableName="WorkflowExecutions",
        Key={"execution_id": {"S": "wf-jrdb3m6n"}},
        UpdateExpression="REMOVE kept_before",
    )


def test_a_step_that_dies_without_a_word_is_reported_with_a_reference(lifecycle: Stage):
    lifecycle.happens_before("apply_configuration", fault("Runtime.ExitError"))

    done = lifecycle.run(bucket="my-bucket")

    assert done.status == "failed"
    assert lifecycle.slack.attempts == 1
    assert "Something broke on my side. Reference: wf-jrdb3m6n" in lifecycle.slack.texts[-1]


def test_a_step_that_never_ends_is_reported_as_such(lifecycle: Stage):
    lifecycle.happens_before("apply_configuration", *[fault("Sandbox.Timedout")] * 2)

    done = lifecycle.run(bucket="my-bucket")

    assert done.problem == "It took longer than it may."
    assert lifecycle.calls["apply_configuration"] == 2


# --- it tries again --------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "answer", [(503, "SlowDown"), (500, "InternalError"), (409, "OperationAborted"), (400, "RequestTimeout")]
)
def test_a_busy_s3_is_asked_again(lifecycle: Stage, answer: tuple[int, str]):
    lifecycle.aws_answers("s3", "PutBucketLifecycleConfiguration", answer, answer)

    done = lifecycle.run(bucket="my-bucket")

    assert done.status == "succeeded"
    assert lifecycle.calls["apply_configuration"] == 3
    assert [step.problem for step in done.steps] == [""] * 5


def test_an_s3_that_stays_busy_is_reported_after_five_attempts(lifecycle: Stage):
    lifecycle.aws_answers("s3", "PutBucketLifecycleConfiguration", *[(503, "SlowDown")] * 5)

    done = lifecycle.run(bucket="my-bucket")

    assert done.status == "failed"
    assert lifecycle.calls["apply_configuration"] == 5
    assert done.problem.startswith("Apply configuration: AWS")


def test_rules_that_s3_does_not_show_yet_are_looked_for_again(lifecycle: Stage):
    lifecycle.happens_before("verify_configuration", lambda: put(lifecycle, THEIRS), lambda: put(lifecycle, OURS))

    done = lifecycle.run(bucket="my-bucket")

    assert done.status == "succeeded"
    assert lifecycle.calls["verify_configuration"] == 2


def test_rules_that_s3_never_shows_are_reported(lifecycle: Stage):
    lifecycle.happens_before("verify_configuration", lambda: put(lifecycle, THEIRS))

    done = lifecycle.run(bucket="my-bucket")

    assert done.status == "failed"
    assert lifecycle.calls["verify_configuration"] == 7
    assert "S3 does not show the new rules of my-bucket yet" in lifecycle.slack.texts[-1]
    assert "Restore previous" in lifecycle.slack.shown()  # it has changed something


# --- it runs twice ---------------------------------------------------------------------------------------------------


def test_a_second_run_in_the_middle_of_the_first_adds_one_rule(lifecycle: Stage):
    put(lifecycle, THEIRS)
    lifecycle.happens_before("apply_configuration", lambda: assert_ends(lifecycle))

    done = lifecycle.run(bucket="my-bucket")

    assert done.status == "succeeded"
    assert rules(lifecycle) == [THEIRS, OURS]
    assert len(lifecycle.slack.posts) == 2


def assert_ends(stage: Stage) -> None:
    assert stage.again(stage.record()) == "SUCCEEDED"


# --- Slack will not ---------------------------------------------------------------------------------------------------


def test_results_that_slack_never_takes_are_still_in_the_record(lifecycle: Stage):
    lifecycle.slack.answers.append((200, {"ok": False, "error": "channel_not_found"}))

    done = lifecycle.run(bucket="my-bucket")

    assert not done.posted_at
    assert done.status == "succeeded"
    assert done.report["headline"].startswith("From now on, files under logs/ in my-bucket")
    assert lifecycle.calls["post_results"] == 1
    assert lifecycle.wait() == "FAILED"
