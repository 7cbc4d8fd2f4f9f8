"""What Slack and people's keyboards add is taken off, and nothing else."""

import pytest

from bot.knowledge_base import from_seeds
from bot.normalise import MENTION, SETTINGS, clean, sentence


def texts(text: str) -> list[str]:
    return [token.text for token in sentence(text).tokens]


def words(text: str) -> list[str]:
    return [token.word for token in sentence(text).tokens]


@pytest.mark.parametrize(
    ("typed", "cleaned"),
    [
        ("list files in <http://my.bucket.com|my.bucket.com>", "list files in my.bucket.com"),
        ("see <https://example.com>", "see https://example.com"),
        ("mail <mailto:a@b.io|a@b.io>", "mail a@b.io"),
        ("a &amp; b &lt;c&gt;", "a & b <c>"),
        ("list\u00a0files\u2003in\tx\r\ny", "list files in x  y"),
        ("li\u200bst \u202efiles\ufeff", "list files"),
        ("<@U0ABC> list", f"{MENTION} list"),
        ("<@U0ABC|bob smith> list", f"{MENTION} list"),
        ("<!channel> and <!subteam^S1|team>", f"{MENTION} and {MENTION}"),
        ("&lt;!channel&gt;", MENTION),
        ("<#C123|general>", MENTION),
    ],
)
def test_what_slack_adds_is_taken_off(typed: str, cleaned: str) -> None:
    assert clean(typed) == cleaned


@pytest.mark.parametrize(
    ("typed", "value"),
    [
        ('"my file.txt"', "my file.txt"),
        ("'my file.txt'", "my file.txt"),
        ("`my file.txt`", "my file.txt"),
        ("```my file.txt```", "my file.txt"),
        ("“my file.txt”", "my file.txt"),
        ("‘Mary’s file.txt’", "Mary’s file.txt"),
        ("«my file.txt»", "my file.txt"),
        (r'"a \"b\".txt"', 'a "b".txt'),
        ('"  padded  "', "  padded  "),
    ],
)
def test_quoted_text_is_one_value(typed: str, value: str) -> None:
    assert texts(f"delete {typed} now") == ["delete", value, "now"]


def test_a_command_that_is_quoted_as_a_whole_is_unwrapped() -> None:
    assert texts("`list files in my-bucket`") == ["list", "files", "in", "my-bucket"]


def test_an_apostrophe_opens_no_quotes() -> None:
    assert texts("what's in bob's bucket") == ["what's", "in", "bob's", "bucket"]


def test_values_keep_their_case_and_words_do_not() -> None:
    assert texts("Delete REPORT.csv!") == ["Delete", "REPORT.csv"]
    assert words("Delete REPORT.csv!") == ["delete", "report.csv"]


def test_final_punctuation_is_no_part_of_a_value() -> None:
    assert texts("list files in my-bucket...") == ["list", "files", "in", "my-bucket"]


def test_a_number_and_its_unit_are_one_token() -> None:
    tokens = sentence("after 3 days or a week, 24h").tokens

    assert [token.text for token in tokens] == ["after", "3 days", "or", "a week", "24h"]
    assert [token.duration.hours() for token in tokens if token.duration] == [72, 168, 24]


def test_how_often_is_no_length_of_time() -> None:
    assert words("once a week") == ["once", "a", "week"]


def test_a_setting_is_two_words() -> None:
    assert texts("prefix=logs/ --bucket=my-bucket x=1") == ["prefix", "logs/", "--bucket", "my-bucket", "x=1"]


def test_every_parameter_can_be_set_by_its_name_and_a_name_with_that_sign_stays_whole() -> None:
    names = {parameter.name for entry in from_seeds().entries.values() for parameter in entry.parameters}

    assert names <= set(SETTINGS)
    assert texts("list files under year=2026/month=01/ in my-bucket")[3] == "year=2026/month=01/"
    assert texts("destination_bucket=my-reports") == ["destination_bucket", "my-reports"]
