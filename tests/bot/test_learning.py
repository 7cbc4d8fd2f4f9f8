"""What a model explained once is known from then on; people teach and forget; nothing else changes its meaning."""

from __future__ import annotations

import logging
from collections.abc import Iterator
from dataclasses import replace
from typing import Any

import pytest

from bot.errors import NotLearned
from bot.knowledge_base import Store, from_seeds
from bot.learning import Learning
from bot.lessons import check, phrase_of
from bot.models import Intent, Lesson, Value
from bot.phrasebook import Phrasebook
from sandbox.bedrock import NOTHING, Bedrock, chooses
from seeds.load import read_seeds, write_knowledge
from tests.fake_model import model
from tests.office import Office, office
from tests.operations.conftest import lines
from tests.tables import REGION

KNOWLEDGE = from_seeds()
KNOWN = Intent(
    "s3.list_files", "s3.list_files", {"bucket": "staging-logs"}, source="model", origins={"bucket": "typed"}
)
"""What a model made of a sentence."""


@pytest.fixture
def bedrock() -> Iterator[Bedrock]:
    with Bedrock() as server:
        yield server


@pytest.fixture
def room(bedrock: Bedrock) -> Iterator[Office]:
    with office(model(bedrock), learns=True) as room:
        for name in ("staging-logs", "other-logs"):
            room.s3().create_bucket(Bucket=name, CreateBucketConfiguration={"LocationConstraint": REGION})
        room.s3().put_object(Bucket="staging-logs", Key="a.txt", Body=b"x")
        room.s3().put_object(Bucket="other-logs", Key="b.txt", Body=b"x")
        yield room


def learned(room: Office) -> list[Lesson]:
    return Phrasebook(room.dynamodb, "KnowledgeBase").all()


def shown(room: Office) -> list[str]:
    return lines(room.slack.calls[-1].body["blocks"])


# --- from what the model read -----------------------------------------------------------------------------------


def test_a_read_that_the_model_explained_is_known_the_next_time(room: Office, bedrock: Bedrock) -> None:
    bedrock.answers.append(chooses("s3-list_files", bucket="staging-logs"))

    room.command("have staging-logs confess what it hides", user="U0CAROL")
    room.command("Please have other-logs confess what it hides!", user="U0BOB")

    assert "b.txt" in str(room.posts[1]["blocks"])
    assert room.note == "knowledge base"
    assert len(bedrock.history) == 1
    assert learned(room) == [
        Lesson(
            entry="s3.list_files",
            phrase="have {bucket} confess what it hides",
            example="have staging-logs confess what it hides",
            number=1,
            by="U0CAROL",
            at=1_800_000_000.0,
            used=1,
        )
    ]


def test_a_change_is_learned_when_it_was_confirmed_and_not_before(room: Office, bedrock: Bedrock) -> None:
    bedrock.answers.append(chooses("s3-create_bucket", bucket="fresh-one"))
    room.command("summon the bucket fresh-one", user="U0BOB")
    before = learned(room)

    room.click(room.button("confirm"), user="U0BOB")

    assert before == []
    assert [lesson.phrase for lesson in learned(room)] == ["summon the bucket {bucket}"]


def test_what_was_cancelled_is_not_learned(room: Office, bedrock: Bedrock) -> None:
    bedrock.answers.append(chooses("s3-create_bucket", bucket="fresh-one"))
    room.command("summon the bucket fresh-one", user="U0BOB")

    room.click(room.button("cancel"), user="U0BOB")

    assert learned(room) == []


def test_a_read_that_failed_is_not_learned(room: Office, bedrock: Bedrock) -> None:
    bedrock.answers.append(chooses("s3-list_files", bucket="not-there"))

    room.command("have not-there confess what it hides")

    assert "not-there" in room.last
    assert learned(room) == []


def test_a_learned_phrase_that_destroys_is_confirmed_every_time(room: Office, bedrock: Bedrock) -> None:
    bedrock.answers.append(chooses("s3-delete_file", key="a.txt", bucket="staging-logs"))
    room.command("unmake a.txt inside staging-logs")
    room.click(room.button("confirm"))

    room.command("unmake b.txt inside other-logs")

    assert [lesson.phrase for lesson in learned(room)] == ["unmake {key} inside {bucket}"]
    assert len(bedrock.history) == 1
    assert "Confirm" in str(room.slack.calls[-1].body["blocks"])
    assert room.s3().list_objects_v2(Bucket="other-logs")["KeyCount"] == 1


