"""Sentences and what the phrases of the seeds make of them."""

import random
import string

import pytest
from hypothesis import HealthCheck, Phase, assume, given, settings
from hypothesis import strategies as st

from bot.errors import BadValue
from bot.knowledge_base import from_seeds
from bot.matching import Matcher
from bot.models import Entry, Value
from bot.phrases import SAME_AS, AnyOrder, Choice, Lists, Node, Series, Slot, Word, parse
from bot.values import parse as parse_value
from bot.values import sure

KNOWLEDGE = from_seeds()
MATCHER = KNOWLEDGE.matcher
LISTS = Lists(KNOWLEDGE.words["lists"])
PHRASES = [
    (entry, parse(phrase, LISTS))
    for entry in KNOWLEDGE.entries.values()
    if entry.effect != "read" and entry.service in ("s3", "logs")
    for phrase in entry.phrases
]


def best(text: str) -> tuple[str, dict[str, Value]] | None:
    found = MATCHER.match(text)
    return (found[0].entry.name, dict(found[0].parameters)) if found else None


@pytest.mark.parametrize(
    "text",
    [
        "copy report.csv to dst-bucket from src-bucket",
        "from src-bucket copy report.csv to dst-bucket",
        "to dst-bucket copy report.csv from src-bucket",
        "cp s3://src-bucket/report.csv s3://dst-bucket/report.csv",
    ],
)
def test_the_words_around_a_bucket_say_which_it_is(text: str) -> None:
    assert best(text) == (
        "s3.copy_file",
        {"key": "report.csv", "source_bucket": "src-bucket", "destination_bucket": "dst-bucket"},
    )


@pytest.mark.parametrize("text", ["delte report.csv from my-bucket", "remvoe fiel report.csv form my-bucket"])
def test_typos_are_repaired_in_command_words(text: str) -> None:
    assert best(text) == ("s3.delete_file", {"key": "report.csv", "bucket": "my-bucket"})


@pytest.mark.parametrize(
    "text",
    ["delete my-bucket's report.csv", "delete my-bucket’s file report.csv", "my-bucket's report.csv must be deleted"],
)
def test_a_possessive_says_which_bucket_a_file_is_in(text: str) -> None:
    assert best(text) == ("s3.delete_file", {"key": "report.csv", "bucket": "my-bucket"})


def test_an_arrow_points_from_the_source_to_the_destination() -> None:
    assert best("copy report.csv src-bucket -&gt; dst-bucket") == (
        "s3.copy_file",
        {"key": "report.csv", "source_bucket": "src-bucket", "destination_bucket": "dst-bucket"},
    )


@pytest.mark.parametrize("text", ["list files in", "delete report.csv from", "copy report.csv from src-bucket to"])
def test_what_a_sentence_breaks_off_before_is_missing(text: str) -> None:
    assert MATCHER.match(text)[0].missing


@pytest.mark.parametrize("whom", ["the mobile team", "our public website"])
def test_whom_a_bucket_is_for_is_passed_over(whom: str) -> None:
    assert best(f"create a bucket for {whom} called app-1") == ("s3.create_bucket", {"bucket": "app-1"})


def test_values_are_never_repaired() -> None:
    assert best("delete reprot.csv from lsit-bukcet") == (
        "s3.delete_file",
        {"key": "reprot.csv", "bucket": "lsit-bukcet"},
    )


@pytest.mark.parametrize(
    "text", ["make bucket public", "new bucket policy", "create bucket manually", "make a bucket as private", "mb next"]
)
def test_what_a_bucket_is_like_or_has_is_not_the_name_of_a_new_one(text: str) -> None:
    assert best(text) is None


@pytest.mark.parametrize(
    "text", ["create bucket called public", 'make bucket "public"', "create a bucket, call it public"]
)
def test_any_word_is_the_name_of_a_new_bucket_once_it_is_said_to_be_one(text: str) -> None:
    assert best(text) == ("s3.create_bucket", {"bucket": "public"})


@pytest.mark.parametrize("text", ["delete half of my-bucket", "copy configuration from a-1 to b-1"])
def test_a_quantity_or_a_setting_is_no_file(text: str) -> None:
    assert best(text) is None


def test_a_quantity_is_a_file_once_it_is_said_to_be_one() -> None:
    assert best("delete file half from my-bucket") == ("s3.delete_file", {"key": "half", "bucket": "my-bucket"})


@pytest.mark.parametrize(
    "text",
    ["can I create bucket x-1?", "may I please delete a.csv from x-1", "create bucket x-1?", "am I allowed to mb x-1"],
)
def test_who_asks_whether_something_may_be_done_does_not_order_it(text: str) -> None:
    assert best(text) is None


