"""The S3 operations against moto, which does what S3 does for all that is tested here."""

from __future__ import annotations

from typing import Any

import pytest

from bot.errors import AlreadyExists, AwsRefused, BadValue, NotFound
from tests.operations.conftest import Asker, cells, lines


@pytest.fixture
def s3(ask: Asker) -> Any:
    client = ask.aws.client("s3")
    client.create_bucket(Bucket="my-bucket")
    client.create_bucket(Bucket="other-bucket")
    return client


def put(s3: Any, *keys: str, bucket: str = "my-bucket", body: bytes = b"0123456789") -> None:
    for key in keys:
        s3.put_object(Bucket=bucket, Key=key, Body=body)


def keys_of(s3: Any, bucket: str) -> list[str]:
    return [item["Key"] for item in s3.list_objects_v2(Bucket=bucket).get("Contents", [])]


# --- list buckets -----------------------------------------------------------------------------------------------------


def test_an_account_without_buckets_says_so(ask: Asker):
    assert ask("s3.list_buckets").text == "There are no buckets in this account."


def test_buckets_are_listed_by_name(ask: Asker, s3: Any):
    reply = ask("s3.list_buckets")

    assert reply.text == "2 buckets: my-bucket, other-bucket"
    assert [row[0] for row in cells(reply)] == ["Bucket", "my-bucket", "other-bucket"]
    assert reply.next_page is None


# --- list files -------------------------------------------------------------------------------------------------------


def test_an_empty_bucket_says_so(ask: Asker, s3: Any):
    assert ask("s3.list_files", bucket="my-bucket").text == "The bucket my-bucket is empty."


def test_a_prefix_without_files_says_so(ask: Asker, s3: Any):
    put(s3, "a.txt")

    assert (
        ask("s3.list_files", bucket="my-bucket", prefix="logs/").text == "There are no files in my-bucket under logs/."
    )


def test_files_are_listed_with_size_and_time(ask: Asker, s3: Any):
    put(s3, "b.txt", "a.txt")
    put(s3, "logs/c.txt", body=b"x" * 1536)

    reply = ask("s3.list_files", bucket="my-bucket")

    assert reply.text == "3 files in my-bucket: a.txt (10 bytes), b.txt (10 bytes), logs/c.txt (1.5 KB)"
    assert [row[:2] for row in cells(reply)] == [
        ["File", "Size"],
        ["a.txt", "10 bytes"],
        ["b.txt", "10 bytes"],
        ["logs/c.txt", "1.5 KB"],
    ]


def test_a_storage_class_is_shown_when_one_is_not_the_usual(ask: Asker, s3: Any):
    put(s3, "a.txt")
    s3.put_object(Bucket="my-bucket", Key="old.txt", Body=b"", StorageClass="GLACIER")

    assert [[row[0], row[3]] for row in cells(ask("s3.list_files", bucket="my-bucket"))] == [
        ["File", "Storage"],
        ["a.txt", "STANDARD"],
        ["old.txt", "GLACIER"],
    ]


def test_a_long_bucket_comes_in_pages_that_meet(ask: Asker, s3: Any):
    put(s3, *(f"{number:03}" for number in range(120)))

    first = ask("s3.list_files", bucket="my-bucket")
    second = ask("s3.list_files", bucket="my-bucket", page=first.next_page)
    third = ask("s3.list_files", bucket="my-bucket", page=second.next_page)

    assert [lines(reply.blocks) for reply in (first, second, third)] == [
        ["Files 1–50 in my-bucket, more follow"],
        ["Files 51–100 in my-bucket, more follow"],
        ["Files 101–120 of 120 in my-bucket"],
    ]
    listed = [row[0] for reply in (first, second, third) for row in cells(reply)[1:]]
    assert listed == [f"{number:03}" for number in range(120)]
    assert third.next_page is None


