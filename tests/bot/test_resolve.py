"""What a message comes to, alone and in a thread."""

from collections.abc import Sequence
from dataclasses import replace

import pytest

from bot.conversations import Thread
from bot.errors import NotOffered
from bot.knowledge_base import KnowledgeBase, from_seeds
from bot.model import ModelAnswer
from bot.models import Intent, Lesson
from bot.resolve import NOT_UNDERSTOOD, resolve, submitted

KNOWLEDGE = from_seeds()
NOBODY = Thread()


class RecordingModel:
    """A model that answers what it was told to and remembers what it was asked."""

    def __init__(self, answer: ModelAnswer | None = None) -> None:
        self.answer = answer
        self.asked: list[str] = []

    def ask(self, text: str, knowledge: KnowledgeBase, thread: Thread) -> ModelAnswer | None:
        self.asked.append(text)
        return self.answer


def intent(text: str) -> Intent:
    found = resolve(text, NOBODY, KNOWLEDGE).intent
    assert found is not None
    return found


def test_a_complete_command_is_resolved_and_says_where_its_values_came_from() -> None:
    turn = resolve("delete report.csv from my-bucket", NOBODY, KNOWLEDGE)

    assert turn.state == "resolved"
    assert turn.intent is not None
    assert turn.intent.origins == {"key": "typed", "bucket": "typed"}
    assert turn.intent.source == "knowledge_base"
    assert turn.intent.phrase


def test_a_value_that_breaks_its_rule_is_asked_for_with_the_rule() -> None:
    turn = resolve("create bucket My_Bucket", NOBODY, KNOWLEDGE)

    assert turn.state == "ask"
    assert "capital letters" in turn.error


def test_two_readings_of_which_one_changes_something_are_asked_about_in_clear_words() -> None:
    ponds = [Lesson(entry=name, phrase="pond {bucket}") for name in ("s3.create_bucket", "s3.list_files")]

    turn = resolve("pond acme-water", NOBODY, KNOWLEDGE.relearned(ponds))

    assert turn.intent is None
    assert turn.error == "That can mean “create a bucket” or “list files”."
    assert turn.problem is not None
    assert turn.problem.offers == ("create bucket acme-water", "list files in acme-water")


def test_two_readings_that_only_read_are_not_asked_about() -> None:
    ponds = [Lesson(entry=name, phrase="pond {bucket}") for name in ("bucket_audit", "s3.list_files")]

    turn = resolve("pond acme-water", NOBODY, KNOWLEDGE.relearned(ponds))

    assert turn.state == "resolved"


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("hello!", "Hello! Ask me for something such as “list buckets”; “help” shows all that I do."),
        ("Good morning everyone", "Hello! Ask me for something such as “list buckets”; “help” shows all that I do."),
        ("ok, thanks a lot", "You are welcome."),
    ],
)
def test_a_greeting_gets_a_word_back_where_it_is_meant_for_the_bot(text: str, says: str) -> None:
    listed = Thread(settled=intent("list buckets"))

    assert resolve(text, listed, KNOWLEDGE).says == says
    assert resolve(text, listed, KNOWLEDGE, addressed=False).says == ""


@pytest.mark.parametrize(
    ("text", "entry"),
    [
        ("how is it going?", "workflow.status"),
        ("status", "workflow.status"),
        ("stop it please", "workflow.stop"),
        ("stop the workflow", "workflow.stop"),
    ],
)
def test_what_is_said_of_a_run_in_its_thread_is_about_that_run(text: str, entry: str) -> None:
    started = replace(intent("run an inventory report for my-bucket"), made={"execution_id": "wf-k3m9x2q7"})

    turn = resolve(text, Thread(settled=started), KNOWLEDGE, addressed=False)

    assert turn.intent is not None
    assert (turn.state, turn.intent.entry) == ("resolved", entry)
    assert turn.intent.parameters == {"execution_id": "wf-k3m9x2q7"}
    assert turn.intent.origins == {"execution_id": "inherited"}