def test_what_was_asked_for_in_the_thread_is_asked_for_by_the_phrase_too(room: Office, bedrock: Bedrock) -> None:
    bedrock.answers.append(chooses("s3-list_files"))
    room.command("have some bucket confess")
    room.reply("staging-logs", thread="1700000001.000001")

    room.command("have some bucket confess")

    assert [lesson.phrase for lesson in learned(room)] == ["have some bucket confess"]
    assert "Which bucket" in room.last
    assert len(bedrock.history) == 1


def test_people_of_another_workspace_teach_nothing(room: Office, bedrock: Bedrock) -> None:
    bedrock.answers.append(chooses("s3-list_files", bucket="staging-logs"))

    room.command("have staging-logs confess what it hides", user="U0MALLORY", external=True)

    assert "a.txt" in str(room.posts[0]["blocks"])
    assert learned(room) == []


def test_the_same_request_delivered_twice_teaches_once(room: Office, bedrock: Bedrock) -> None:
    bedrock.answers.append(chooses("s3-list_files", bucket="staging-logs"))
    request = room.command("have staging-logs confess what it hides")

    room.work(request, received=2)

    assert [lesson.number for lesson in learned(room)] == [1]


def test_another_warm_worker_knows_it_within_a_minute(room: Office, bedrock: Bedrock) -> None:
    other = Store(room.dynamodb, "KnowledgeBase")
    other.load(room.now)
    bedrock.answers.append(chooses("s3-list_files", bucket="staging-logs"))
    room.command("have staging-logs confess what it hides")

    assert not other.load(room.now + 59).matcher.match("have other-logs confess what it hides")
    assert other.load(room.now + 60).matcher.match("have other-logs confess what it hides")


def test_seeding_again_loses_nothing_that_was_learned(room: Office, bedrock: Bedrock) -> None:
    bedrock.answers.append(chooses("s3-list_files", bucket="staging-logs"))
    room.command("have staging-logs confess what it hides")

    write_knowledge(room.dynamodb, "KnowledgeBase", read_seeds())

    assert Store(room.dynamodb, "KnowledgeBase").load(0).matcher.match("have other-logs confess what it hides")


def test_a_table_that_takes_no_phrase_costs_nobody_the_answer(
    room: Office, bedrock: Bedrock, caplog: pytest.LogCaptureFixture
) -> None:
    room.command("list buckets")
    room.dynamodb.delete_table(TableName="KnowledgeBase")
    bedrock.answers.append(chooses("s3-list_files", bucket="staging-logs"))

    with caplog.at_level(logging.INFO):
        room.command("have staging-logs confess what it hides")

    assert "a.txt" in str(room.posts[1]["blocks"])
    assert "could not learn" in caplog.text


def test_of_two_workers_that_learn_at_once_the_second_checks_again(room: Office) -> None:
    class Racing(Phrasebook):
        """Somebody else is faster, once."""

        raced = False

        def number(self) -> int:
            if not self.raced:
                self.raced = True
                others = Learning(Store(room.dynamodb, "KnowledgeBase"), Phrasebook(room.dynamodb, "KnowledgeBase"))
                others.teach("grill my-bucket", "list files in my-bucket", "U0ALICE")
            return super().number()

    slow = Learning(Store(room.dynamodb, "KnowledgeBase"), Racing(room.dynamodb, "KnowledgeBase"))

    slow.teach("toast my-bucket", "list files in my-bucket", "U0BOB")

    assert sorted(lesson.phrase for lesson in learned(room)) == ["grill {bucket}", "toast {bucket}"]
    assert len({lesson.number for lesson in learned(room)}) == 2


