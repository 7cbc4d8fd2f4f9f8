"""What a message comes to after a command of its author: the same for something else, a correction, "stop it"."""

from __future__ import annotations

from dataclasses import replace

from bot import values
from bot.answers import Answers, filled
from bot.clauses import clauses
from bot.commands import added, command_of, inherited_all, is_a_value, turn_of, with_aside
from bot.conversations import Thread
from bot.errors import AwaitsButton, NotUnderstood
from bot.forms import is_name, types_of
from bot.knowledge_base import KnowledgeBase
from bot.matches import Match, creates, missing_of
from bot.models import Entry, Intent, Turn
from bot.normalise import Sentence, sentence_of
from bot.openings import corrected, first_word, listed, refused, without, words_of
from bot.pointing import placed
from bot.questions import DROPPING_WORDS, calls_off
from bot.spans import FREE

CALLING_OFF = ("cancel", "holding_back")
"""The lists of what drops a command that waits for its button."""
FIRST_CLAUSES = 2
"""Clauses among which a word drops a command that waits."""
SHORT_WORDS = 4
"""Words to somebody before what changes a command."""


def while_held(said: Sentence, thread: Thread, knowledge: KnowledgeBase) -> Turn | None:
    """A command waits for its button: words can drop it, and cannot let it happen."""
    words = words_of(said)
    only_corrects = knowledge.matcher.opening("corrections", said.tokens) == len(said.tokens) > 0
    if only_corrects or calls_off(said, knowledge) or any(listed(name, words, knowledge) for name in CALLING_OFF):
        return Turn("cancelled")  # whoever hesitates had better press nothing
    if dropped := _dropped_first(said, thread, knowledge):
        return dropped
    if listed("consent", words, knowledge):
        problem = AwaitsButton("Words are easily said by mistake, so only the button Confirm lets it happen.")
        return Turn("not_understood", error=problem.sentence, problem=problem)
    return None


def _dropped_first(said: Sentence, thread: Thread, knowledge: KnowledgeBase) -> Turn | None:
    """ "Forget it, bob still needs it", "never mind the first one", "forget it, list buckets"; but "drop a.csv" is a
    command."""
    for clause in clauses(said)[:FIRST_CLAUSES]:
        tokens = said.tokens[clause.start : clause.stop]
        never_mind = knowledge.matcher.opening("dropping", tokens) > 0
        verb = first_word(tokens, knowledge) in knowledge.words.get("dropping_verbs", ())
        if never_mind or (verb and len(tokens) <= DROPPING_WORDS and not any(map(is_name, tokens))):
            rest = replace(said, tokens=said.tokens[clause.stop :])
            command = command_of(rest, thread, knowledge) if rest.tokens else None
            return replace(command, corrects=True) if command else Turn("cancelled")
    return None


def still_waits(said: Sentence, knowledge: KnowledgeBase) -> Turn | None:
    """What makes no sense while a command waits for its button: a word that hesitates drops it, and what may have been
    meant to change it does not pass in silence."""
    if first_word(said.tokens, knowledge) in knowledge.words.get("hesitating", ()):
        return Turn("cancelled")
    if not any(token.duration is not None for token in said.tokens) and "=" not in said.text:
        return None
    problem = NotUnderstood(
        "The command above waits as it was: I did not understand what to change in it.",
        hint="Say it once more as a whole, or “never mind”.",
    )
    return Turn("not_understood", error=problem.sentence, problem=problem, for_me=True)


def takes_back(said: Sentence, knowledge: KnowledgeBase) -> bool:
    """ "Not that one, I meant two.txt", "delete two.txt instead"; but "the same for two.txt" is wanted as well."""
    return corrected(said, knowledge)[1] or knowledge.matcher.opening("corrections", said.tokens[-1:]) > 0