def test_the_same_for_another_bucket_is_a_run_of_its_own() -> None:
    started = replace(intent("run an inventory report for my-bucket"), made={"execution_id": "wf-k3m9x2q7"})

    turn = resolve("same for other-bucket", Thread(settled=started), KNOWLEDGE)

    assert turn.intent is not None
    assert turn.intent.parameters == {"workflow": "inventory_report", "bucket": "other-bucket"}
    assert turn.intent.made == {}


def test_a_greeting_leaves_a_question_open_and_a_name_answers_it() -> None:
    asked = Thread(open=intent("list files"))

    assert resolve("hello", asked, KNOWLEDGE).says.startswith("Hello!")
    answered = resolve("ping", asked, KNOWLEDGE).intent
    assert answered is not None
    assert answered.parameters == {"bucket": "ping"}


def test_an_optional_value_that_is_wrong_is_not_passed_over() -> None:
    turn = resolve("create bucket my-bucket in Atlantis", NOBODY, KNOWLEDGE)

    assert turn.intent is not None
    assert turn.intent.missing == ("region",)


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("do not delete report.csv from my-bucket", "not to do"),
        ("move report.csv from my-bucket to other-bucket", "move or rename"),
        ("upload report.csv to my-bucket", "upload"),
        ("download report.csv from my-bucket", "download"),
        ("delete *.csv from my-bucket", "one file at a time"),
        ("delete bucket my-bucket", "one file at a time"),
        ("copy all files from my-bucket to other-bucket", "one file at a time"),
        ("list buckets and delete report.csv from my-bucket", "more than one thing"),
        ("restore report.csv in my-bucket", "restore"),
        ("why is access to acme-x denied", "single settings"),
        ("create bucket acme-x with versioning", "without versioning"),
        ("make acme-x public", "how a bucket is set up"),
        ("give bob access to acme-x", "how a bucket is set up"),
        ("audit a-bucket and b-bucket", "more than one thing"),
        ("stop all workflows", "one run"),
        ("stop everything", "one run"),
        ("please stop deleting report.csv", "not to do"),
        ("aws s3 cp a.csv s3://my-bucket/", "upload"),
        ("aws s3 cp s3://my-bucket/a.csv .", "download"),
        ("move old files in my-bucket to cheaper storage", "by their age"),
        ("list files in a-bucket and in b-bucket", "more than one thing"),
        ("create bucket a-b and c-d", "more than one thing"),
        ("check wf-k3m9x2q7 and wf-k3m9x2q8", "more than one thing"),
        ("delete report.csv from my-bucket tomorrow", "nothing for later"),
        ("delete report.csv from my-bucket if it is older than a week", "no condition"),
        ("copy report.csv from my-bucket to other-bucket if it is not there", "no condition"),
        ("turn lifecycle management off for acme-x", "switch off"),
        ("remove the lifecycle rules of acme-x", "switch off"),
        ("copy a.csv from acme-x to acme-y as glacier", "as it is"),
        ("copy a.csv from acme-x to acme-y as public", "as it is"),
    ],
)
def test_what_is_not_offered_is_said_so_and_no_model_is_asked(text: str, words: str) -> None:
    model = RecordingModel()
    turn = resolve(text, NOBODY, KNOWLEDGE, model.ask)

    assert turn.state == "not_understood"
    assert isinstance(turn.problem, NotOffered)
    assert words in turn.problem.sentence
    assert model.asked == []


def test_how_a_copy_shall_be_is_its_name_in_quotes_only() -> None:
    turn = resolve('copy a.csv from acme-x to acme-y as "glacier"', NOBODY, KNOWLEDGE)

    assert turn.intent is not None
    assert turn.intent.parameters["destination_key"] == "glacier"


@pytest.mark.parametrize("text", ["create bucket a", "create a bucket called a", "create bucket x"])
def test_a_name_of_one_letter_is_told_that_it_is_too_short(text: str) -> None:
    turn = resolve(text, NOBODY, KNOWLEDGE)

    assert turn.state == "ask"
    assert turn.error.endswith("it must have 3 to 63 characters, and this has 1.")