def test_a_page_goes_on_where_it_ended_although_files_came_and_went(ask: Asker, s3: Any):
    put(s3, *(f"{number:03}" for number in range(60)))
    first = ask("s3.list_files", bucket="my-bucket")

    s3.delete_object(Bucket="my-bucket", Key="049")  # the last that was shown
    put(s3, "049a", "000a")

    second = ask("s3.list_files", bucket="my-bucket", page=first.next_page)
    assert [row[0] for row in cells(second)[1:]] == ["049a", *(f"{number:03}" for number in range(50, 60))]


def test_a_bucket_emptied_between_two_pages_has_no_further_files(ask: Asker, s3: Any):
    reply = ask("s3.list_files", bucket="my-bucket", page={"after": "z", "done": 50})

    assert reply.text == "There are no further files in my-bucket."


def test_keys_too_long_for_one_table_make_its_pages_shorter_and_are_never_cut(ask: Asker, s3: Any):
    keys = [f"{number:02}" + "😀" * 255 for number in range(30)]  # 1,022 bytes, 512 characters as Slack may count
    put(s3, *keys)

    shown, page, pages = [], None, 0
    while pages == 0 or page:
        reply = ask("s3.list_files", bucket="my-bucket", page=page)
        shown += [row[0] for row in cells(reply)[1:]]
        page, pages = reply.next_page, pages + 1

    assert shown == keys
    assert pages == 2


def test_a_key_of_a_thousand_invisible_characters_still_fits(ask: Asker, s3: Any):
    put(s3, *(f"{number}" + "\u202e" * 341 for number in range(5)))  # 1,024 bytes, 2,047 characters when written out

    reply = ask("s3.list_files", bucket="my-bucket")

    assert [len(row[0]) for row in cells(reply)[1:]] == [2047] * 4
    assert reply.next_page == {"after": "3" + "\u202e" * 341, "done": 4}


NASTY = {
    "<!channel>.txt": "<!channel>.txt",
    "a & b.txt": "a & b.txt",
    "`code` *bold* _it_.txt": "`code` *bold* _it_.txt",
    "line\nbreak.txt": r"line\nbreak.txt",
    "right\u202eleft.txt": r"right\u202eleft.txt",
    "דוח.txt": "דוח.txt",
    "😀.txt": "😀.txt",
    '"quoted" name.txt': '"quoted" name.txt',
    "trailing ": r"trailing\x20",
}


@pytest.mark.parametrize("key", NASTY, ids=ascii)
def test_any_key_is_shown_literally_and_notifies_nobody(ask: Asker, s3: Any, key: str):
    put(s3, key)

    reply = ask("s3.list_files", bucket="my-bucket")

    assert cells(reply)[1][0] == NASTY[key]
    assert "<!" not in reply.text


def test_a_missing_bucket_is_not_found(ask: Asker):
    with pytest.raises(NotFound) as raised:
        ask("s3.list_files", bucket="no-such-bucket")

    assert raised.value.sentence == "There is no bucket named no-such-bucket."


def test_a_bucket_that_vanished_after_it_was_seen_is_not_found(ask: Asker, s3: Any):
    ask("s3.list_files", bucket="my-bucket")
    s3.delete_bucket(Bucket="my-bucket")

    with pytest.raises(NotFound) as raised:
        ask("s3.list_files", bucket="my-bucket")

    assert raised.value.sentence == "There is no bucket named my-bucket."


# --- create a bucket --------------------------------------------------------------------------------------------------


def test_a_bucket_is_made_in_the_bots_own_region(ask: Asker):
    reply = ask("s3.create_bucket", bucket="new-bucket")

    assert lines(reply.blocks)[0] == "Created the bucket new-bucket in us-east-1."
    assert ask.aws.client("s3").get_bucket_location(Bucket="new-bucket")["LocationConstraint"] is None


def test_a_bucket_is_made_in_the_region_that_was_named(ask: Asker):
    reply = ask("s3.create_bucket", bucket="new-bucket", region="eu-central-1")

    assert lines(reply.blocks)[0] == "Created the bucket new-bucket in eu-central-1."
    assert ask.aws.bucket_region("new-bucket") == "eu-central-1"