def of_run(said: Sentence, settled: Intent, knowledge: KnowledgeBase) -> Turn | None:
    """ "How is it going?", "stop it", of the workflow that this person started or asked about here last."""
    known = {**settled.made, **settled.parameters}
    if "execution_id" not in known:
        return None
    if any(map(is_name, said.tokens)):
        return None
    spoken = [said.tokens[clause.start : clause.stop] for clause in clauses(said)]  # "kill it please, wrong bucket"
    for name, entry in (("asks_of_run", "workflow.status"), ("stops_run", "workflow.stop")):
        about = [listed(name, " ".join(token.word or token.text for token in part), knowledge) for part in spoken]
        others = (part for part, meant in zip(spoken, about, strict=True) if not meant)
        if any(about) and not any(knowledge.matcher.read(sentence_of(part)) for part in others):
            run = {"execution_id": known["execution_id"]}
            return Turn("resolved", Intent(entry, entry, run, origins={"execution_id": "inherited"}))
    return None


def follow_up(said: Sentence, thread: Thread, settled: Intent, knowledge: KnowledgeBase) -> Turn | None:
    """ "And in staging-logs?", "same for bucket-b", "not that one, I meant x", "again"."""
    words = words_of(said)
    entry = knowledge.entries.get(settled.entry)
    if entry is None or any(parameter.type in FREE for parameter in entry.parameters):
        return None  # of "explain …" nothing can be changed
    if listed("chatter", words, knowledge):
        return Turn("unchanged")
    if listed("again", words, knowledge):
        return turn_of(inherited_all(settled))
    whole = any(not match.problems and not is_a_value(match.phrase) for match in knowledge.matcher.read(said))
    if whole or _renames(said, knowledge):
        return None
    changed = _changed(said, thread, _for_one_more(said, settled, entry, knowledge), entry, knowledge)
    return changed or (_set_anew(said, thread, settled, entry, knowledge) if thread.waits_last else None)


def _set_anew(said: Sentence, thread: Thread, settled: Intent, entry: Entry, knowledge: KnowledgeBase) -> Turn | None:
    """ "prefix=tmp/" after a command that waits for its button: it is asked for once more, so, in the place of that."""
    rest, _ = without(said, "lead_ins", knowledge)
    if not rest.tokens or not any(types_of(token) or token.duration is not None for token in rest.tokens):
        return None
    match = Answers(knowledge.matcher, knowledge.words).read(rest, settled, entry, changes=True)
    return replace(_once_more(settled, match, thread), corrects=True) if match and _sure(match) else None


def _changed(said: Sentence, thread: Thread, settled: Intent, entry: Entry, knowledge: KnowledgeBase) -> Turn | None:
    """The last command with what a message changes in it, or another one that it leads in to."""
    for corrects in (True, False):
        rest, found = corrected(said, knowledge) if corrects else without(said, "follow_ups", knowledge)
        if not found:
            continue
        if not rest.tokens:
            if settled.missing:
                return turn_of(inherited_all(settled))  # "and another one"
            continue
        match = _change(rest, settled, entry, knowledge, corrects=corrects)
        turn = _led_in_to(rest, said, thread, settled, knowledge)
        elliptic = match and not match.problems and turn and turn.intent and _says_less(turn, settled)
        if turn and not elliptic:
            return turn
        if match:
            return _once_more(settled, match, thread)
    return (
        _narrowed(said, thread, settled, entry, knowledge)
        or _by_gist(said, thread, settled, entry, knowledge)
        or _behind_a_word(said, thread, settled, entry, knowledge)
    )


def _says_less(turn: Turn, settled: Intent) -> bool:
    """Whether a reading as a command of its own is the last one again, or one that nothing but its gist speaks for and
    that lacks something: "and junk.log as well"."""
    intent = turn.intent
    return intent is not None and (intent.entry == settled.entry or (turn.state == "ask" and not intent.phrase))


def _behind_a_word(
    said: Sentence, thread: Thread, settled: Intent, entry: Entry, knowledge: KnowledgeBase
) -> Turn | None:
    """What changes the last command behind a short word to somebody: "Sam is right. Make it weekly"."""
    first, *others = clauses(said)
    before = said.tokens[first.start : first.stop]
    if not others or len(before) > SHORT_WORDS or any(map(types_of, before)):
        return None
    return _changed(replace(said, tokens=said.tokens[first.stop :]), thread, settled, entry, knowledge)