def test_of_the_phrases_that_nobody_uses_the_oldest_make_room(room: Office, bedrock: Bedrock) -> None:
    room.command('teach "toast my-bucket" means list files in my-bucket')
    for verb in ("grill", "roast", "fry"):
        bedrock.answers.append(chooses("s3-list_files", bucket="staging-logs"))
        room.command(f"{verb} staging-logs to a crisp")
    room.command("roast other-logs to a crisp")
    small = Learning(Store(room.dynamodb, "KnowledgeBase"), Phrasebook(room.dynamodb, "KnowledgeBase"), unused_limit=1)

    small.note(replace(KNOWN, said="boil staging-logs to a crisp"), "U0BOB")
    small.work_off()

    assert [lesson.phrase for lesson in learned(room)] == [
        "toast {bucket}", "roast {bucket} to a crisp", "boil {bucket} to a crisp",
    ]  # fmt: skip
    room.now += 61
    bedrock.answers.append(NOTHING)
    room.command("grill staging-logs to a crisp")
    assert room.last.startswith("I did not understand that.")


# --- what becomes a phrase --------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("text", "entry", "said", "phrase"),
    [
        (
            "hey, could you twin a.txt of my-bucket over in other-bucket please",
            "s3.copy_file",
            {"key": "a.txt", "source_bucket": "my-bucket", "destination_bucket": "other-bucket"},
            "twin {key} of {source_bucket} over in {destination_bucket}",
        ),
        (
            'grill "my file.txt" in b-b',
            "s3.delete_file",
            {"key": "my file.txt", "bucket": "b-b"},
            "grill {key} in {bucket}",
        ),
        ("grill my-bucket's belly", "s3.list_files", {"bucket": "my-bucket"}, "grill {bucket} belly"),
        (
            "grill s3://my-bucket/logs/2026",
            "s3.list_files",
            {"bucket": "my-bucket", "prefix": "logs/2026"},
            "grill {bucket}",
        ),
        (
            "tidy my-bucket after 3 months",
            "lifecycle_management",
            {"bucket": "my-bucket", "expiration_days": 90},
            "tidy {bucket} after {expiration_days}",
        ),
        (
            "a bucket my-b in Ireland, summon it",
            "s3.create_bucket",
            {"bucket": "my-b", "region": "eu-west-1"},
            "a bucket {bucket} in {region} summon it",
        ),
    ],
)
def test_values_become_slots_and_politeness_goes(text: str, entry: str, said: dict[str, Value], phrase: str) -> None:
    assert phrase_of(text, KNOWLEDGE.entries[entry], said, KNOWLEDGE.words) == phrase


@pytest.mark.parametrize(
    ("text", "entry", "said", "reason"),
    [
        ("my-bucket", "s3.list_files", {"bucket": "my-bucket"}, "needs a word of its own"),
        ("thanks for my-bucket", "s3.list_files", {"bucket": "my-bucket"}, "needs a word of its own"),
        ("the a of my-bucket", "s3.list_files", {"bucket": "my-bucket"}, "needs a word of its own"),
        ("grill it", "s3.list_files", {"bucket": "my-bucket"}, "does not stand in the sentence"),
        ("grill my-bucket with my-bucket", "s3.list_files", {"bucket": "my-bucket"}, "more than once"),
        (
            "twin a.txt from b-b-b to b-b-b",
            "s3.copy_file",
            {"key": "a.txt", "source_bucket": "b-b-b", "destination_bucket": "b-b-b"},
            "more than once",
        ),
        ("compare my-bucket with other-bucket", "s3.list_files", {"bucket": "my-bucket"}, "says something of its own"),
        ("grill my-bucket except 2024", "s3.list_files", {"bucket": "my-bucket"}, "says something of its own"),
        ("grill <@U0BOB> in my-bucket", "s3.list_files", {"bucket": "my-bucket"}, "says something of its own"),
        ("grill my-bucket (a|b)", "s3.list_files", {"bucket": "my-bucket"}, "cannot stand in a phrase"),
        ("wonder about copying", "help", {"topic": "copying"}, "would read nearly everything"),
        ("grill " * 31, "s3.list_buckets", {}, "one to 30 words"),
        ("", "s3.list_buckets", {}, "one to 30 words"),
    ],
)
def test_what_is_no_phrase_is_refused_with_the_reason(
    text: str, entry: str, said: dict[str, Value], reason: str
) -> None:
    with pytest.raises(NotLearned, match=reason):
        phrase_of(text, KNOWLEDGE.entries[entry], said, KNOWLEDGE.words)


