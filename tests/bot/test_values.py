"""Each type of value: what it takes, what it refuses and why."""

import pytest

from bot.errors import BadValue
from bot.values import KEY_BYTES, TYPES, Location, location, parse, sure


@pytest.mark.parametrize(
    "name", ["abc", "my-bucket", "my.bucket.name", "123", "2024-archive", "a" * 63, "s3://my-bucket", "my-bucket/"]
)
def test_a_legal_bucket_is_taken_as_typed(name: str) -> None:
    assert parse("bucket", name) == name.removeprefix("s3://").removesuffix("/")


@pytest.mark.parametrize(
    ("name", "rule"),
    [
        ("ab", "3 to 63 characters"),
        ("a" * 64, "3 to 63 characters"),
        ("My-Bucket", "capital letters"),
        ("my_bucket", "“_”"),
        ("my bucket", "a space"),
        ("bücket", "“ü”"),
        ("-bucket", "begin and end"),
        ("bucket-", "begin and end"),
        ("my..bucket", "two dots"),
        ("192.168.1.1", "IP address"),
        ("xn--bucket", "xn--"),
        ("sthree-bucket", "sthree-"),
        ("bucket-s3alias", "-s3alias"),
        ("bucket--x-s3", "--x-s3"),
        ("s3://my-bucket/key.txt", "inside a bucket"),
    ],
)
def test_an_illegal_bucket_is_refused_with_the_rule_it_breaks(name: str, rule: str) -> None:
    with pytest.raises(BadValue) as problem:
        parse("bucket", name)

    assert rule in problem.value.sentence