@pytest.mark.parametrize(
    "text", ["can you create bucket x-1?", "can I get a bucket called x-1?", "create bucket x-1, please?"]
)
def test_an_order_may_have_the_form_of_a_question(text: str) -> None:
    assert best(text) == ("s3.create_bucket", {"bucket": "x-1"})


@pytest.mark.parametrize("text", ["please `list files in x-1`", "hi, “list files in x-1” please"])
def test_a_command_may_be_pasted_in_quotes_beside_politeness(text: str) -> None:
    assert best(text) == ("s3.list_files", {"bucket": "x-1"})


def test_a_copy_under_its_own_name_needs_none() -> None:
    assert best("copy a.csv from x-1 to y-1 as a.csv") == (
        "s3.copy_file",
        {"key": "a.csv", "source_bucket": "x-1", "destination_bucket": "y-1"},
    )


def test_what_is_nothing_but_politeness_is_read_without_its_emoji() -> None:
    assert best("help me 🙏") == ("help", {})


@pytest.mark.parametrize("text", ["copy a.csv as b.csv in x-1", "in x-1 copy a.csv to b.csv"])
def test_a_copy_may_stay_in_its_bucket(text: str) -> None:
    assert best(text) == (
        "s3.copy_file",
        {"key": "a.csv", "source_bucket": "x-1", "destination_bucket": "x-1", "destination_key": "b.csv"},
    )


@pytest.mark.parametrize("name", ["files", "list", "bucket", "from-to-in", "help", "copy", "workflows", "new"])
def test_words_of_the_command_may_be_names_where_nothing_else_makes_sense(name: str) -> None:
    assert best(f"list files in {name}") == ("s3.list_files", {} if name == "bucket" else {"bucket": name})
    assert best(f"create bucket {name}") == ("s3.create_bucket", {"bucket": name})


@pytest.mark.parametrize(
    "text",
    [
        "delete *.csv from my-bucket",
        'delete "*.csv" from my-bucket',
        "delete report-{1,2}.csv from my-bucket",
        "delete logs/ from my-bucket",
        "delete logs from my-bucket",
        "delete my-bucket",
        "delete bucket",
        "delete all files in my-bucket",
        "delete a.txt b.txt from my-bucket",
        "delete a.txt, b.txt from my-bucket",
        "do not delete a.txt from my-bucket",
        "delete a.txt from my-bucket tomorrow",
        "delete a.txt from my-bucket or other-bucket",
        "copy My Documents/plan.docx from my-bucket to other-bucket",
        "copy a.txt from my-bucket to my laptop",
        "move a.txt from my-bucket to other-bucket",
        "> delete a.txt from my-bucket",
        "delete a.txt from my-bucket and list buckets",
    ],
)
def test_what_is_not_asked_for_in_whole_is_not_read(text: str) -> None:
    assert best(text) is None


def test_a_value_that_breaks_its_rule_is_missing_and_said_why() -> None:
    (match, *_) = MATCHER.match("create bucket My_Bucket in Atlantis")

    assert match.parameters == {}
    assert match.missing == ("bucket", "region")
    assert "capital letters" in match.problems["bucket"]
    assert "Atlantis" in match.problems["region"]


def test_mentions_are_never_values() -> None:
    (match, *_) = MATCHER.match("delete <!channel> from my-bucket")

    assert match.parameters == {"bucket": "my-bucket"}
    assert match.missing == ("key",)


def test_learned_phrases_are_read_like_those_of_the_seeds() -> None:
    entries = tuple(KNOWLEDGE.entries.values())
    learned = [{"entry": "s3.list_files", "phrase": "rummage about {bucket}"}, {"entry": "gone", "phrase": "x {y}"}]

    (match,) = Matcher(entries, KNOWLEDGE.words, learned).match("please rummage about my-bucket")

    assert match.learned
    assert match.parameters == {"bucket": "my-bucket"}


def test_ten_thousand_phrases_offer_a_sentence_no_more_candidates() -> None:
    entries = tuple(KNOWLEDGE.entries.values())
    learned = [
        {"entry": "s3.list_files", "phrase": f"rummage{number % 100} thoroughly{number // 100} in {{bucket}}"}
        for number in range(10_000)
    ]
    large = Matcher(entries, KNOWLEDGE.words, learned)
    words = ["please", "rummage7", "thoroughly13", "in", "my-bucket"]

    extra = [phrase for phrase in large._index.candidates(words) if phrase.learned]

    assert [phrase.text for phrase in extra] == ["rummage7 thoroughly13 in {bucket}"]