def test_a_phrase_that_changes_what_an_example_means_is_refused() -> None:
    lesson = Lesson("s3.list_buckets", "what can (you|i) do", example="what can i do")

    with pytest.raises(NotLearned, match=r"“what can you do\?” means|could as well mean|not be read"):
        check(KNOWLEDGE, KNOWLEDGE.relearned([lesson]), lesson, {})


def test_a_phrase_that_changes_what_a_learned_sentence_means_is_refused() -> None:
    known = KNOWLEDGE.relearned([Lesson("s3.list_files", "grill {bucket} well", example="grill my-bucket well")])
    lesson = Lesson("s3.create_bucket", "(grill|roast) {bucket} well", example="roast my-bucket well")

    with pytest.raises(NotLearned, match="“grill my-bucket well” means"):
        check(known, known.relearned([*known.learned, lesson]), lesson, {"bucket": "my-bucket"})


def test_a_phrase_that_would_answer_people_who_talk_is_refused() -> None:
    lesson = Lesson("s3.list_buckets", "(sounds|seems) good", example="seems good")

    with pytest.raises(NotLearned):
        check(KNOWLEDGE, KNOWLEDGE.relearned([lesson]), lesson, {})


# --- by hand ----------------------------------------------------------------------------------------------------


def test_an_admin_teaches_a_phrase_by_example(room: Office, bedrock: Bedrock) -> None:
    room.command("teach “grill my-bucket” means list files in my-bucket")

    assert shown(room)[0] == "Learned, as number 1: grill {bucket} means list files."
    room.command("grill staging-logs", user="U0CAROL")
    assert "a.txt" in str(room.posts[-1]["blocks"])
    assert bedrock.history == []


def test_a_taught_read_may_stand_for_a_name_that_it_does_not_say(room: Office) -> None:
    room.command('teach "the usual suspects" means list files in staging-logs')

    room.command("the usual suspects")

    assert [lesson.phrase for lesson in learned(room)] == ["the usual suspects {bucket=staging-logs}"]
    assert "a.txt" in str(room.posts[-1]["blocks"])


def test_a_taught_change_must_name_its_target_each_time(room: Office) -> None:
    room.command('teach "the usual cleanup" means delete a.txt from staging-logs')

    assert "“a.txt” does not stand in “the usual cleanup”" in room.last
    assert learned(room) == []


@pytest.mark.parametrize(
    ("command", "reason"),
    [
        (
            'teach "move a.txt from my-bucket to b-b-b" means copy a.txt from my-bucket to b-b-b',
            "has a meaning already",
        ),
        ('teach "never mind" means list buckets', "has a meaning already"),
        ('teach "list files in my-bucket" means list buckets', "means “list files” already"),
        ('teach "show my-bucket" means list files in my-bucket', "I know that already"),
        ('teach "grill my-bucket" means sing to my-bucket', "I do not know what “sing to my-bucket” means"),
        ('teach "my-bucket other-bucket" means list files in my-bucket', "I did not learn that"),
        ('teach "wonder about copying" means help copying', "I did not learn that"),
        ('teach "grill my-bucket" means teach "a" means list buckets', "I did not learn that"),
        ('teach "<!channel>" means list buckets', "I did not understand that"),
    ],
)
def test_what_cannot_be_taught_is_refused_with_the_reason(room: Office, command: str, reason: str) -> None:
    room.command(command)

    assert reason in room.last
    assert learned(room) == []


def test_teaching_the_same_twice_says_that_it_is_known(room: Office) -> None:
    room.command('teach "grill my-bucket" means list files in my-bucket')
    room.command('teach "grill other-bucket" means list files in other-bucket')

    assert "I know that already" in room.last
    assert len(learned(room)) == 1


@pytest.mark.parametrize("user", ["U0BOB", "U0CAROL"])
@pytest.mark.parametrize("command", ['teach "grill my-bucket" means list files in my-bucket', "forget phrase 1"])
def test_only_those_who_may_teach_do(room: Office, user: str, command: str) -> None:
    room.command(command, user=user)

    assert "needs teach access, which the group admin has" in room.last
    assert learned(room) == []


