"""What is meant: a message and what its author has going on in the thread, in; what to do about it, out. No I/O."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import replace
from typing import TYPE_CHECKING

from bot import values
from bot.clauses import clauses
from bot.commands import chosen, command_of, inherit, may_drop, turn_of, undone
from bot.conversations import Thread
from bot.errors import BadValue
from bot.follow_ups import follow_up, of_run, still_waits, takes_back, while_held
from bot.foreign import foreign
from bot.forms import is_name
from bot.knowledge_base import KnowledgeBase
from bot.matches import missing_of
from bot.models import Entry, Intent, Listed, Turn, Value
from bot.normalise import Sentence, sentence
from bot.openings import first_word, listed, refused, words_of
from bot.pointing import Pointing, spelled
from bot.questions import no_answer, tries_to_answer, while_open
from bot.references import buckets_of, remembered, roles, spoken
from bot.refusals import Refusals
from bot.suggestions import suggest

if TYPE_CHECKING:
    from bot.model import ModelAnswer  # pulls in botocore, which a sentence that needs no model need not wait for


AskModel = Callable[[str, KnowledgeBase, Thread], "ModelAnswer | None"]
PLAN_WORDS = 2
"""Words among which a clause says that its speaker will do something."""
NOT_UNDERSTOOD = "I do not know what to do with that."
GREETING = "Hello! Ask me for something such as “list buckets”; “help” shows all that I do."
WELCOME = "You are welcome."
ANOTHER_LANGUAGE = "That looks like another language, and I understand English only."
NOTHING_SAID = "There is nothing in that message for me."


def resolve(
    text: str, thread: Thread, knowledge: KnowledgeBase, ask_model: AskModel | None = None, *, addressed: bool = True
) -> Turn:
    """What the message comes to. ``addressed`` is False for what is said in a thread to whomever: there, what is no
    command and no answer is talk among people, and leaves everything as it is."""
    said = _pointing(sentence(text, unwrap=thread.open is None), thread, knowledge)
    turn = (
        (_greeted(said, thread, knowledge) if addressed else None)
        or _conversation(said, thread, knowledge)
        or command_of(said, thread, knowledge, addressed=addressed or _talking(thread))
        or _mended(said, thread, knowledge, addressed=addressed or _talking(thread))
        or (still_waits(said, knowledge) if thread.waiting and not thread.open else None)
        or _aside(said, thread, knowledge, addressed)
        or _by_model(text, said, thread, knowledge, ask_model)
        or _unknown(said, thread, knowledge)
    )
    if turn.intent:
        named = remembered(turn.intent, knowledge.entries[turn.intent.entry], thread.settled)
        turn = replace(turn, intent=named)
    return _offered(_instead(turn, said, thread, knowledge), thread, knowledge)


def _instead(turn: Turn, said: Sentence, thread: Thread, knowledge: KnowledgeBase) -> Turn:
    """What is said in the place of another command: of one that waits for its button, or of one that is done."""
    if turn.intent is None or turn.state == "unchanged" or not takes_back(said, knowledge):
        return turn
    if may_drop(thread, knowledge):
        return replace(turn, corrects=True)
    last = thread.settled if not (thread.open or thread.was_held) else None
    changed = last and last.entry == turn.intent.entry and knowledge.entries[last.entry].effect != "read"
    return replace(turn, besides=last) if changed else turn


def _talking(thread: Thread) -> bool:
    """Whether this person has something going on with the bot here, so that what they say may well be meant for it."""
    return thread.met or thread.open is not None or thread.settled is not None


def submitted(entry: Entry, fields: Mapping[str, str]) -> Intent:
    """The intent of a form that was filled in. An empty field was not said, nor one that was left at its default and
    contradicts another."""
    parameters: dict[str, Value] = {**entry.fixed}
    problems: dict[str, str] = {}
    for parameter in entry.parameters:
        text = fields.get(parameter.name, "").strip()
        if not text:
            continue
        try:
            parameters[parameter.name] = values.parse(parameter.type, text, parameter.choices)
        except BadValue as error:
            problems[parameter.name] = error.sentence
    for parameter in entry.parameters:
        value, least = parameters.get(parameter.name), parameters.get(parameter.above)
        if isinstance(value, int) and isinstance(least, int) and value <= least:
            pair = (entry.parameter(parameter.above), parameter)
            parameters.pop(next((each.name for each in pair if parameters[each.name] == each.default), ""), None)
    return Intent(
        entry=entry.name,
        name=entry.intent,
        parameters=parameters,
        missing=missing_of(entry, parameters, problems),
        problems=problems,
        source="form",
        origins=dict.fromkeys((name for name in parameters if name not in entry.fixed), "form"),
    )


def _greeted(said: Sentence, thread: Thread, knowledge: KnowledgeBase) -> Turn | None:
    """Who says hello to the bot, and nothing else, gets a word back; whatever is going on goes on."""
    if thread.open and not listed("chatter", words_of(said), knowledge):
        return None  # a bucket may be called "ping"
    for name, answer in (("thanks", WELCOME), ("greetings", GREETING)):
        if said.tokens and knowledge.matcher.opening(name, said.tokens) == len(said.tokens):
            return Turn("unchanged", says=answer)
    return None


def _conversation(said: Sentence, thread: Thread, knowledge: KnowledgeBase) -> Turn | None:
    if listed("undo", words_of(said), knowledge) and (turn := undone(thread, knowledge)):
        return turn
    if thread.open:
        return while_open(said, thread, thread.open, knowledge)
    if thread.settled and (turn := of_run(said, thread.settled, knowledge)):
        return turn  # before what waits: "stop it" after a look at a run is about the run
    if thread.waiting and (turn := while_held(said, thread, knowledge)):
        return turn
    if thread.settled:
        return follow_up(said, thread, thread.settled, knowledge)
    return None


def _pointing(said: Sentence, thread: Thread, knowledge: KnowledgeBase) -> Sentence:
    """The sentence with names for "the second one": of the choices that a question names, or of a list shown before."""
    listed, wanted = thread.listed, ""
    if thread.open:
        parameter = knowledge.entries[thread.open.entry].parameter(thread.open.missing[0])
        listed, wanted = Listed(parameter.type, parameter.choices) if parameter.choices else listed, parameter.type
    answers = listed is not None and listed.type == wanted
    return Pointing(knowledge.words).read(said, listed, answer=answers, spoken=spoken(thread), roles=roles(thread))


def _offered(turn: Turn, thread: Thread, knowledge: KnowledgeBase) -> Turn:
    """A question for a bucket, with those of the last command as answers, where they are more than one."""
    asked = turn.intent if turn.state == "ask" else None
    if asked is None or thread.settled is None:
        return turn
    parameter = knowledge.entries[asked.entry].parameter(asked.missing[0])
    offers = buckets_of(thread.settled.parameters) if parameter.type == "bucket" and not asked.problems else []
    return replace(turn, offers=tuple(map(str, offers))) if len(offers) > 1 else turn


def _mended(said: Sentence, thread: Thread, knowledge: KnowledgeBase, *, addressed: bool) -> Turn | None:
    """The command with lengths of time that were misspelt: "lats 6 horus"."""
    repaired = [knowledge.matcher.repaired(token) for token in said.tokens]
    if not any(map(values.unit, repaired)):
        return None
    text, at = "", 0
    for token, word in zip(said.tokens, repaired, strict=True):
        text += said.text[at : token.start] + (word or said.text[token.start : token.end])
        at = token.end
    return command_of(sentence(text), thread, knowledge, addressed=addressed)


def _aside(said: Sentence, thread: Thread, knowledge: KnowledgeBase, addressed: bool) -> Turn | None:
    if not said.tokens:
        return Turn("not_understood", error=NOTHING_SAID) if addressed else Turn("unchanged")
    commanding = any(map(is_name, said.tokens)) and _commands(said, knowledge)
    concerned = addressed or commanding or thread.open is not None or thread.settled is not None
    words = words_of(said)
    if not addressed or thread.open:
        asked = knowledge.entries.get(thread.open.entry) if thread.open else None
        meant = addressed or any(map(is_name, said.tokens)) or _commands(said, knowledge)
        problem = Refusals(knowledge.words).explain(said, asked) if concerned and meant else None
        if problem:
            return Turn("not_understood", error=problem.sentence, problem=problem)
        if thread.open and asked and tries_to_answer(said, addressed, knowledge):
            return no_answer(said, thread.open, asked) or (None if addressed else Turn("unchanged"))
        return None if addressed else Turn("unchanged")
    if listed("cancel", words, knowledge):
        return Turn("cancelled")
    problem = Refusals(knowledge.words).explain(said)
    return Turn("not_understood", error=problem.sentence, problem=problem) if problem else None


def _commands(said: Sentence, knowledge: KnowledgeBase) -> bool:
    """Whether it begins with a verb, as commands do, and not as talk among people."""
    spoken = (said.tokens[clause.start : clause.stop] for clause in clauses(said))
    plans = frozenset(refused("plans", knowledge))  # "ok I'll open a ticket"
    orders = (part for part in spoken if not plans.intersection(token.word for token in part[:PLAN_WORDS]))
    firsts = (first_word(part, knowledge) for part in orders)
    lists = ("verbs", "delete", "copy", "move", "upload", "elsewhere_verbs")
    verbs = {verb.split()[0] for name in lists for verb in refused(name, knowledge)}
    return next(filter(None, firsts), "") in verbs  # behind "thanks!", which says nothing


def _by_model(
    text: str, said: Sentence, thread: Thread, knowledge: KnowledgeBase, ask_model: AskModel | None
) -> Turn | None:
    text = spelled(said) if any(token.pointed for token in said.tokens) else text
    answer = ask_model(text, knowledge, thread) if ask_model else None
    if answer is None:
        return None
    read = replace(answer.intent(knowledge.entries), said=text)
    return turn_of(inherit(chosen(read, knowledge), thread, knowledge, sentence(text)))


def _unknown(said: Sentence, thread: Thread, knowledge: KnowledgeBase) -> Turn:
    near = suggest(said, knowledge.entries, knowledge.words)
    asked = knowledge.entries[thread.open.entry].parameter(thread.open.missing[0]) if thread.open else None
    return Turn(
        "not_understood",
        error=ANOTHER_LANGUAGE if foreign(said, knowledge.words) else NOT_UNDERSTOOD,
        suggestions=tuple(suggestion.text for suggestion in near),
        offers=tuple(suggestion.text for suggestion in near if suggestion.complete),
        still_open=asked.asks if asked else "",
        unknown=True,
    )
