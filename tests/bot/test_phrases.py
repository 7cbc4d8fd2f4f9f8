"""The notation of phrases, apart from what the seeds say in it."""

from collections.abc import Sequence

import pytest

from bot.phrases import END, Facts, Lists, PhraseError, compile_phrase, parse, slots_of, wordings


class Words:
    """A sentence in which every word that is in capitals may be a value of any slot."""

    def __init__(self, text: str) -> None:
        self.words = [*text.split(), END]

    def spans(self, slot: str, mark: str, first: int) -> Sequence[tuple[int, float]]:
        return ((first + 1, 0.0),) if self.words[first].isupper() else ()


def values(phrase: str, text: str, lists: dict[str, list[str]] | None = None) -> list[dict[str, str]]:
    reader = Words(text)
    readings = compile_phrase(parse(phrase, Lists(lists)))(reader)
    return [{each.slot: each.fixed or reader.words[each.first] for each in reading.captured} for reading in readings]


def test_every_word_must_have_a_place() -> None:
    assert values("(copy|cp) [the] file {key}", "cp the file X") == [{"key": "X"}]
    assert values("(copy|cp) [the] file {key}", "cp file X") == [{"key": "X"}]
    assert values("(copy|cp) [the] file {key}", "cp my file X") == []
    assert values("(copy|cp) [the] file {key}", "cp file X now") == []


@pytest.mark.parametrize("text", ["copy X from A to B", "copy X to B from A"])
def test_parts_may_come_in_any_order(text: str) -> None:
    assert values("copy {key} (from {source};to {destination})", text) == [
        {"key": "X", "source": "A", "destination": "B"}
    ]


def test_a_part_comes_once() -> None:
    assert values("copy ([from {source}];[to {destination}])", "copy from A from B") == []


def test_parts_that_may_be_absent_are_read_once() -> None:
    assert values("go ([a];[b];[c];[d])", "go") == [{}]
    assert values("go ([a];[b];[c];[d])", "go d b") == [{}]


def test_groups_in_any_order_may_stand_inside_each_other() -> None:
    assert values("go ([a (b;[c {slot}])];[d])", "go d a c X b") == [{"slot": "X"}]


def test_lists_are_shared() -> None:
    lists = {"verb": ["copy", "make [a] copy of"], "what": ["<verb> {key}"]}

    assert values("please <what>", "please make a copy of X", lists) == [{"key": "X"}]


def test_a_slot_with_a_value_takes_no_word() -> None:
    assert values("(daily {frequency=Daily}|weekly {frequency=Weekly}) report", "weekly report") == [
        {"frequency": "Weekly"}
    ]


@pytest.mark.parametrize(
    "phrase", ["(a|b", "a)", "[a", "a]", "(a|b;c)", "{Slot}", "{slot", "<list", "<unknown>", "a > b"]
)
def test_wrong_notation_is_refused(phrase: str) -> None:
    with pytest.raises(PhraseError):
        parse(phrase)


def test_a_list_of_words_can_be_written_shortly() -> None:
    assert wordings("(need|want) a [new] bucket") == [
        "need a new bucket",
        "need a bucket",
        "want a new bucket",
        "want a bucket",
    ]
    assert wordings("when you have {time}") == ["when you have {time}"]
    with pytest.raises(PhraseError):
        wordings("(a;b)")


def test_a_list_may_not_contain_itself() -> None:
    with pytest.raises(PhraseError, match="contains itself"):
        parse("<a>", Lists({"a": ["x <b>"], "b": ["<a>"]}))


def test_the_words_that_a_phrase_needs_are_known() -> None:
    facts = Facts()

    needs = facts.needs(parse("(copy|make a copy of) [the] file {key} (from {a};[to {b}])"))

    assert needs == [frozenset({"copy", "make"}), frozenset({"file"}), frozenset({"from"})]
    assert "the" in facts.words
    assert slots_of(parse("{key} [{bucket}]")) == {"key", "bucket"}


def test_hard_sentences_take_few_steps() -> None:
    phrase = " ".join(["[a]"] * 30) + " {slot}"

    assert values(phrase, "a " * 60 + "b") == []