# --- properties -------------------------------------------------------------------------------------------------


def legal_bucket(name: str) -> bool:
    try:
        parse_value("bucket", name)
    except BadValue:
        return False
    return True


BUCKETS = st.from_regex(r"[a-z0-9][a-z0-9-]{1,20}-[a-z0-9]{1,10}[0-9]", fullmatch=True).filter(legal_bucket)
KEYS = st.text(
    st.characters(blacklist_categories=("C", "Z"), blacklist_characters='"\\*`“”„<>@&|#') | st.just(" "),
    min_size=1,
    max_size=40,
).filter(lambda key: key.strip() == key and key.strip(".") and not key.endswith("/") and "  " not in key)
DONE = frozenset({"deleted", "removed", "erased", "gone", "copied", "duplicated", "cloned", "replicated"})
SAME = settings(max_examples=60, deadline=None, suppress_health_check=list(HealthCheck))
OF_TYPE = {
    "bucket": BUCKETS.filter(lambda name: sure("bucket", name)),  # as {bucket!} demands
    "key": KEYS,
    "prefix": st.from_regex(r"[a-z]{2,8}/([a-z]{2,8}/)?", fullmatch=True),
    "region": st.sampled_from(["eu-west-1", "us-west-2", "ap-northeast-1"]),
    "days": st.integers(30, 3650).map(lambda number: f"{number} days"),
}
VALUES = st.fixed_dictionaries(
    {
        parameter.name: st.sampled_from(parameter.choices) if parameter.choices else OF_TYPE[parameter.type]
        for entry, _ in PHRASES
        for parameter in entry.parameters
    }
)


class Sentence:
    """One sentence that a phrase allows: which of its words are said is drawn from ``seed``, always the same."""

    def __init__(self, seed: int, entry: Entry, node: Node, values: dict[str, str]) -> None:
        self._random = random.Random(seed)
        self._entry = entry
        self._values = values
        self.said: dict[str, str] = {}
        self.sound = True
        self.text = " ".join(self._say(node).split())
        if not DONE.isdisjoint(self.text.split()):
            self.text = f"please {self.text}"  # without a wish, "the file a.txt copied to b" tells what was done

    def _say(self, node: Node) -> str:
        match node:
            case Word(text):
                return text
            case Slot("_"):
                return "mobile"
            case Slot(name, mark, fixed):
                return self._value(name, mark, fixed)
            case Series(parts):
                return " ".join(self._say(part) for part in parts)
            case AnyOrder(parts):
                return " ".join(self._say(part) for part in self._random.sample(parts, len(parts)))
            case Choice(options, optional):
                return "" if optional and self._random.random() < 0.5 else self._say(self._random.choice(options))

    def _value(self, name: str, mark: str, fixed: str) -> str:
        place = mark == "@" and self._entry.parameter(name).type == "key"  # s3://bucket/key is two values
        self.sound = self.sound and name not in self.said and not place
        same = fixed.startswith(SAME_AS)
        self.said[name] = self._values[fixed.removeprefix(SAME_AS)] if same else fixed or self._values[name]
        if fixed:
            return ""
        quoted = '"{}"' if self._entry.parameter(name).type == "key" else "{}"
        return {"@": "s3://{}", "'": "{}'s"}.get(mark, quoted).format(self.said[name])


def is_read(sentence: Sentence, entry: Entry) -> bool:
    given = {parameter.name: parameter for parameter in entry.parameters}
    expected = {name: parse_value(given[name].type, text, given[name].choices) for name, text in sentence.said.items()}
    read = [dict(match.parameters) for match in MATCHER.match(sentence.text) if match.entry.name == entry.name]
    return not sentence.sound or {**entry.fixed, **expected} in read


# A failure names its sentences, so nothing is gained by minutes of shrinking.
@settings(SAME, max_examples=20, phases=(Phase.generate,))
@given(values=VALUES)
def test_values_survive_a_round_trip_through_every_phrase_that_changes_something(values: dict[str, str]) -> None:
    assume(values["key"] != values["destination_key"])
    unread = []
    for number, (entry, node) in enumerate(PHRASES):
        # What a phrase allows may be nonsense now and then ("it there"), but not each time.
        sentences = [Sentence(4 * number + attempt, entry, node, values) for attempt in range(4)]
        if not any(is_read(sentence, entry) for sentence in sentences):
            unread.append([sentence.text for sentence in sentences])

    assert not unread


