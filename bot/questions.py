"""What a message comes to while its author was asked something: an answer, a withdrawal, or talk."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from itertools import chain

from bot import values
from bot.answers import Answers, filled
from bot.clauses import clauses
from bot.commands import chosen, command_of, is_a_value, turn_of, with_aside
from bot.conversations import Thread
from bot.errors import BadValue
from bot.forms import is_name, types_of
from bot.knowledge_base import KnowledgeBase
from bot.matches import Match
from bot.models import Entry, Intent, Turn
from bot.normalise import Sentence, Token
from bot.openings import corrected, listed, refused, without, words_of
from bot.pointing import placed
from bot.signs import asks

DROPPING_CLAUSES = 3
"""Clauses among which a word such as "never mind" drops a question: "hm, no, never mind, I ask my boss"."""
DROPPING_WORDS = 4
"""Words of a clause that drops something by its verb: "forget the new bucket"."""
SAYING_WORDS = 4
"""Words behind a "no" that make it the answer to somebody else."""
TITLE_WORDS = 4
DESCRIBING_WORDS = 8
"""Words of an answer that describes what it does not name."""
CHANGES = ("delete", "copy", "create")
"""The lists of verbs that change something."""
ANSWER_WORDS = 3
"""Words that may have been meant as a name; more of them are a sentence."""


def while_open(said: Sentence, thread: Thread, asked: Intent, knowledge: KnowledgeBase) -> Turn | None:
    """What the answer to a question comes to; None when it is none."""
    words = words_of(said)
    if listed("cancel", words, knowledge) or calls_off(said, knowledge):
        return Turn("cancelled")
    if listed("chatter", words, knowledge):
        return Turn("unchanged")
    if listed("asks_for_choices", words, knowledge) and (listing := _choices(asked, knowledge)):
        return listing
    answered = _answered(said, thread, asked, knowledge)
    if answered and corrected(said, knowledge)[1] and not answered.error:
        return answered  # "no, in London" drops nothing
    return (
        _dropped(said, thread, knowledge)
        or answered
        or _named_last(said, thread, asked, knowledge)
        or _named_alone(said, asked, knowledge)
    )


def _named_alone(said: Sentence, asked: Intent, knowledge: KnowledgeBase) -> Turn | None:
    """A value that stands for itself among talk: "wf-k3m9x2q7, half of it got lost when I pasted"."""
    found = knowledge.gist.read(said)
    wanted = asked.missing[0]
    if found is None or not is_a_value(found.phrase) or wanted not in found.parameters or found.missing:
        return None
    entry = knowledge.entries[asked.entry]
    value = Match(entry, {wanted: found.parameters[wanted]}, (), {}, "", 0.0, aside=found.aside)
    return turn_of(with_aside(filled(asked, value, "asked"), value))


def _named_last(said: Sentence, thread: Thread, asked: Intent, knowledge: KnowledgeBase) -> Turn | None:
    """The answer behind a colon, whatever was said before it: "then in small letters: my-bucket"."""
    last = clauses(said)[-1] if said.tokens else range(0)
    introduced = last.start > 0 and said.text[said.tokens[last.start - 1].start : said.tokens[last.start - 1].end]
    if len(last) != 1 or not introduced or not introduced.endswith(":"):
        return None
    if any(map(is_name, said.tokens[: last.start])):
        return None
    rest = replace(said, tokens=said.tokens[last.start :])
    entry = knowledge.entries[asked.entry]
    return _answered(rest, thread, asked, knowledge) or no_answer(rest, asked, entry)


def _no_name(said: Sentence, wanted: str, knowledge: KnowledgeBase) -> bool:
    """Whether a plain word in an answer is none: "morning Elise!", "the public one" for a bucket."""
    described = wanted == "bucket" and _describes(said, knowledge)
    return described or _only_greets(said, knowledge) or _agrees(said, knowledge)


def _agrees(said: Sentence, knowledge: KnowledgeBase) -> bool:
    """Whether somebody is agreed with, and nothing said to be a name: "yeah good idea"."""
    agreeing, naming = (frozenset(knowledge.words.get(name, ())) for name in ("agreeing", "introducing_names"))
    words = [token.word for token in said.tokens]
    plain = len(words) > 1 and not any(map(types_of, said.tokens))
    return plain and words[0] in agreeing and naming.isdisjoint(words)


def _only_greets(said: Sentence, knowledge: KnowledgeBase) -> bool:
    """Whether somebody is greeted or thanked, and nothing named that shows by its form what it is: "morning Elise!"."""
    polite = max(knowledge.matcher.opening(name, said.tokens) for name in ("greetings", "thanks"))
    return 0 < polite < len(said.tokens) and not any(map(types_of, said.tokens))


def _choices(asked: Intent, knowledge: KnowledgeBase) -> Turn | None:
    """What lists that which was asked for: "which ones are there?"."""
    kind = knowledge.entries[asked.entry].parameter(asked.missing[0]).type
    entry = knowledge.entries.get(knowledge.words.get("listed_by", {}).get(kind, ""))
    return Turn("resolved", Intent(entry.name, entry.intent)) if entry else None


def _answered(said: Sentence, thread: Thread, asked: Intent, knowledge: KnowledgeBase) -> Turn | None:
    """What a reply adds to what is known, as a phrase of answers reads it, as a command, or by its gist."""
    entry = knowledge.entries[asked.entry]
    rest, correction = corrected(said, knowledge)
    if not correction:
        rest, _ = without(said, "lead_ins", knowledge)
    commands = knowledge.matcher.read(said)
    other = _asks_something_else(rest, asked, knowledge)
    spoken = rest if correction else said
    before = replace(asked, missing=()) if correction and _meant_before(said, asked, entry, knowledge) else asked
    reply = None if other else knowledge.gist.reply(spoken, before, entry, changes=correction, follows=correction)
    if correction and reply:
        return turn_of(with_aside(filled(asked, reply, "asked"), reply))
    answer = None
    if rest.tokens and not _only_a_command(said, commands):
        answer = Answers(knowledge.matcher, knowledge.words).read(rest, asked, entry, changes=correction)
    if answer and _no_name(said, entry.parameter(asked.missing[0]).type, knowledge):
        answer = None
    if answer and answer.problems and (reply or any(token.duration is not None for token in said.tokens)):
        answer = None  # what breaks a rule in one place has its place in another, and "2 min!" is no name
    if answer and not (commands and _better(commands[0], answer, asked)):
        return turn_of(chosen(placed(filled(asked, answer, "asked"), answer, thread.listed), knowledge))
    if commands and commands[0].entry.name == asked.entry and not _restates(commands[0], asked):
        return turn_of(placed(filled(asked, commands[0], "asked"), commands[0], thread.listed))
    if reply and not any(not command.problems for command in commands):
        return turn_of(with_aside(filled(asked, reply, "asked"), reply))
    return None


def _meant_before(said: Sentence, asked: Intent, entry: Entry, knowledge: KnowledgeBase) -> bool:
    """Whether "I meant …" is about what was said before, and not the answer to the question for one more of its
    type."""
    meant = frozenset(knowledge.words.get("gist", {}).get("meaning_ends", ()))
    wanted = entry.parameter(asked.missing[0])
    alike = (entry.parameter(name).type for name in asked.parameters if name not in entry.fixed)
    return wanted.name not in asked.problems and wanted.type in alike and not meant.isdisjoint(words_of(said).split())


def _asks_something_else(said: Sentence, asked: Intent, knowledge: KnowledgeBase) -> bool:
    """Whether it is a whole command for something else than what a question is open for."""
    found = knowledge.gist.read(said)
    if found is None or found.missing or found.entry.name == asked.entry:
        return False
    if not found.phrase and found.entry.effect == "read" and not asks(said):
        return False  # "it's in my-bucket, where all our files are"
    return not is_a_value(found.phrase)


def _only_a_command(said: Sentence, commands: Sequence[Match]) -> bool:
    """A single word such as "help" is the command, even where a name is asked for; in quotes it is the name."""
    if len(said.tokens) != 1 or said.tokens[0].quoted or not commands:
        return False
    return not commands[0].parameters and not commands[0].problems


def _better(command: Match, answer: Match, asked: Intent) -> bool:
    """Whether a sentence that is both says more as a command of its own."""
    if command.problems and is_a_value(command.phrase):
        return False
    if answer.entry.parameter(asked.missing[0]).type == "sentence":
        return False  # whoever is asked for a sentence answers with a command, and does not want it run
    takes_up = set(answer.parameters) | set(answer.problems)
    adds = asked.missing[0] in answer.parameters and not _restates(answer, asked)
    if adds and command.entry.effect != "read":
        return False  # "bucket photos", asked which: no order to create one
    return (
        command.cost < answer.cost
        or (bool(answer.problems) and not command.problems)
        or not takes_up & set(asked.missing)
    )


def _restates(command: Match, asked: Intent) -> bool:
    """Whether a command says again what is known, so that it begins anew instead of adding to it."""
    return any(name in asked.parameters for name in command.parameters if name not in command.entry.fixed)


def _dropped(said: Sentence, thread: Thread, knowledge: KnowledgeBase) -> Turn | None:
    """ "Never mind, it is done already", "no, forget it, list buckets": the question is dropped, whatever follows."""
    for clause in clauses(said)[:DROPPING_CLAUSES]:
        tokens = said.tokens[clause.start : clause.stop]
        if any(map(is_name, tokens)):
            return None
        if _drops(tokens, knowledge):
            rest = replace(said, tokens=said.tokens[clause.stop :])
            command = command_of(rest, thread, knowledge)
            named = any(map(is_name, rest.tokens))
            denies = not command and _denies(tokens, knowledge)
            if denies and named:
                return None  # "no, report.csv"; but not "forget it, Kim has copied report.csv"
            if denies and len(rest.tokens) > SAYING_WORDS:
                continue  # "no, the committee has the signed copy"; but "no, leave it to me please" drops it
            another = command and _is_another(command, thread)
            return command if command and (named or another or command.state == "resolved") else Turn("cancelled")
    return None


def _is_another(command: Turn, thread: Thread) -> bool:
    """Whether it is another command, in so many words, than the one that something is asked for."""
    intent = command.intent
    in_words = intent is not None and intent.phrase != "" and not intent.aside
    return intent is not None and in_words and (thread.open is None or intent.entry != thread.open.entry)


def _denies(tokens: Sequence[Token], knowledge: KnowledgeBase) -> bool:
    """Whether a clause only says no, so that what follows may be what is meant instead."""
    return all(token.word in knowledge.words.get("denials", ()) for token in knowledge.matcher.trimmed(tokens))


def calls_off(said: Sentence, knowledge: KnowledgeBase) -> bool:
    """ "No wait, don't delete anything"."""
    rest, _ = without(said, "corrections", knowledge)
    words = [token.word for token in knowledge.matcher.trimmed(rest.tokens)]
    negation = 2 if words[:2] == ["do", "not"] else int(words[:1] in (["don't"], ["never"]))
    orders = {"do", "run", "start", *chain.from_iterable(refused(name, knowledge) for name in CHANGES)}
    return (
        negation > 0 and not orders.isdisjoint(words[negation : negation + 1]) and not any(map(types_of, rest.tokens))
    )


def _drops(tokens: Sequence[Token], knowledge: KnowledgeBase) -> bool:
    """Whether a clause drops what is going on: "scratch that", "forget the bucket"."""
    words = [token.word for token in knowledge.matcher.trimmed(tokens)]
    dropped = words[:1] and words[0] in knowledge.words.get("dropping_verbs", ())
    never_mind = 0 < knowledge.matcher.opening("dropping", tokens) < len(tokens)  # "never mind listing"
    return (len(words) <= DROPPING_WORDS and bool(dropped or never_mind)) or listed(
        "cancel", " ".join(token.word for token in tokens), knowledge
    )


def tries_to_answer(said: Sentence, addressed: bool, knowledge: KnowledgeBase) -> bool:
    """Whether what is no answer was meant as one: a word, a name, or some that are said to the bot and ask nothing."""
    if any(token.duration is not None or token.mention for token in said.tokens):
        return addressed  # "2 min!", "@bob thanks"
    if len(said.tokens) == 1 or _titled(without(said, "lead_ins", knowledge)[0]) or _describes(said, knowledge):
        return True
    asks = said.text.rstrip().endswith("?") or said.tokens[0].word in knowledge.words.get("question_words", ())
    return addressed and len(said.tokens) <= ANSWER_WORDS and not asks


def _describes(said: Sentence, knowledge: KnowledgeBase) -> bool:
    """Whether it describes what was asked for instead of naming it: "the one that makes coffee"."""
    rest, _ = without(said, "lead_ins", knowledge)
    words = [token.word for token in rest.tokens]
    if len(words) > DESCRIBING_WORDS or any(map(types_of, rest.tokens)) or said.text.rstrip().endswith("?"):
        return False
    return words[:1] != [] and words[0] in knowledge.words.get("determiners", ()) and "one" in words


def _titled(said: Sentence) -> bool:
    """Whether it is spelled as a name is: "Site Photos", "Henderson & Sons"."""
    alike = all(token.text[0].isupper() or not token.text[0].isalpha() for token in said.tokens)
    return bool(said.tokens) and alike and len(said.tokens) <= TITLE_WORDS and not said.text.rstrip().endswith("?")


def no_answer(said: Sentence, question: Intent, entry: Entry) -> Turn | None:
    """Asks again, and says why what was said is no answer; None where it could be one by its form."""
    parameter = entry.parameter(question.missing[0])
    try:
        values.parse(parameter.type, said.text, parameter.choices)
    except BadValue as error:
        problems = {parameter.name: error.sentence}
        return Turn("ask", replace(question, problems=problems), error=error.sentence)
    return None