def test_only_protection_that_was_read_is_claimed(ask: Asker):
    """Moto sets none; AWS blocks public access and encrypts. See test_s3_faults for what AWS answers."""
    assert lines(ask("s3.create_bucket", bucket="new-bucket").blocks)[1:] == [
        "Public access is NOT blocked.",
        "No encryption is set for new files.",
        "It keeps no versions: a file that is deleted or replaced is gone for good.",
    ]


@pytest.mark.parametrize("region", ["", "us-east-1", "eu-west-1"])
def test_making_a_bucket_again_changes_nothing_and_says_so(ask: Asker, s3: Any, region: str):
    s3.put_bucket_versioning(Bucket="my-bucket", VersioningConfiguration={"Status": "Enabled"})

    with pytest.raises(AlreadyExists) as raised:
        ask("s3.create_bucket", bucket="my-bucket", region=region)

    assert raised.value.sentence == (
        "The bucket my-bucket is there already, in us-east-1, and it is yours. Nothing was changed."
    )


def test_an_unknown_region_is_refused_before_aws_is_asked(ask: Asker):
    with pytest.raises(BadValue) as raised:
        ask("s3.create_bucket", bucket="new-bucket", region="eu-wst-1")

    assert raised.value.sentence == "eu-wst-1 is not an AWS region that I know."
    assert raised.value.hint == "Did you mean eu-west-1?"


# --- copy a file ------------------------------------------------------------------------------------------------------

COPY = {"key": "report.csv", "source_bucket": "my-bucket", "destination_bucket": "other-bucket"}


def test_a_file_is_copied_with_its_metadata_and_tags(ask: Asker, s3: Any):
    s3.put_object(
        Bucket="my-bucket", Key="report.csv", Body=b"1,2", ContentType="text/csv", Metadata={"by": "al"}, Tagging="a=b"
    )

    reply = ask("s3.copy_file", **COPY)

    copy = s3.get_object(Bucket="other-bucket", Key="report.csv")
    assert (copy["Body"].read(), copy["ContentType"], copy["Metadata"]) == (b"1,2", "text/csv", {"by": "al"})
    assert s3.get_object_tagging(Bucket="other-bucket", Key="report.csv")["TagSet"] == [{"Key": "a", "Value": "b"}]
    assert reply.text == "Copied report.csv (3 bytes) from my-bucket to other-bucket."


def test_a_copy_may_have_a_new_name(ask: Asker, s3: Any):
    put(s3, "report.csv")

    reply = ask("s3.copy_file", **COPY, destination_key="q3/ä b.csv")

    assert keys_of(s3, "other-bucket") == ["q3/ä b.csv"]
    assert reply.text == "Copied report.csv (10 bytes) from my-bucket to other-bucket as q3/ä b.csv."


def test_a_copy_within_a_bucket_needs_a_new_name(ask: Asker, s3: Any):
    put(s3, "report.csv")
    within = {**COPY, "destination_bucket": "my-bucket"}

    with pytest.raises(BadValue, match=r"report\.csv would be copied onto itself\."):
        ask("s3.copy_file", **within)
    ask("s3.copy_file", **within, destination_key="copy.csv")

    assert keys_of(s3, "my-bucket") == ["copy.csv", "report.csv"]


def test_a_copy_crosses_regions(ask: Asker, s3: Any):
    put(s3, "report.csv")
    ask("s3.create_bucket", bucket="far-bucket", region="ap-southeast-2")

    ask("s3.copy_file", **{**COPY, "destination_bucket": "far-bucket"})

    assert keys_of(s3, "far-bucket") == ["report.csv"]


