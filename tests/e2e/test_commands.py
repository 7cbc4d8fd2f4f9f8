"""Each command of the vocabulary, from the signed request to what the channel saw and what S3 then held."""

from __future__ import annotations

import re

from sandbox.bedrock import Bedrock, chooses
from sandbox.slack import read
from seeds.load import Loaded, load
from tests.e2e.room import Room, actions, root


def test_list_buckets_names_them_with_their_regions(room: Room) -> None:
    home, abroad = room.bucket(), room.bucket(region="eu-west-1")

    said = read(room.command("list buckets"))

    assert re.search(rf"{home} .*us-east-1", said)
    assert re.search(rf"{abroad} .*eu-west-1", said)


def test_list_files_names_them(room: Room) -> None:
    bucket = room.bucket("a.txt", "folder/b c.txt", "ü.txt")

    said = read(room.command(f"list files in {bucket}"))

    assert all(key in said for key in ("a.txt", "folder/b c.txt", "ü.txt"))


def test_list_files_of_a_bucket_in_another_region(room: Room) -> None:
    bucket = room.bucket("a.txt", region="ap-southeast-2")

    assert "a.txt" in read(room.mention(f"list files in {bucket}"))


def test_a_long_list_goes_on_with_a_button(room: Room) -> None:
    bucket = room.bucket(*(f"file-{number:03}.txt" for number in range(60)))
    first = room.command(f"list files in {bucket}")
    assert "file-049.txt" in read(first)
    assert "file-050.txt" not in read(first)

    second = read(room.click(first, "next"))

    assert "file-050.txt" in second
    assert "file-059.txt" in second


def test_create_bucket_makes_one(room: Room) -> None:
    room.command("create bucket e2e-made-here", by="bob")

    assert room.s3().head_bucket(Bucket="e2e-made-here")["BucketRegion"] == "us-east-1"


def test_create_bucket_in_a_region_makes_it_there(room: Room) -> None:
    room.command("create bucket e2e-made-in-ireland in eu-west-1", by="bob")

    assert room.s3().get_bucket_location(Bucket="e2e-made-in-ireland")["LocationConstraint"] == "eu-west-1"


def test_copy_puts_the_file_into_the_other_bucket_wherever_that_is(room: Room) -> None:
    source, destination = room.bucket("report.csv"), room.bucket(region="eu-west-1")

    room.command(f"copy report.csv from {source} to {destination}", by="bob")

    copied = room.s3("eu-west-1").get_object(Bucket=destination, Key="report.csv")["Body"].read()
    assert copied == b"content of report.csv"
    assert room.keys(source) == ["report.csv"]


def test_delete_waits_for_its_confirmation(room: Room) -> None:
    bucket = room.bucket("old.csv", "keep.csv")
    asked = room.command(f"delete old.csv from {bucket}")
    assert actions(asked) == ["confirm", "cancel"]
    assert room.keys(bucket) == ["keep.csv", "old.csv"]

    done = room.click(asked, "confirm")

    assert room.keys(bucket) == ["keep.csv"]
    assert actions(done) == []


def test_delete_that_is_cancelled_deletes_nothing(room: Room) -> None:
    bucket = room.bucket("old.csv")

    room.click(room.command(f"delete old.csv from {bucket}"), "cancel")

    assert room.keys(bucket) == ["old.csv"]


def test_delete_in_a_versioned_bucket_says_that_it_left_a_delete_marker(room: Room) -> None:
    bucket = room.bucket("old.csv", versioned=True)

    said = read(room.click(room.command(f"delete old.csv from {bucket}"), "confirm"))

    assert "delete marker" in said
    assert len(room.s3().list_object_versions(Bucket=bucket)["DeleteMarkers"]) == 1


def test_a_file_that_is_not_there_is_said_to_be_missing(room: Room) -> None:
    bucket = room.bucket("old.csv")

    said = room.command(f"delete new.csv from {bucket}")

    assert "new.csv" in read(said)
    assert "confirm" not in actions(said)


def test_list_workflows_names_what_can_be_run(room: Room) -> None:
    assert "Lifecycle management" in read(room.command("list workflows"))


def test_help_shows_what_can_be_asked(room: Room) -> None:
    said = read(room.command("help"))

    assert "list files" in said.lower()
    assert "workflow" in said.lower()