def _led_in_to(
    rest: Sentence, said: Sentence, thread: Thread, settled: Intent, knowledge: KnowledgeBase
) -> Turn | None:
    """A command behind the words that go on from the last one: "and now list my-bucket"."""
    command = command_of(rest, thread, knowledge)
    intent = command.intent if command else None
    if command is None or intent is None or is_a_value(intent.phrase):
        return command if intent is None else None
    if command.state == "ask" and intent.entry == settled.entry:
        return None
    return replace(command, intent=added(intent, thread, knowledge, said))


def _change(rest: Sentence, settled: Intent, entry: Entry, knowledge: KnowledgeBase, *, corrects: bool) -> Match | None:
    """What is changed in the last command; a correction rather changes what was said than add to it."""
    match = Answers(knowledge.matcher, knowledge.words).read(rest, settled, entry, changes=True)
    if match and _only_describes(match, rest, knowledge):
        match = None
    if match and not match.problems and (_changes(match, settled) or not corrects):
        return match
    return knowledge.gist.reply(rest, settled, entry, changes=True, follows=True) or match


def _renames(said: Sentence, knowledge: KnowledgeBase) -> bool:
    """Whether something that is done is to be moved or called otherwise, which is no change of what was ordered."""
    verbs = refused("move", knowledge)
    return any(first_word(said.tokens[clause.start : clause.stop], knowledge) in verbs for clause in clauses(said))


def _changes(match: Match, settled: Intent) -> bool:
    """Whether a match has another value for what was said before, and does not only add to it."""
    return any(name in settled.parameters for name in match.parameters if name not in match.entry.fixed)


def _only_describes(match: Match, said: Sentence, knowledge: KnowledgeBase) -> bool:
    """Whether what would be a name says how something shall be: "make it private"."""
    doubts = knowledge.words.get("doubts", {})
    plain = {token.word for token in said.tokens if not types_of(token) and not token.quoted}
    files = {token.name for token in said.tokens if types_of(token)[:1] == ("key",)}
    if creates(match.entry) and any(value in files for value in match.parameters.values()):
        return True  # "actually call it q3.csv" is about a file
    described = plain.intersection((*doubts.get("no_names", ()), *doubts.get("no_buckets", ())))
    return any(value in described for value in match.parameters.values())


def _for_one_more(said: Sentence, settled: Intent, entry: Entry, knowledge: KnowledgeBase) -> Intent:
    """The last command, without the name of what it made where one more is wanted: "and another one in Paris"."""
    if not creates(entry) or not any(token.word in knowledge.words.get("one_more", ()) for token in said.tokens):
        return settled
    rest = {name: value for name, value in settled.parameters.items() if name not in entry.required}
    return replace(settled, parameters=rest, missing=missing_of(entry, rest, {}))


def _by_gist(said: Sentence, thread: Thread, settled: Intent, entry: Entry, knowledge: KnowledgeBase) -> Turn | None:
    """ "Ok, and now the one in my-bucket as well": the last command with what a sentence says freely about it."""
    reply = knowledge.gist.reply(said, settled, entry, changes=True)
    return _once_more(settled, reply, thread) if reply else None


def _narrowed(said: Sentence, thread: Thread, settled: Intent, entry: Entry, knowledge: KnowledgeBase) -> Turn | None:
    """ "Only under logs/2026/", "in Ireland": more of the last command, by what can be nothing else. Where people talk,
    "just kidding" and "in a minute" are no such thing."""
    rest, _ = without(said, "lead_ins", knowledge)
    if not knowledge.matcher.opening("narrowings", rest.tokens):
        return None
    match = Answers(knowledge.matcher, knowledge.words).read(rest, settled, entry, changes=True)
    return _once_more(settled, match, thread) if match and _sure(match) else None


def _once_more(settled: Intent, match: Match, thread: Thread) -> Turn:
    """The last command with other values."""
    again = replace(filled(inherited_all(settled), match, "typed"), source="knowledge_base")
    return turn_of(with_aside(placed(again, match, thread.listed), match))


def _sure(match: Match) -> bool:
    """Whether all values are for what need not be said, and show by their form that they are meant for it."""
    optional = {each.name: each.type for each in match.entry.parameters if not each.required and not each.choices}
    given = {name: value for name, value in match.parameters.items() if name not in match.entry.fixed}
    return not match.problems and all(
        name in optional and (isinstance(value, int) or values.sure(optional[name], value))
        for name, value in given.items()
    )