def test_whoever_says_what_shall_not_happen_is_shown_what_can_be_said_instead() -> None:
    turn = resolve("do not delete a.csv from my-bucket but b.csv", NOBODY, KNOWLEDGE)

    assert turn.problem is not None
    assert turn.problem.examples == ("delete report.csv from my-bucket",)
    assert turn.problem.offers == ()


def test_a_question_for_a_setting_leads_to_the_audit_of_that_bucket() -> None:
    turn = resolve("why is access to acme-x denied", NOBODY, KNOWLEDGE)

    assert turn.problem is not None
    assert turn.problem.offers == ("audit acme-x",)


def test_the_model_is_asked_only_for_what_nothing_knows() -> None:
    model = RecordingModel(ModelAnswer(entry="s3.list_files", parameters={"bucket": "my-bucket"}))

    resolve("list buckets", NOBODY, KNOWLEDGE, model.ask)
    turn = resolve("gaze upon my-bucket", NOBODY, KNOWLEDGE, model.ask)

    assert model.asked == ["gaze upon my-bucket"]
    assert turn.state == "resolved"
    assert turn.intent is not None
    assert turn.intent.source == "model"


def test_what_nobody_understands_gets_suggestions() -> None:
    turn = resolve("my bucket wants a hug", NOBODY, KNOWLEDGE, RecordingModel().ask)

    assert turn.state == "not_understood"
    assert turn.suggestions


def test_chatter_in_a_thread_changes_nothing_and_reaches_no_model() -> None:
    model = RecordingModel()

    for text in ("lunch?", "thanks", "", "don't delete that", "never mind"):
        assert resolve(text, NOBODY, KNOWLEDGE, model.ask, addressed=False).state == "unchanged"

    assert model.asked == []


@pytest.mark.parametrize(
    ("question", "said"),
    [("delete", "frobnicate gizmo whatever"), ("list files", "how blue is acme-reports")],
)
def test_what_is_said_to_the_bot_and_is_no_answer_reaches_the_model_like_anything_else(
    question: str, said: str
) -> None:
    model = RecordingModel()
    thread = Thread(open=intent(question))

    turn = resolve(said, thread, KNOWLEDGE, model.ask)
    among_people = resolve(said, thread, KNOWLEDGE, model.ask, addressed=False)

    assert model.asked == [said]
    assert (turn.state, turn.error) == ("not_understood", NOT_UNDERSTOOD)
    assert turn.still_open in ("Which file shall I delete?", "Which bucket shall I look into?")
    assert among_people.state == "unchanged"


def test_nothing_at_all_is_not_understood() -> None:
    assert resolve("", NOBODY, KNOWLEDGE).state == "not_understood"
    assert resolve("🙂", NOBODY, KNOWLEDGE).state == "not_understood"


def answered(question: str, *replies: str) -> list[tuple[str, dict[str, object], Sequence[str]]]:
    thread = Thread(open=intent(question))
    came = []
    for reply in replies:
        turn = resolve(reply, thread, KNOWLEDGE, addressed=False)
        if turn.state == "ask":
            thread = Thread(open=turn.intent)
        elif turn.state == "resolved":
            thread = Thread(settled=turn.intent)
        parameters = dict(turn.intent.parameters) if turn.intent else {}
        came.append((turn.state, parameters, turn.intent.missing if turn.intent else ()))
    return came


@pytest.mark.parametrize(
    "reply", ["my-bucket", "it's my-bucket", "in my-bucket please", "the bucket is called my-bucket"]
)
def test_an_answer_may_be_bare_or_a_sentence(reply: str) -> None:
    assert answered("list files", reply) == [("resolved", {"bucket": "my-bucket"}, ())]


def test_an_answer_may_hold_several_values() -> None:
    assert answered("copy a file", "report.csv from src-bucket to dst-bucket") == [
        ("resolved", {"key": "report.csv", "source_bucket": "src-bucket", "destination_bucket": "dst-bucket"}, ())
    ]


@pytest.mark.parametrize(
    "reply",
    [
        "my-bucket, other-bucket",
        "my-bucket and other-bucket",
        "my-bucket other-bucket",
        "to other-bucket from my-bucket",
    ],
)
def test_of_two_buckets_that_nothing_else_tells_apart_the_first_is_the_one_that_is_asked_for_first(reply: str) -> None:
    assert answered("copy report.csv", reply) == [
        ("resolved", {"key": "report.csv", "source_bucket": "my-bucket", "destination_bucket": "other-bucket"}, ())
    ]