@SAME
@given(bucket=BUCKETS, key=KEYS)
def test_any_legal_bucket_and_key_survive_the_canonical_commands(bucket: str, key: str) -> None:
    assert best(f"list files in {bucket}") == ("s3.list_files", {"bucket": bucket})
    assert best(f"create bucket {bucket}") == ("s3.create_bucket", {"bucket": bucket})
    assert best(f'delete "{key}" from {bucket}') == ("s3.delete_file", {"key": key, "bucket": bucket})


@SAME
@given(text=st.text(max_size=400))
def test_no_text_raises(text: str) -> None:
    MATCHER.match(text)


WORDS = st.sampled_from(
    [
        *(
            "list",
            "files",
            "in",
            "my-bucket",
            "copy",
            "delete",
            "a.txt",
            "from",
            "to",
            "the",
            "run",
            "lifecycle",
            "for",
        ),
        *("after", "30", "days", "and", "under", "logs/", "help", "create", "bucket", "please", "not", "s3://b-1/k"),
        *('"', "'", "`", "(", ")", "*", ",", "wf-k3m9x2q7", "inventory", "daily"),
    ]
)


@SAME
@given(words=st.lists(WORDS, max_size=60))
def test_no_pile_of_words_raises_or_takes_long(words: list[str]) -> None:
    MATCHER.match(" ".join(words))


COMMANDS = st.sampled_from(
    [
        example.text
        for entry in KNOWLEDGE.entries.values()
        for example in entry.examples
        if not any(parameter.type in ("text", "sentence") for parameter in entry.parameters)
    ]
)
BEFORE = st.sampled_from(["", "please ", "hey bot, ", "can you ", "Could you please ", "hi! ", "I'd like you to "])
AFTER = st.sampled_from(["", " please", " thanks!", ", please.", " for me", " asap", " 🙏", "!!!"])


@SAME
@given(
    text=COMMANDS, before=BEFORE, after=AFTER, spaces=st.sampled_from([" ", "  ", "\u00a0", "\t"]), upper=st.booleans()
)
def test_politeness_case_and_space_never_change_a_reading(
    text: str, before: str, after: str, spaces: str, upper: bool
) -> None:
    plain = MATCHER.match(text)[0]
    shown = text[0].upper() + text[1:] if upper else text
    polite = MATCHER.match(
        f"{before}{shown.rstrip('?')}{after}".replace(" ", spaces) if '"' not in text else before + text + after
    )

    assert polite, (before, text, after)
    assert (polite[0].entry.name, polite[0].parameters, polite[0].missing) == (
        plain.entry.name,
        plain.parameters,
        plain.missing,
    )


def test_punctuation_alone_is_nothing() -> None:
    for text in ["", " ", string.punctuation, "...", "🙂", "\x00\x01"]:
        assert MATCHER.match(text) == []


@pytest.mark.parametrize(
    "name", ["Q3 report.csv", "sales report.csv", "report (1).csv", "Plan A.docx", "2024 budget v2.xlsx"]
)
def test_a_name_with_spaces_needs_no_quotes_where_nothing_else_is_meant(name: str) -> None:
    assert best(f"delete {name} from my-bucket") == ("s3.delete_file", {"key": name, "bucket": "my-bucket"})


@pytest.mark.parametrize(
    "word", ["big", "almost", "accidentally", "second", "undo", "wrong", "old", "my annual", "folder"]
)
def test_a_word_about_a_file_is_not_taken_into_its_name(word: str) -> None:
    assert best(f"delete {word} report.csv from my-bucket") is None


@pytest.mark.parametrize("word", ["maybe", "not", "almost", "never", "tomorrow", "unless", "everything", "again"])
@pytest.mark.parametrize(
    "text", ["delete a.txt from my-bucket", "create bucket my-bucket", "run lifecycle for my-bucket"]
)
def test_no_word_that_changes_the_meaning_is_passed_over(text: str, word: str) -> None:
    words = text.split()
    plain = best(text)

    for place in range(len(words) + 1):
        assert best(" ".join([*words[:place], word, *words[place:]])) != plain


@pytest.mark.parametrize(
    "text",
    [
        "report.csv deleted from my-bucket?",
        "report.csv copied from my-bucket to other-bucket",
        "the boss wants old.log deleted from my-bucket",
        "remove versioning from my-bucket",
        "remove bob from my-bucket",
        "a file in my-bucket has to be deleted",
        "delete this message",
        "inventory, daily, orc",
    ],
)
def test_no_change_is_complete_that_was_only_told_or_names_no_file(text: str) -> None:
    assert all(match.missing or match.entry.effect == "read" for match in MATCHER.match(text))