def test_a_key_keeps_everything_up_to_1024_bytes() -> None:
    assert parse("key", " Ünï code/файл.txt ") == " Ünï code/файл.txt "
    assert parse("key", "ü" * (KEY_BYTES // 2)) == "ü" * 512


def test_a_key_beyond_1024_bytes_is_refused() -> None:
    with pytest.raises(BadValue, match="1,024 bytes"):
        parse("key", "ü" * (KEY_BYTES // 2) + "x")


@pytest.mark.parametrize(
    ("said", "code"),
    [
        ("eu-west-1", "eu-west-1"),
        ("EU-West-1", "eu-west-1"),
        ("us east 1", "us-east-1"),
        ("Ireland", "eu-west-1"),
        ("Frankfurt", "eu-central-1"),
        ("Tokyo", "ap-northeast-1"),
        ("northern  Virginia", "us-east-1"),
        ("são paulo", "sa-east-1"),
        ("ap-southeast-9", "ap-southeast-9"),
    ],
)
def test_a_region_is_known_by_code_and_by_place(said: str, code: str) -> None:
    assert parse("region", said) == code


@pytest.mark.parametrize("said", ["Atlantis", "eu", "west-1", ""])
def test_what_is_no_region_is_refused(said: str) -> None:
    with pytest.raises(BadValue):
        parse("region", said)


@pytest.mark.parametrize(
    ("said", "hours"),
    [("6", 6), ("24h", 24), ("3 days", 72), ("a week", 168), ("two weeks", 336), ("a couple of days", 48), ("day", 24)],
)
def test_hours_are_counted_from_any_unit(said: str, hours: int) -> None:
    assert parse("hours", said) == hours


@pytest.mark.parametrize(
    ("said", "days"),
    [
        ("30", 30),
        ("30 days", 30),
        ("90d", 90),
        ("2 weeks", 14),
        ("six months", 180),
        ("a year", 365),
        ("48 hours", 2),
        ("a hundred and eighty days", 180),
        ("three hundred sixty-five days", 365),
        ("sixty five days", 65),
    ],
)
def test_days_are_counted_from_any_unit(said: str, days: int) -> None:
    assert parse("days", said) == days


@pytest.mark.parametrize("said", ["0", "-3", "1.5", "", "soon", "36 hours", "999999", "twelve hundred days", "²"])
def test_days_that_are_not_whole_or_too_many_are_refused(said: str) -> None:
    with pytest.raises(BadValue):
        parse("days", said)


@pytest.mark.parametrize(
    ("kind", "said", "advice"),
    [
        ("hours", "90 minutes", "say “2 hours”, or another from 1 to 8,760."),
        ("hours", "20 minutes", "say “1 hour”, or another from 1 to 8,760."),
        ("days", "36 hours", "say “2 days”, or another from 1 to 36,500."),
        ("days", "soon", "say a whole number from 1 to 36,500."),
        ("days", "500 years", "say a whole number from 1 to 36,500."),
    ],
)
def test_a_time_that_is_not_whole_is_told_the_next_that_is(kind: str, said: str, advice: str) -> None:
    with pytest.raises(BadValue, match=advice):
        parse(kind, said)


def test_an_execution_id_is_read_in_either_case() -> None:
    assert parse("execution_id", "WF-K3M9X2Q7") == "wf-k3m9x2q7"
    with pytest.raises(BadValue, match="wf-k3m9x2q7"):
        parse("execution_id", "wf-123")


def test_a_log_group_may_be_an_arn() -> None:
    arn = "arn:aws:logs:us-east-1:123456789012:log-group:/aws/lambda/f:*"

    assert parse("log_group", arn) == "/aws/lambda/f"
    with pytest.raises(BadValue):
        parse("log_group", "/aws/lambda/a b")


def test_a_choice_is_given_in_its_own_spelling() -> None:
    assert parse("choice", "parquet", ("CSV", "ORC", "Parquet")) == "Parquet"
    with pytest.raises(BadValue, match="CSV, ORC, Parquet"):
        parse("choice", "json", ("CSV", "ORC", "Parquet"))


@pytest.mark.parametrize(
    ("said", "workflow"),
    [
        ("inventory_report", "inventory_report"),
        ("the Inventory Report workflow", "inventory_report"),
        ("s3 inventory", "inventory_report"),
        ("log-analysis", "log_analysis"),
        ("lifecycle", "lifecycle_management"),
    ],
)
def test_a_workflow_is_known_by_its_name_or_a_part_that_only_it_has(said: str, workflow: str) -> None:
    names = ("inventory_report", "log_analysis", "lifecycle_management")

    assert parse("workflow", said, names) == workflow
    assert sure("workflow", said, names)


@pytest.mark.parametrize("said", ["bucket", "cleanup", "the workflow", ""])
def test_what_is_the_name_of_no_workflow_or_of_two_is_refused_with_their_names(said: str) -> None:
    with pytest.raises(BadValue, match=r"There are: bucket audit, bucket report\."):
        parse("workflow", said, ("bucket_audit", "bucket_report"))


@pytest.mark.parametrize(
    ("text", "place"),
    [
        ("s3://my-bucket/a/b.txt", Location("my-bucket", "a/b.txt")),
        ("S3://my-bucket", Location("my-bucket", "")),
        ("arn:aws:s3:::my-bucket/k", Location("my-bucket", "k")),
        ("https://my-bucket.s3.eu-west-1.amazonaws.com/k", Location("my-bucket", "k")),
        ("https://s3.amazonaws.com/my-bucket/k", Location("my-bucket", "k")),
        ("https://example.com/k", None),
        ("my-bucket/k", None),
    ],
)
def test_a_place_in_one_piece_is_taken_apart(text: str, place: Location | None) -> None:
    assert location(text) == place


def test_only_the_form_makes_a_value_sure() -> None:
    assert sure("bucket", "my-bucket")
    assert not sure("bucket", "production")
    assert not sure("bucket", "report.csv")
    assert not sure("bucket", "wf-k3m9x2q7")
    assert sure("key", "report.csv")
    assert not sure("key", "report")
    assert sure("log_group", "/aws/lambda/f")
    assert not sure("log_group", "f")


def test_every_type_says_what_is_wrong_or_gives_a_value() -> None:
    for name in TYPES:
        for text in ("", " ", "\x00", "😀", "a" * 5000, "\ud800"):
            try:
                value = parse(name, text)
            except BadValue as problem:
                assert problem.sentence  # noqa: PT017 - either is right
            else:
                assert isinstance(value, str | int)


@pytest.mark.parametrize(
    ("text", "hours"),
    [
        ("a day and a half", 36),
        ("2 days and a half", 60),
        ("a week and a half", 252),
        ("1.5 days", 36),
        ("0,25 days", 6),
    ],
)
def test_a_length_of_time_may_have_a_fraction(text: str, hours: int) -> None:
    assert parse("hours", text) == hours


@pytest.mark.parametrize(("text", "number"), [("3", 3), ("#3", 3), ("three", 3)])
def test_a_number_may_be_a_word(text: str, number: int) -> None:
    assert parse("number", text) == number


def test_half_an_hour_is_no_number_of_hours() -> None:
    with pytest.raises(BadValue):
        parse("hours", "an hour and a half")
    with pytest.raises(BadValue):
        parse("hours", "1.5 hours")