def test_two_buckets_for_one_place_change_nothing_that_was_said_before() -> None:
    assert answered("copy report.csv from my-bucket", "other-bucket, third-bucket")[0][0] == "not_understood"


def test_a_wrong_answer_is_asked_for_again() -> None:
    assert answered("delete report.csv", "My_Bucket", "my-bucket") == [
        ("ask", {"key": "report.csv"}, ("bucket",)),
        ("resolved", {"key": "report.csv", "bucket": "my-bucket"}, ()),
    ]


def test_an_answer_may_correct_what_was_said_before() -> None:
    assert answered("delete report.csv", "no, I meant summary.csv") == [("ask", {"key": "summary.csv"}, ("bucket",))]


@pytest.mark.parametrize("reply", ["never mind", "Nevermind!", "cancel that, thanks", "actually, forget it", "no"])
def test_a_question_can_be_dropped(reply: str) -> None:
    assert answered("delete a file", reply) == [("cancelled", {}, ())]


def test_a_new_command_replaces_the_question() -> None:
    assert answered("delete a file", "list files in my-bucket") == [("resolved", {"bucket": "my-bucket"}, ())]


def test_a_word_of_a_command_is_the_command_unless_it_is_quoted() -> None:
    assert answered("list files", "help") == [("resolved", {}, ())]
    assert answered("list files", '"help"') == [("resolved", {"bucket": "help"}, ())]


def test_the_second_one_of_the_choices() -> None:
    assert answered("run a workflow", "the second one") == [("ask", {"workflow": "log_analysis"}, ("log_group",))]


def after(command: str, follow_up: str) -> tuple[str, dict[str, object], dict[str, str]]:
    turn = resolve(follow_up, Thread(settled=intent(command)), KNOWLEDGE, addressed=False)
    return (
        turn.state,
        dict(turn.intent.parameters) if turn.intent else {},
        dict(turn.intent.origins) if turn.intent else {},
    )


@pytest.mark.parametrize(
    "text",
    ["and in other-bucket?", "same for other-bucket", "what about other-bucket", "not that one, I meant other-bucket"],
)
def test_what_was_settled_can_be_asked_for_another_value(text: str) -> None:
    state, parameters, _ = after("list files in my-bucket", text)

    assert (state, parameters) == ("resolved", {"bucket": "other-bucket"})


def test_it_is_the_file_of_the_last_command() -> None:
    assert after("copy a.txt from my-bucket to other-bucket", "copy it to third-bucket") == (
        "resolved",
        {"key": "a.txt", "source_bucket": "my-bucket", "destination_bucket": "third-bucket"},
        {"destination_bucket": "typed", "key": "inherited", "source_bucket": "inherited"},
    )


def test_to_delete_what_was_just_made_asks_for_no_file() -> None:
    turn = resolve("delete it", Thread(settled=intent("create bucket my-bucket")), KNOWLEDGE)

    assert turn.error == "I delete one file at a time, by its full name, and no buckets."


def test_a_file_is_never_inherited_unless_it_is_pointed_at() -> None:
    state, parameters, _ = after("delete a.txt from my-bucket", "delete a file")

    assert (state, parameters) == ("ask", {"bucket": "my-bucket"})


def test_a_bucket_that_shall_be_new_is_never_inherited() -> None:
    assert after("list files in my-bucket", "create a bucket") == ("ask", {}, {})


def test_a_form_is_checked_like_a_sentence() -> None:
    entry = KNOWLEDGE.entries["lifecycle_management"]

    filled = submitted(
        entry, {"bucket": "my-bucket", "prefix": "", "expiration_days": "2 years", "transition_days": "x"}
    )

    assert filled.parameters == {"workflow": "lifecycle_management", "bucket": "my-bucket", "expiration_days": 730}
    assert filled.missing == ("transition_days",)
    assert filled.source == "form"