def test_a_copy_says_what_it_replaced_for_good(ask: Asker, s3: Any):
    put(s3, "report.csv")
    put(s3, "report.csv", bucket="other-bucket", body=b"old")

    [warning] = lines(ask.preview("s3.copy_file", **COPY))
    reply = ask("s3.copy_file", **COPY)

    assert warning.startswith("It replaces a file of that name (3 bytes, of 20")
    assert warning.endswith("which cannot be brought back: the bucket kept no version of it.")
    assert " It replaced a file of that name (3 bytes, of 20" in reply.text


def test_a_copy_into_a_versioned_bucket_keeps_what_it_replaces(ask: Asker, s3: Any):
    s3.put_bucket_versioning(Bucket="other-bucket", VersioningConfiguration={"Status": "Enabled"})
    put(s3, "report.csv")
    put(s3, "report.csv", bucket="other-bucket", body=b"old")
    version = s3.head_object(Bucket="other-bucket", Key="report.csv")["VersionId"]

    reply = ask("s3.copy_file", **COPY)

    assert reply.text.endswith(f", which stays as an older version (id {version}).")


def test_a_copy_to_a_free_name_has_nothing_to_show_first(ask: Asker, s3: Any):
    put(s3, "report.csv")

    assert ask.preview("s3.copy_file", **COPY) == []


def test_a_missing_file_is_not_found_and_the_nearest_are_named(ask: Asker, s3: Any):
    put(s3, "reports/q3.csv", "reports/q4.csv", "Report.csv", "other.bin")

    with pytest.raises(NotFound) as raised:
        ask("s3.copy_file", **COPY)

    assert raised.value.sentence == "There is no file named report.csv in my-bucket."
    assert raised.value.examples[0] == "copy Report.csv from my-bucket to other-bucket"


def test_an_archived_file_cannot_be_copied_before_it_is_restored(ask: Asker, s3: Any):
    s3.put_object(Bucket="my-bucket", Key="report.csv", Body=b"x", StorageClass="DEEP_ARCHIVE")

    with pytest.raises(AwsRefused) as raised:
        ask("s3.copy_file", **COPY)

    assert raised.value.sentence == (
        "report.csv is archived (DEEP_ARCHIVE) and must be restored before it can be copied."
    )


def test_a_missing_destination_is_not_found_before_anything_is_done(ask: Asker, s3: Any):
    put(s3, "report.csv")

    with pytest.raises(NotFound) as raised:
        ask("s3.copy_file", **{**COPY, "destination_bucket": "no-such-bucket"})

    assert raised.value.sentence == "There is no bucket named no-such-bucket."


# --- delete a file ----------------------------------------------------------------------------------------------------

DELETE = {"key": "report.csv", "bucket": "my-bucket"}


def versioning(s3: Any, status: str) -> None:
    s3.put_bucket_versioning(Bucket="my-bucket", VersioningConfiguration={"Status": status})


def test_a_file_is_deleted_for_good(ask: Asker, s3: Any):
    put(s3, "report.csv", "other.csv")

    shown = lines(ask.preview("s3.delete_file", **DELETE))
    reply = ask("s3.delete_file", **DELETE)

    assert shown[0].startswith("10 bytes, last changed 20")
    assert shown[1] == "The bucket keeps no versions: this cannot be undone."
    assert reply.text == (
        "Deleted report.csv (10 bytes) from my-bucket. The bucket keeps no versions: it is gone for good."
    )
    assert keys_of(s3, "my-bucket") == ["other.csv"]


def test_a_preview_deletes_nothing(ask: Asker, s3: Any):
    put(s3, "report.csv")

    ask.preview("s3.delete_file", **DELETE)

    assert keys_of(s3, "my-bucket") == ["report.csv"]


