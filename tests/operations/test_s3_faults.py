"""The S3 operations against a server that answers as S3 does where moto does not."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from bot.aws import Aws
from bot.copies import Place, Transfer, seconds_needed
from bot.errors import AlreadyExists, AwsRefused, NotFound, TooLarge
from tests.operations.conftest import SETTINGS, Asker, cells, lines
from tests.s3_server import OWNER, SOURCE_OWNER, Answer, Asked, FakeS3, Story, error, s3_server

MB = 1024**2
GB = 1024**3
HOME = {"x-amz-bucket-region": "us-east-1"}
SOURCE, TARGET = Place("my-bucket", "big.bin"), Place("other-bucket", "big.bin")
COPY = {"key": "big.bin", "source_bucket": "my-bucket", "destination_bucket": "other-bucket"}


@pytest.fixture
def s3(monkeypatch: pytest.MonkeyPatch) -> Iterator[FakeS3]:
    with s3_server(lambda asked: Answer(headers=HOME), monkeypatch) as fake:
        yield fake


@pytest.fixture
def ask(s3: FakeS3) -> Asker:
    return Asker(Aws(SETTINGS))


# --- lists ------------------------------------------------------------------------------------------------------------


def bucket_page(names: list[str], token: str) -> Answer:
    items = "".join(
        f"<Bucket><Name>{name}</Name><CreationDate>2026-01-02T03:04:05Z</CreationDate>"
        f"<BucketRegion>eu-west-1</BucketRegion></Bucket>"
        for name in names
    )
    onward = f"<ContinuationToken>{token}</ContinuationToken>" if token else ""
    return Answer(body=f"<ListAllMyBucketsResult><Buckets>{items}</Buckets>{onward}</ListAllMyBucketsResult>")


def test_many_buckets_come_in_pages_with_their_regions(ask: Asker, s3: FakeS3):
    names = [f"bucket-{number:02}" for number in range(60)]

    def story(asked: Asked) -> Answer:
        return bucket_page(names[50:], "") if asked.query.get("continuation-token") else bucket_page(names[:50], "t/1")

    s3.story = story

    first = ask("s3.list_buckets")
    second = ask("s3.list_buckets", page=first.next_page)

    assert lines(first.blocks) == ["Buckets 1–50, more follow"]
    assert cells(first)[:2] == [["Bucket", "Region", "Created (UTC)"], ["bucket-00", "eu-west-1", "2026-01-02 03:04"]]
    assert lines(second.blocks) == ["Buckets 51–60 of 60"]
    assert [row[0] for row in cells(second)[1:]] == names[50:]
    assert second.next_page is None
    assert [asked.query.get("continuation-token") for asked in s3.asked] == [None, "t/1"]
    assert {asked.query["max-buckets"] for asked in s3.asked} == {"50"}


def test_a_page_of_files_reads_no_more_than_it_shows(ask: Asker, s3: FakeS3):
    listing = "<ListBucketResult><IsTruncated>false</IsTruncated></ListBucketResult>"
    s3.story = lambda asked: Answer(body=listing, headers=HOME)

    ask("s3.list_files", bucket="my-bucket", prefix="logs/", page={"after": "logs/ä", "done": 50})

    [asked] = s3.calls("GET")
    assert (asked.query["max-keys"], asked.query["prefix"], asked.query["start-after"]) == ("50", "logs/", "logs/ä")
    assert asked.headers[OWNER] == "123456789012"


# --- create a bucket --------------------------------------------------------------------------------------------------

PUBLIC = (
    "<PublicAccessBlockConfiguration><BlockPublicAcls>true</BlockPublicAcls><IgnorePublicAcls>true</IgnorePublicAcls>"
    "<BlockPublicPolicy>true</BlockPublicPolicy><RestrictPublicBuckets>{}</RestrictPublicBuckets>"
    "</PublicAccessBlockConfiguration>"
)
ENCRYPTED = (
    "<ServerSideEncryptionConfiguration><Rule><ApplyServerSideEncryptionByDefault><SSEAlgorithm>AES256</SSEAlgorithm>"
    "</ApplyServerSideEncryptionByDefault></Rule></ServerSideEncryptionConfiguration>"
)


def new_bucket(public: Answer, encryption: Answer) -> dict[str, Answer]:
    return {"publicAccessBlock": public, "encryption": encryption}


def creating(answers: dict[str, Answer]) -> Story:
    def story(asked: Asked) -> Answer:
        if asked.method == "HEAD":
            return Answer(404)
        return next((answer for name, answer in answers.items() if name in asked.query), Answer())

    return story


def test_a_new_bucket_has_the_protection_that_aws_gives_it(ask: Asker, s3: FakeS3):
    s3.story = creating(new_bucket(Answer(body=PUBLIC.format("true")), Answer(body=ENCRYPTED)))

    assert lines(ask("s3.create_bucket", bucket="new-bucket").blocks) == [
        "Created the bucket new-bucket in us-east-1.",
        "Public access is blocked.",
        "New files are encrypted (AES256).",
        "It keeps no versions: a file that is deleted or replaced is gone for good.",
    ]


def test_an_answer_without_settings_claims_nothing(ask: Asker, s3: FakeS3):
    s3.story = creating(new_bucket(Answer(), Answer()))

    assert lines(ask("s3.create_bucket", bucket="new-bucket").blocks)[1:] == [
        "It keeps no versions: a file that is deleted or replaced is gone for good."
    ]


def test_public_access_is_blocked_only_when_all_of_it_is(ask: Asker, s3: FakeS3):
    s3.story = creating(new_bucket(Answer(body=PUBLIC.format("false")), Answer(body=ENCRYPTED)))

    assert lines(ask("s3.create_bucket", bucket="new-bucket").blocks)[1] == "Public access is NOT blocked."


def test_protection_that_may_not_be_read_is_not_claimed(ask: Asker, s3: FakeS3):
    s3.story = creating(new_bucket(error(403, "AccessDenied"), error(500, "InternalError")))

    assert lines(ask("s3.create_bucket", bucket="new-bucket").blocks) == [
        "Created the bucket new-bucket in us-east-1.",
        "It keeps no versions: a file that is deleted or replaced is gone for good.",
    ]


def test_a_name_that_somebody_else_has_is_not_tried(ask: Asker, s3: FakeS3):
    s3.story = lambda asked: Answer(403)

    with pytest.raises(AlreadyExists) as raised:
        ask("s3.create_bucket", bucket="their-bucket")

    assert raised.value.sentence == (
        "The name their-bucket is taken, by another account or by a bucket that is closed to me."
    )
    assert s3.calls("PUT") == []


def test_a_name_that_is_taken_in_the_same_moment_is_told(ask: Asker, s3: FakeS3):
    s3.story = lambda asked: Answer(404) if asked.method == "HEAD" else error(409, "BucketAlreadyExists")

    with pytest.raises(AlreadyExists, match="The name new-bucket is taken by somebody else"):
        ask("s3.create_bucket", bucket="new-bucket")


def test_us_east_1_is_never_named_as_a_location(ask: Asker, s3: FakeS3):
    s3.story = creating({})

    ask("s3.create_bucket", bucket="new-bucket")
    ask("s3.create_bucket", bucket="new-bucket", region="eu-west-1")

    here, there = [asked for asked in s3.calls("PUT") if not asked.query]
    assert (here.signed_for, here.body) == ("us-east-1", "")
    assert there.signed_for == "eu-west-1"
    assert "<LocationConstraint>eu-west-1</LocationConstraint>" in there.body


# --- copy a file ------------------------------------------------------------------------------------------------------


class CopyStory:
    """A bucket with one file, and another bucket without; answers to each step can be replaced."""

    def __init__(self, size: int) -> None:
        self.head = Answer(
            headers={
                "Content-Length": str(size),
                "ETag": '"e1"',
                "Last-Modified": "Fri, 02 Jan 2026 03:04:05 GMT",
                **HOME,
            }
        )
        self.copy = Answer(body="<CopyObjectResult><ETag>e2</ETag></CopyObjectResult>")
        self.part = Answer(body="<CopyPartResult><ETag>p</ETag></CopyPartResult>")
        self.complete = Answer(body="<CompleteMultipartUploadResult><ETag>e3</ETag></CompleteMultipartUploadResult>")

    def __call__(self, asked: Asked) -> Answer:
        if asked.method == "HEAD":
            return self._looked_at(asked)
        if "x-amz-copy-source" in asked.headers:
            return self.part if "partNumber" in asked.query else self.copy
        if "uploads" in asked.query:
            started = "<InitiateMultipartUploadResult><UploadId>u1</UploadId></InitiateMultipartUploadResult>"
            return Answer(body=started)
        if "tagging" in asked.query:
            return Answer(body="<Tagging><TagSet><Tag><Key>a</Key><Value>b</Value></Tag></TagSet></Tagging>")
        return self.complete if asked.method == "POST" else Answer(204)

    def _looked_at(self, asked: Asked) -> Answer:
        if asked.path.count("/") == 1:
            return Answer(headers=HOME)
        return self.head if asked.path.startswith("/my-bucket/") else Answer(404)


def writes(s3: FakeS3) -> list[Asked]:
    return [asked for asked in s3.asked if asked.method not in ("GET", "HEAD")]


def test_five_gigabytes_are_copied_in_one_atomic_request(ask: Asker, s3: FakeS3):
    s3.story = CopyStory(5 * GB)

    reply = ask("s3.copy_file", **COPY)

    [write] = writes(s3)
    assert (write.method, write.path, write.query.get("partNumber")) == ("PUT", "/other-bucket/big.bin", None)
    assert (write.headers[OWNER], write.headers[SOURCE_OWNER]) == ("123456789012", "123456789012")
    assert write.headers["x-amz-copy-source-if-match"] == '"e1"'
    assert reply.text == "Copied big.bin (5 GB) from my-bucket to other-bucket."


def test_more_than_five_gigabytes_are_copied_in_parts_and_put_together(ask: Asker, s3: FakeS3):
    s3.story = CopyStory(5 * GB + 1)

    ask("s3.copy_file", **COPY)

    parts = s3.calls("PUT", having="partNumber")
    assert {int(part.query["partNumber"]) for part in parts} == set(range(1, 82))
    assert {part.headers[SOURCE_OWNER] for part in parts} == {"123456789012"}
    assert {part.headers[OWNER] for part in parts} == {"123456789012"}
    assert {part.headers["x-amz-copy-source-if-match"] for part in parts} == {'"e1"'}
    assert max(parts, key=lambda part: int(part.query["partNumber"])).headers["x-amz-copy-source-range"] == (
        "bytes=5368709120-5368709120"
    )
    assert len(s3.calls("POST", having="uploadId")) == 1
    assert len(s3.calls("PUT", having="tagging")) == 1


def test_a_copy_that_cannot_end_in_time_is_refused_before_it_begins(ask: Asker, s3: FakeS3):
    s3.story = CopyStory(7 * GB)
    ask.seconds = 30

    with pytest.raises(TooLarge) as raised:
        ask("s3.copy_file", **COPY)

    assert raised.value.sentence == (
        "big.bin has 7 GB. Copying it can take 30 s, and I have 18 s for it. Nothing was copied."
    )
    assert "aws s3 cp" in raised.value.hint
    assert writes(s3) == []


def test_a_copy_is_counted_on_to_take_this_long():
    assert seconds_needed(0, same_region=True) == 1
    assert seconds_needed(1000 * MB, same_region=True) == 11
    assert seconds_needed(1000 * MB, same_region=False) == 21
    assert seconds_needed(10_000 * MB, same_region=True) == 41


def test_a_copy_in_parts_that_runs_out_of_time_is_aborted(s3: FakeS3):
    story = CopyStory(6 * GB)
    story.part = Answer(body=story.part.body, seconds=0.6)
    s3.story = story

    with pytest.raises(TooLarge) as raised:
        Transfer(Aws(SETTINGS), SOURCE, TARGET, size=6 * GB, seconds=3).run('"e1"')

    assert raised.value.sentence == (
        "Copying big.bin did not end within 3 s, so I stopped it and took its parts back. other-bucket is as it was."
    )
    [aborted] = s3.calls("DELETE")
    assert (aborted.path, aborted.query["uploadId"]) == ("/other-bucket/big.bin", "u1")
    assert aborted is s3.asked[-1]
    assert s3.calls("POST", having="uploadId") == []


def test_a_part_that_fails_aborts_the_others(ask: Asker, s3: FakeS3):
    story = CopyStory(6 * GB)
    story.part = error(403, "AccessDenied", "not authorized to perform: s3:GetObject on resource: x")
    s3.story = story

    with pytest.raises(AwsRefused, match=r"I lack the permission s3:GetObject\."):
        ask("s3.copy_file", **COPY)

    assert [aborted.query["uploadId"] for aborted in s3.calls("DELETE")] == ["u1"]


def test_a_copy_that_is_not_answered_is_not_repeated_and_its_end_is_not_made_up(s3: FakeS3):
    story = CopyStory(1 * MB)
    story.copy = Answer(seconds=2)
    s3.story = story

    with pytest.raises(AwsRefused) as raised:
        Transfer(Aws(SETTINGS), SOURCE, TARGET, size=MB, seconds=1).run('"e1"')

    assert raised.value.sentence == "AWS did not say within 1 s whether it copied big.bin; it may still do so."
    assert len(writes(s3)) == 1


def test_a_file_that_changed_in_the_meantime_is_not_copied(ask: Asker, s3: FakeS3):
    story = CopyStory(1 * MB)
    story.copy = error(412, "PreconditionFailed")
    s3.story = story

    with pytest.raises(AwsRefused, match=r"big\.bin changed while I was working on it\."):
        ask("s3.copy_file", **COPY)


def test_an_error_inside_an_answer_of_200_is_an_error(ask: Asker, s3: FakeS3):
    story = CopyStory(1 * MB)
    story.copy = Answer(200, "<Error><Code>InternalError</Code></Error>")
    s3.story = story

    with pytest.raises(AwsRefused, match=r"AWS has a problem of its own\."):
        ask("s3.copy_file", **COPY)


@pytest.mark.parametrize(
    ("headers", "archived"),
    [
        ({"x-amz-storage-class": "GLACIER"}, True),
        ({"x-amz-storage-class": "GLACIER", "x-amz-restore": 'ongoing-request="true"'}, True),
        ({"x-amz-storage-class": "GLACIER", "x-amz-restore": 'ongoing-request="false", expiry-date="x"'}, False),
        ({"x-amz-storage-class": "GLACIER_IR"}, False),
        ({"x-amz-storage-class": "INTELLIGENT_TIERING", "x-amz-archive-status": "ARCHIVE_ACCESS"}, True),
        ({"x-amz-storage-class": "INTELLIGENT_TIERING"}, False),
    ],
)
def test_only_what_is_archived_now_is_refused(ask: Asker, s3: FakeS3, headers: dict[str, str], archived: bool):
    story = CopyStory(1 * MB)
    story.head = Answer(headers={**story.head.headers, **headers})
    s3.story = story

    if archived:
        with pytest.raises(AwsRefused, match="must be restored"):
            ask("s3.copy_file", **COPY)
        assert writes(s3) == []
    else:
        assert ask("s3.copy_file", **COPY).text == "Copied big.bin (1 MB) from my-bucket to other-bucket."


# --- delete a file ----------------------------------------------------------------------------------------------------


def test_a_bucket_that_went_to_another_account_is_not_touched(ask: Asker, s3: FakeS3):
    """It was seen as ours; now somebody else has the name, and S3 refuses by ExpectedBucketOwner."""
    ask.aws.s3("my-bucket")
    s3.story = lambda asked: Answer(403)

    with pytest.raises(AwsRefused, match=r"AWS does not let me do that in my-bucket\."):
        ask("s3.delete_file", bucket="my-bucket", key="k")

    assert s3.calls("DELETE") == []


def test_a_file_that_may_not_be_listed_is_not_found_without_suggestions(ask: Asker, s3: FakeS3):
    empty = "<ListBucketResult><IsTruncated>false</IsTruncated></ListBucketResult>"

    def story(asked: Asked) -> Answer:
        return Answer(404) if asked.path == "/my-bucket/k" else Answer(body=empty, headers=HOME)

    s3.story = story

    with pytest.raises(NotFound) as raised:
        ask("s3.delete_file", bucket="my-bucket", key="k")

    assert (raised.value.sentence, raised.value.examples) == ("There is no file named k in my-bucket.", ())