def test_lifecycle_management_adds_its_rule_and_posts_its_results_into_the_thread(room: Room) -> None:
    bucket = room.bucket("logs/a.log")
    rule = {"ID": "theirs", "Status": "Enabled", "Filter": {"Prefix": "tmp/"}, "Expiration": {"Days": 7}}
    room.s3().put_bucket_lifecycle_configuration(Bucket=bucket, LifecycleConfiguration={"Rules": [rule]})
    asked = room.mention(f"run lifecycle management workflow for {bucket}")
    assert bucket in read(asked)

    room.click(asked, "confirm")
    results = room.wait_for_text(" is done")

    assert root(results) == root(asked)
    rules = room.s3().get_bucket_lifecycle_configuration(Bucket=bucket)["Rules"]
    assert [found["ID"] for found in rules if found["ID"] == "theirs"] == ["theirs"]
    assert [(found["Filter"], found["Expiration"]) for found in rules if found["ID"] != "theirs"] == [
        ({"Prefix": "logs/"}, {"Days": 365})
    ]


def test_workflow_status_tells_how_an_execution_went(room: Room) -> None:
    asked = room.command(f"run lifecycle management workflow for {room.bucket()}")
    room.click(asked, "confirm")
    results = read(room.wait_for_text(" is done"))
    execution = re.search(r"wf-[a-z2-7]{8}", results)
    assert execution

    said = read(room.command(f"workflow status {execution[0]}", by="carol"))

    assert "is done" in said
    assert "alice" not in said  # a person is mentioned by id, which Slack shows as the name
    assert "@U0ALICE" in said


def test_a_workflow_that_fails_says_so_in_the_thread(room: Room) -> None:
    bucket = room.bucket()
    asked = room.mention(f"run lifecycle management workflow for {bucket}")
    room.s3().delete_bucket(Bucket=bucket)

    room.click(asked, "confirm")

    failed = room.wait_for_text("failed")
    assert root(failed) == root(asked)


def test_a_direct_message_needs_no_mention(room: Room) -> None:
    bucket = room.bucket("a.txt")
    direct = Room(room.stage, "D0ALICE")

    assert "a.txt" in read(direct.answer(lambda: room.person("alice").direct(f"list files in {bucket}")))


def test_what_the_knowledge_base_does_not_know_goes_to_the_model(room: Room, bedrock: Bedrock) -> None:
    bucket = room.bucket("a.txt")
    bedrock.answers.append(chooses("s3-list_files", bucket=bucket))

    said = read(room.command(f"gronk the innards of {bucket}"))

    assert "a.txt" in said
    assert "Nova Micro" in said


def test_what_the_model_explained_is_known_from_then_on_and_survives_a_reseeding(room: Room, bedrock: Bedrock) -> None:
    first, second = room.bucket("a.txt"), room.bucket("b.txt")
    bedrock.answers.append(chooses("s3-list_files", bucket=first))

    explained = room.mention(f"have {first} confess what it hides")
    room.settle()  # it is learned after the answer
    asked = len(bedrock.history)
    known = room.mention(f"have {second} confess what it hides")
    reseeded = reseed(room)

    assert ("a.txt" in read(explained), "Nova Micro" in read(explained)) == (True, True)
    assert ("b.txt" in read(known), "knowledge base" in read(known)) == (True, True)
    assert len(bedrock.history) == asked
    assert reseeded.removed == 1
    listed = read(room.command("phrases"))
    assert "have {bucket} confess what it hides" in listed
    assert "used 1 time" in listed


def reseed(room: Room) -> Loaded:
    """Writes the seeds over a table that has an entry too many."""
    resources, dynamodb = room.stage.deployment.resources, room.stage.aws.client("dynamodb")
    table = resources["KnowledgeBaseTable"]
    dynamodb.put_item(TableName=table, Item={"kind": {"S": "entry"}, "name": {"S": "s3.gone"}, "body": {"S": "{}"}})
    return load(dynamodb, table, resources["WorkflowDefinitionsTable"])


def test_an_admin_teaches_a_phrase_and_forgets_it_again(room: Room) -> None:
    bucket = room.bucket("a.txt")

    taught = read(room.command('teach "toast my-bucket" means list files in my-bucket'))
    listed = read(room.command(f"toast {bucket}"))
    number = re.findall(r"number \*?(\d+)", taught)[0]
    forgotten = read(room.command(f"forget phrase {number}"))

    assert "Learned" in taught
    assert "a.txt" in listed
    assert forgotten == "Forgotten: `toast {bucket}`. It was used 1 time.\nknowledge base"
    assert "I did not understand" in read(room.command(f"toast {bucket}"))


def test_a_value_that_the_model_made_up_is_not_believed(room: Room, bedrock: Bedrock) -> None:
    secret = room.bucket("a.txt")
    bedrock.answers.append(chooses("s3-list_files", bucket=secret))

    assert "a.txt" not in read(room.command("gronk whatever lies around"))