def test_in_a_versioned_bucket_a_marker_hides_the_file_and_the_way_back_is_told(ask: Asker, s3: Any):
    versioning(s3, "Enabled")
    put(s3, "report.csv")

    shown = lines(ask.preview("s3.delete_file", **DELETE))
    reply = ask("s3.delete_file", **DELETE)

    [marker] = s3.list_object_versions(Bucket="my-bucket")["DeleteMarkers"]
    assert shown[1] == "The bucket keeps versions: the file is hidden by a delete marker and can be brought back."
    assert reply.text == (
        "Deleted report.csv (10 bytes) from my-bucket. It is hidden by a delete marker. This command removes"
        " only the marker, and so brings the file back:"
        f" aws s3api delete-object --bucket my-bucket --key report.csv --version-id {marker['VersionId']}"
    )
    s3.delete_object(Bucket="my-bucket", Key="report.csv", VersionId=marker["VersionId"])
    assert keys_of(s3, "my-bucket") == ["report.csv"]


def test_the_way_back_is_safe_to_paste(ask: Asker, s3: Any):
    versioning(s3, "Enabled")
    put(s3, "a; rm -rf '~'")

    reply = ask("s3.delete_file", bucket="my-bucket", key="a; rm -rf '~'")

    assert """--key 'a; rm -rf '"'"'~'"'"''""" in reply.text


@pytest.mark.parametrize("key", ["a\nb", "x" * 500 + "ü" * 262])
def test_any_key_can_be_deleted(ask: Asker, s3: Any, key: str):
    versioning(s3, "Enabled")
    put(s3, key)

    ask.preview("s3.delete_file", bucket="my-bucket", key=key)
    ask("s3.delete_file", bucket="my-bucket", key=key)

    assert keys_of(s3, "my-bucket") == []


def test_with_versioning_suspended_a_file_without_a_version_is_gone(ask: Asker, s3: Any):
    put(s3, "report.csv")
    versioning(s3, "Suspended")

    shown = lines(ask.preview("s3.delete_file", **DELETE))

    assert shown[1] == "Versioning is suspended and this file has no version of its own: it cannot be brought back."


def test_with_versioning_suspended_a_file_with_a_version_stays(ask: Asker, s3: Any):
    versioning(s3, "Enabled")
    put(s3, "report.csv")
    versioning(s3, "Suspended")

    shown = lines(ask.preview("s3.delete_file", **DELETE))

    assert shown[1] == "The bucket keeps versions: the file is hidden by a delete marker and can be brought back."


def test_a_missing_file_is_not_found_before_anybody_is_asked_to_confirm(ask: Asker, s3: Any):
    put(s3, "report-2026.csv", "report-2025.csv", "x.bin")

    for attempt in (ask, ask.preview):
        with pytest.raises(NotFound) as raised:
            attempt("s3.delete_file", key="report", bucket="my-bucket")

        assert raised.value.sentence == "There is no file named report in my-bucket."
        assert raised.value.hint == "There is, near to it:"
        assert raised.value.examples == (
            "delete report-2025.csv from my-bucket",
            "delete report-2026.csv from my-bucket",
        )


def test_a_file_named_without_its_folder_is_suggested_with_it(ask: Asker, s3: Any):
    put(s3, "2026/q3 report.csv", "2026/other.csv")

    with pytest.raises(NotFound) as raised:
        ask("s3.delete_file", key="Q3 report.csv", bucket="my-bucket")

    assert raised.value.examples == ('delete "2026/q3 report.csv" from my-bucket',)


def test_a_folder_is_not_deleted_and_none_of_its_files_is_offered(ask: Asker, s3: Any):
    put(s3, "logs/a.log", "logs/b.log")

    with pytest.raises(NotFound) as raised:
        ask.preview("s3.delete_file", key="logs/", bucket="my-bucket")

    assert raised.value.sentence == "logs/ is a folder in my-bucket, and I take one file at a time."
    assert raised.value.examples == ()


def test_a_bucket_that_vanished_between_question_and_answer_is_named(ask: Asker, s3: Any):
    put(s3, "report.csv")
    ask.preview("s3.delete_file", **DELETE)
    s3.delete_object(Bucket="my-bucket", Key="report.csv")
    s3.delete_bucket(Bucket="my-bucket")

    with pytest.raises(NotFound) as raised:
        ask("s3.delete_file", **DELETE)

    assert raised.value.sentence == "There is no bucket named my-bucket."