def test_teach_asks_for_the_meaning_and_the_reply_is_not_carried_out(room: Office) -> None:
    room.command('teach "grill my-bucket"')
    room.reply("list files in my-bucket", thread="1700000001.000001")

    assert "What does it mean?" in room.posts[0]["text"]
    assert [lesson.phrase for lesson in learned(room)] == ["grill {bucket}"]


def test_a_forgotten_phrase_is_not_known_any_more_and_the_others_keep_their_numbers(room: Office) -> None:
    room.command('teach "grill my-bucket" means list files in my-bucket')
    room.command('teach "toast my-bucket" means list files in my-bucket')

    room.command("forget phrase 1")
    room.command('teach "roast my-bucket" means list files in my-bucket')

    assert [(lesson.number, lesson.phrase) for lesson in learned(room)] == [
        (2, "toast {bucket}"),
        (3, "roast {bucket}"),
    ]
    room.command("explain grill staging-logs")
    assert "does not know" in shown(room)[0]


@pytest.mark.parametrize("number", ["7", "0", "999999", "x", "-1"])
def test_a_number_that_is_not_there_is_said_to_be_none(room: Office, number: str) -> None:
    room.command(f"forget phrase {number}")

    assert "There is no learned phrase" in room.last or "is not a number such as 3" in room.last


def test_phrases_are_listed_for_the_asker_alone_with_who_when_and_how_often(room: Office, bedrock: Bedrock) -> None:
    bedrock.answers.append(chooses("s3-list_files", bucket="staging-logs"))
    room.command("have staging-logs confess what it hides", user="U0CAROL")
    room.command('teach "toast my-bucket" means list files in my-bucket')
    room.command("toast staging-logs")
    room.command("toast staging-logs")

    room.mention("phrases", user="U0CAROL")

    whisper = room.slack.sent("chat.postEphemeral")[0]
    assert whisper["user"] == "U0CAROL"
    assert lines(whisper["blocks"]) == [
        "What I have learned beside my seeds:",
        "1  have {bucket} confess what it hides – list files, learned from  on 2027-01-15, never used",
        "2  toast {bucket} – list files, taught by  on 2027-01-15, used 2 times",
    ]


def test_many_phrases_come_a_page_at_a_time(room: Office) -> None:
    book = Phrasebook(room.dynamodb, "KnowledgeBase")
    _, version = Store(room.dynamodb, "KnowledgeBase").fresh()
    for number in range(1, 46):
        version = book.add(Lesson("s3.list_files", f"grill{number} {{bucket}}", number=number, by="U0BOB"), version)

    room.command("phrases")
    first = shown(room)
    room.click(room.button("next"), ephemeral=True)
    room.click(room.button("next"), ephemeral=True)

    assert (len(first), first[1][:12], first[20][:14]) == (21, "1  grill1 {b", "20  grill20 {b")
    assert [line[:4] for line in shown(room)[1:]] == ["41  ", "42  ", "43  ", "44  ", "45  "]


def test_with_nothing_learned_the_list_says_how_to_teach(room: Office) -> None:
    room.command("phrases")

    assert "I have not learned any phrase yet." in room.last


def test_what_the_model_does_not_know_is_not_learned(room: Office, bedrock: Bedrock) -> None:
    bedrock.answers.append(NOTHING)

    room.command("sing to staging-logs")

    assert learned(room) == []


def test_a_use_is_counted_only_of_what_is_still_there(room: Office) -> None:
    room.command('teach "toast my-bucket" means list files in my-bucket')
    [lesson] = learned(room)
    room.command("forget phrase 1")

    Phrasebook(room.dynamodb, "KnowledgeBase").count(lesson)

    assert learned(room) == []


def item(room: Office, kind: str, name: str) -> dict[str, Any]:
    found: dict[str, Any] = room.dynamodb.get_item(
        TableName="KnowledgeBase", Key={"kind": {"S": kind}, "name": {"S": name}}
    )
    return found["Item"]


def test_counting_a_use_makes_no_worker_read_everything_again(room: Office) -> None:
    room.command('teach "toast my-bucket" means list files in my-bucket')
    before = item(room, "version", "knowledge_base")

    room.command("toast staging-logs")

    assert learned(room)[0].used == 1
    assert item(room, "version", "knowledge_base") == before
