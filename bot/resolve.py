"""What is meant: a message and what its author has going on in the thread, in; what to do about it, out. No I/O."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from itertools import pairwise
from typing import TYPE_CHECKING

from bot import values
from bot.answers import Answers, filled
from bot.clauses import clauses
from bot.conversations import Thread
from bot.errors import AwaitsButton, BadValue, NothingUndone, NotOffered, TwoReadings
from bot.foreign import foreign
from bot.forms import is_name, types_of
from bot.knowledge_base import KnowledgeBase
from bot.matches import Match, creates, missing_of
from bot.models import RUN_WORKFLOW, Entry, Intent, Listed, Turn, Undo, Value
from bot.normalise import Sentence, Token, sentence, sentence_of
from bot.pointing import Pointing, placed, spelled
from bot.references import buckets_of, remembered, roles, spoken
from bot.refusals import Refusals
from bot.signs import begins_asking
from bot.suggestions import restated, suggest

if TYPE_CHECKING:
    from bot.model import ModelAnswer  # pulls in botocore, which a sentence that needs no model need not wait for

AskModel = Callable[[str, KnowledgeBase, Thread], "ModelAnswer | None"]

DROPPING_CLAUSES = 3
"""Clauses among which a word such as "never mind" drops a question: "hm, no, never mind, I ask my boss"."""
DROPPING_WORDS = 4
"""Words of a clause that drops something by its verb: "forget the new bucket"."""
TITLE_WORDS = 4
DESCRIBING_WORDS = 8
"""Words of an answer that describes what it does not name."""
MEANT_WORDS = 8
"""Words before "I meant" that say what was wrong."""
NOT_UNDERSTOOD = "I do not know what to do with that."
GREETING = "Hello! Ask me for something such as “list buckets”; “help” shows all that I do."
WELCOME = "You are welcome."
ANOTHER_LANGUAGE = "That looks like another language, and I understand English only."
NOTHING_SAID = "There is nothing in that message for me."
FILES_ONLY = "I delete one file at a time, by its full name, and no buckets."
ANSWER_WORDS = 3
"""Words that may have been meant as a name; more of them are a sentence."""


def resolve(
    text: str, thread: Thread, knowledge: KnowledgeBase, ask_model: AskModel | None = None, *, addressed: bool = True
) -> Turn:
    """What the message comes to. ``addressed`` is False for what is said in a thread to whomever: there, what is no
    command and no answer is talk among people, and leaves everything as it is."""
    said = _pointing(sentence(text, unwrap=thread.open is None), thread, knowledge)
    turn = (
        (_greeted(said, thread, knowledge) if addressed else None)
        or _conversation(said, thread, knowledge)
        or _command(said, thread, knowledge, addressed=addressed or _talking(thread))
        or _aside(said, thread, knowledge, addressed)
        or _by_model(text, said, thread, knowledge, ask_model)
        or _unknown(said, thread, knowledge)
    )
    if turn.intent:
        named = remembered(turn.intent, knowledge.entries[turn.intent.entry], thread.settled)
        turn = replace(turn, intent=named)
    corrects = thread.held and turn.intent and turn.state != "unchanged" and _corrects(said, knowledge)
    return _offered(replace(turn, corrects=True) if corrects else turn, thread, knowledge)


def _talking(thread: Thread) -> bool:
    """Whether this person has something going on with the bot here, so that what they say may well be meant for it."""
    return thread.met or thread.open is not None or thread.settled is not None


def submitted(entry: Entry, fields: Mapping[str, str]) -> Intent:
    """The intent of a form that was filled in; an empty field was not said, nor one that was left at its default."""
    parameters: dict[str, Value] = {**entry.fixed}
    problems: dict[str, str] = {}
    for parameter in entry.parameters:
        text = fields.get(parameter.name, "").strip()
        if text in ("", str(parameter.default)):
            continue
        try:
            parameters[parameter.name] = values.parse(parameter.type, text, parameter.choices)
        except BadValue as error:
            problems[parameter.name] = error.sentence
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
    if thread.open and not _listed("chatter", _words(said, knowledge), knowledge):
        return None  # a bucket may be called "ping"
    for name, answer in (("thanks", WELCOME), ("greetings", GREETING)):
        if said.tokens and knowledge.matcher.opening(name, said.tokens) == len(said.tokens):
            return Turn("unchanged", says=answer)
    return None


# --- what only makes sense in a conversation --------------------------------------------------------------------


def _conversation(said: Sentence, thread: Thread, knowledge: KnowledgeBase) -> Turn | None:
    if _listed("undo", _words(said, knowledge), knowledge) and (turn := _undone(thread, knowledge)):
        return turn
    if thread.open:
        return _while_open(said, thread, thread.open, knowledge)
    if thread.held and (turn := _while_held(said, knowledge)):
        return turn
    if thread.settled and (turn := _of_run(said, thread.settled, knowledge)):
        return turn
    if thread.settled:
        return _follow_up(said, thread, thread.settled, knowledge)
    return None


def _while_open(said: Sentence, thread: Thread, asked: Intent, knowledge: KnowledgeBase) -> Turn | None:
    words = _words(said, knowledge)
    if _listed("cancel", words, knowledge):
        return Turn("cancelled")
    if _listed("chatter", words, knowledge):
        return Turn("unchanged")
    if _calls_off(said, knowledge):
        return Turn("cancelled")
    if _listed("asks_for_choices", words, knowledge) and (listing := _choices(asked, knowledge)):
        return listing
    answered = _answered(said, thread, asked, knowledge)
    if answered and _corrected(said, knowledge)[1] and not answered.error:
        return answered  # "no, in London" drops nothing
    return _dropped(said, thread, knowledge) or answered or _named_last(said, thread, asked, knowledge)


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
    return _answered(rest, thread, asked, knowledge) or _no_answer(rest, asked, entry)


def _only_greets(said: Sentence, knowledge: KnowledgeBase) -> bool:
    """Whether somebody is greeted or thanked, and nothing named that shows by its form what it is: "morning Elise!"."""
    polite = any(knowledge.matcher.opening(name, said.tokens) for name in ("greetings", "thanks"))
    return polite and not any(map(types_of, said.tokens))


def _choices(asked: Intent, knowledge: KnowledgeBase) -> Turn | None:
    """What lists that which was asked for: "which ones are there?"."""
    kind = knowledge.entries[asked.entry].parameter(asked.missing[0]).type
    entry = knowledge.entries.get(knowledge.words.get("listed_by", {}).get(kind, ""))
    return Turn("resolved", Intent(entry.name, entry.intent)) if entry else None


def _answered(said: Sentence, thread: Thread, asked: Intent, knowledge: KnowledgeBase) -> Turn | None:
    """What a reply adds to what is known, as a phrase of answers reads it, as a command, or by its gist."""
    entry = knowledge.entries[asked.entry]
    rest, correction = _corrected(said, knowledge)
    if not correction:
        rest, _ = _without(said, "lead_ins", knowledge)
    commands = knowledge.matcher.read(said)
    other = _asks_something_else(rest, asked, knowledge)
    spoken = rest if correction else said
    reply = None if other else knowledge.gist.reply(spoken, asked, entry, changes=correction, follows=correction)
    if correction and reply:
        return _turn(_aside_of(filled(asked, reply, "asked"), reply))
    answer = None
    if rest.tokens and not _only_a_command(said, commands):
        answer = Answers(knowledge.matcher, knowledge.words).read(rest, asked, entry, changes=correction)
    if answer and _only_greets(said, knowledge):
        answer = None
    if answer and answer.problems and (reply or any(token.duration is not None for token in said.tokens)):
        answer = None  # what breaks a rule in one place has its place in another, and "2 min!" is no name
    if answer and not (commands and _better(commands[0], answer, asked)):
        return _turn(_chosen(placed(filled(asked, answer, "asked"), answer, thread.listed), knowledge))
    if commands and commands[0].entry.name == asked.entry and not _restates(commands[0], asked):
        return _turn(placed(filled(asked, commands[0], "asked"), commands[0], thread.listed))
    if reply and not any(not command.problems for command in commands):
        return _turn(_aside_of(filled(asked, reply, "asked"), reply))
    return None


_SLOTS = re.compile(r"\{[^{}]*\}")
_OPTIONAL = re.compile(r"\[[^][]*\]")


def _asks_something_else(said: Sentence, asked: Intent, knowledge: KnowledgeBase) -> bool:
    """Whether it is a whole command for something else than what a question is open for."""
    found = knowledge.gist.read(said)
    if found is None or found.missing or found.entry.name == asked.entry:
        return False
    if not found.phrase and found.entry.effect == "read" and not begins_asking(said):
        return False  # "it's in my-bucket, where all our files are"
    return not _is_a_value(found.phrase)


def _is_a_value(phrase: str) -> bool:
    """Whether a phrase needs no words, so that what it reads may be an answer as well: "wf-k3m9x2q7"."""
    return bool(phrase) and not any(map(str.isalpha, _SLOTS.sub("", _OPTIONAL.sub("", phrase))))


def _aside_of(intent: Intent, match: Match) -> Intent:
    """The intent with what was left out of a reply that changes something; a question loses nothing by it."""
    return replace(intent, aside=" … ".join(filter(None, (intent.aside, match.aside)))) if match.aside else intent


def _dropped(said: Sentence, thread: Thread, knowledge: KnowledgeBase) -> Turn | None:
    """ "Never mind, it is done already", "no, forget it, list buckets": the question is dropped, whatever follows."""
    for clause in clauses(said)[:DROPPING_CLAUSES]:
        tokens = said.tokens[clause.start : clause.stop]
        if any(map(is_name, tokens)):
            return None
        if _drops(tokens, knowledge):
            rest = replace(said, tokens=said.tokens[clause.stop :])
            command = _command(rest, thread, knowledge)
            named = any(map(is_name, rest.tokens))
            if named and not command and _denies(tokens, knowledge):
                return None  # "no, report.csv"; but not "forget it, Kim has copied report.csv"
            another = command and _is_another(command, thread)
            return command if command and (named or another or command.state == "resolved") else Turn("cancelled")
    return None


def _calls_off(said: Sentence, knowledge: KnowledgeBase) -> bool:
    """ "No wait, don't delete anything"."""
    rest, _ = _without(said, "corrections", knowledge)
    words = [token.word for token in knowledge.matcher.trimmed(rest.tokens)]
    negated = words[:1] in (["don't"], ["dont"]) or words[:2] == ["do", "not"]
    verbs = {"do", "run", "start", *(verb for name in ("delete", "copy", "create") for verb in _refused(name, knowledge))}
    named = any(types_of(token) for token in rest.tokens)
    return negated and not named and words[2 if words[0] == "do" else 1 :][:1] != [] and bool(
        verbs.intersection(words[1:3])
    )


def _refused(name: str, knowledge: KnowledgeBase) -> Sequence[str]:
    return knowledge.words.get("refused", {}).get(name, ())


def _drops(tokens: Sequence[Token], knowledge: KnowledgeBase) -> bool:
    """Whether a clause drops what is going on: "scratch that", "forget the bucket"."""
    words = [token.word for token in knowledge.matcher.trimmed(tokens)]
    dropped = words[:1] and words[0] in knowledge.words.get("dropping_verbs", ())
    never_mind = 0 < knowledge.matcher.opening("dropping", tokens) < len(tokens)  # "never mind listing"
    return (len(words) <= DROPPING_WORDS and bool(dropped or never_mind)) or _listed(
        "cancel", " ".join(token.word for token in tokens), knowledge
    )


def _is_another(command: Turn, thread: Thread) -> bool:
    """Whether it is another command, in so many words, than the one that something is asked for."""
    intent = command.intent
    in_words = intent is not None and intent.phrase != "" and not intent.aside
    return intent is not None and in_words and (thread.open is None or intent.entry != thread.open.entry)


def _denies(tokens: Sequence[Token], knowledge: KnowledgeBase) -> bool:
    """Whether a clause only says no, so that what follows may be what is meant instead."""
    return all(token.word in knowledge.words.get("denials", ()) for token in knowledge.matcher.trimmed(tokens))


def _while_held(said: Sentence, knowledge: KnowledgeBase) -> Turn | None:
    """A command waits for its button: words can drop it, and cannot let it happen."""
    words = _words(said, knowledge)
    if _listed("cancel", words, knowledge) or _calls_off(said, knowledge):
        return Turn("cancelled")
    if _listed("consent", words, knowledge):
        problem = AwaitsButton("Words are easily said by mistake, so only the button Confirm lets it happen.")
        return Turn("not_understood", error=problem.sentence, problem=problem)
    return None


def _corrects(said: Sentence, knowledge: KnowledgeBase) -> bool:
    """ "Not that one, I meant two.txt", "delete two.txt instead"; but "the same for two.txt" is wanted as well."""
    return _corrected(said, knowledge)[1] or knowledge.matcher.opening("corrections", said.tokens[-1:]) > 0


def _of_run(said: Sentence, settled: Intent, knowledge: KnowledgeBase) -> Turn | None:
    """ "How is it going?", "stop it", of the workflow that this person started or asked about here last."""
    known = {**settled.made, **settled.parameters}
    if "execution_id" not in known:
        return None
    if any(map(is_name, said.tokens)):
        return None
    spoken = [said.tokens[clause.start : clause.stop] for clause in clauses(said)]  # "kill it please, wrong bucket"
    for name, entry in (("asks_of_run", "workflow.status"), ("stops_run", "workflow.stop")):
        about = [_listed(name, " ".join(token.word or token.text for token in part), knowledge) for part in spoken]
        others = (part for part, meant in zip(spoken, about, strict=True) if not meant)
        if any(about) and not any(knowledge.matcher.read(sentence_of(part)) for part in others):
            run = {"execution_id": known["execution_id"]}
            return Turn("resolved", Intent(entry, entry, run, origins={"execution_id": "inherited"}))
    return None


def _undone(thread: Thread, knowledge: KnowledgeBase) -> Turn | None:
    """ "Undo": drops what was not done yet, and else does or says what takes back the last command of the thread."""
    if thread.open or thread.held:
        return Turn("cancelled")
    done = knowledge.entries.get(thread.settled.entry) if thread.settled else None
    if done is None:
        return None
    undo = thread.undo or Undo(_no_undo(done))
    if not undo.sentence:
        turn = _command(sentence(undo.command), Thread(), knowledge)
        return replace(turn, intent=_inherited_all(turn.intent)) if turn and turn.intent else None
    examples = tuple(text for text in (undo.command, undo.by_hand) if text)
    offers = (undo.command,) if undo.command else ()
    problem = NothingUndone(undo.sentence, examples=examples, offers=offers)
    return Turn("not_understood", error=problem.sentence, problem=problem, for_me=True)


def _no_undo(done: Entry) -> str:
    if done.effect == "read":
        return "That only looked at things: there is nothing to take back."
    return f"I know no way to take back “{done.title.lower()}”."


def _only_a_command(said: Sentence, commands: Sequence[Match]) -> bool:
    """A single word such as "help" is the command, even where a name is asked for; in quotes it is the name."""
    if len(said.tokens) != 1 or said.tokens[0].quoted or not commands:
        return False
    return not commands[0].parameters and not commands[0].problems


def _better(command: Match, answer: Match, asked: Intent) -> bool:
    """Whether a sentence that is both says more as a command of its own."""
    if command.problems and _is_a_value(command.phrase):
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


def _renames(said: Sentence, knowledge: KnowledgeBase) -> bool:
    """Whether something that is done is to be moved or called otherwise, which is no change of what was ordered."""
    verbs = knowledge.words.get("refused", {}).get("move", ())
    return any(_first(said.tokens[clause.start : clause.stop], knowledge) in verbs for clause in clauses(said))


def _changes(match: Match, settled: Intent) -> bool:
    """Whether a match has another value for what was said before, and does not only add to it."""
    return any(name in settled.parameters for name in match.parameters if name not in match.entry.fixed)


def _restates(command: Match, asked: Intent) -> bool:
    """Whether a command says again what is known, so that it begins anew instead of adding to it."""
    return any(name in asked.parameters for name in command.parameters if name not in command.entry.fixed)


def _follow_up(said: Sentence, thread: Thread, settled: Intent, knowledge: KnowledgeBase) -> Turn | None:
    """ "And in staging-logs?", "same for bucket-b", "not that one, I meant x", "again"."""
    words = _words(said, knowledge)
    entry = knowledge.entries.get(settled.entry)
    if entry is None or _listed("chatter", words, knowledge):
        return Turn("unchanged") if entry else None
    if _listed("again", words, knowledge):
        return _turn(_inherited_all(settled))
    if _renames(said, knowledge):
        return None
    settled = _for_one_more(said, settled, entry, knowledge)
    if any(not match.problems and not _is_a_value(match.phrase) for match in knowledge.matcher.read(said)):
        return None
    for corrects in (True, False):
        rest, found = _corrected(said, knowledge) if corrects else _without(said, "follow_ups", knowledge)
        if found and not rest.tokens and settled.missing:
            return _turn(_inherited_all(settled))  # "and another one"
        if not found or not rest.tokens:
            continue
        command = _command(rest, thread, knowledge)
        if command and command.intent and _is_a_value(command.intent.phrase):
            command = None
        if command and not (command.state == "ask" and command.intent and command.intent.entry == settled.entry):
            intent = command.intent and _added(command.intent, thread, knowledge, said)
            return replace(command, intent=intent)
        match = Answers(knowledge.matcher, knowledge.words).read(rest, settled, entry, changes=True)
        if match and _only_describes(match, rest, knowledge):
            match = None
        if match is None or match.problems or (corrects and not _changes(match, settled)):
            match = knowledge.gist.reply(rest, settled, entry, changes=True, follows=True) or match
        if match:
            return _once_more(settled, match, thread)
    return _narrowed(said, thread, settled, entry, knowledge) or _by_gist(said, thread, settled, entry, knowledge)


def _only_describes(match: Match, said: Sentence, knowledge: KnowledgeBase) -> bool:
    """Whether what would be a name says how something shall be: "make it private"."""
    doubts = knowledge.words.get("doubts", {})
    plain = {token.word for token in said.tokens if not types_of(token) and not token.quoted}
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
    rest, _ = _without(said, "lead_ins", knowledge)
    if not knowledge.matcher.opening("narrowings", rest.tokens):
        return None
    match = Answers(knowledge.matcher, knowledge.words).read(rest, settled, entry, changes=True)
    return _once_more(settled, match, thread) if match and _sure(match) else None


def _once_more(settled: Intent, match: Match, thread: Thread) -> Turn:
    """The last command with other values."""
    again = replace(filled(_inherited_all(settled), match, "typed"), source="knowledge_base")
    return _turn(_aside_of(placed(again, match, thread.listed), match))


def _sure(match: Match) -> bool:
    """Whether all values are for what need not be said, and show by their form that they are meant for it."""
    optional = {each.name: each.type for each in match.entry.parameters if not each.required and not each.choices}
    given = {name: value for name, value in match.parameters.items() if name not in match.entry.fixed}
    return not match.problems and all(
        name in optional and (isinstance(value, int) or values.sure(optional[name], value))
        for name, value in given.items()
    )


def _inherited_all(intent: Intent) -> Intent:
    return replace(intent, origins=dict.fromkeys(intent.origins, "inherited"), usage={}, said="", made={})


def _pointing(said: Sentence, thread: Thread, knowledge: KnowledgeBase) -> Sentence:
    """The sentence with names for "the second one": of the choices that a question names, or of a list shown before."""
    listed, wanted = thread.listed, ""
    if thread.open:
        parameter = knowledge.entries[thread.open.entry].parameter(thread.open.missing[0])
        listed, wanted = Listed(parameter.type, parameter.choices) if parameter.choices else listed, parameter.type
    answers = listed is not None and listed.type == wanted
    return Pointing(knowledge.words).read(said, listed, answer=answers, spoken=spoken(thread), roles=roles(thread))


def _chosen(intent: Intent, knowledge: KnowledgeBase) -> Intent:
    """Once it is known which workflow shall run, the workflow's own entry takes over."""
    entry = knowledge.entries.get(str(intent.parameters.get("workflow", "")))
    if intent.entry != RUN_WORKFLOW or entry is None:
        return intent
    return replace(intent, entry=entry.name, missing=missing_of(entry, intent.parameters, {}))


# --- commands ---------------------------------------------------------------------------------------------------


def _command(said: Sentence, thread: Thread, knowledge: KnowledgeBase, *, addressed: bool = True) -> Turn | None:
    found = knowledge.matcher.read(said) or _read_further(said, knowledge)
    best = found[0] if found else None
    if best is None or best.problems:
        # What breaks a rule in one place may make sense in another.
        free = knowledge.gist.read(said) if addressed else None
        if free and not (best and _passes_over(free, best)):
            best, found = free, [free]
    if best is None:
        return None
    if not addressed and _is_a_value(best.phrase):
        return None  # "wf-k3m9x2q7 I think" answers another person's question
    rivals = [match for match in found[1:] if match.cost == best.cost and match.entry.name != best.entry.name]
    if rivals and any(match.entry.effect != "read" for match in (best, *rivals)):
        return _which([best, *rivals], knowledge)
    return _read_as(best, said, thread, knowledge)


def _read_further(said: Sentence, knowledge: KnowledgeBase) -> list[Match]:
    """What follows on what somebody else said: "and list the files of my-bucket"."""
    adds = len(said.tokens) > 1 and said.tokens[0].word in knowledge.words.get("adding", ())
    rest = replace(said, tokens=said.tokens[1:]) if adds else _without(said, "follow_ups", knowledge)[0]
    return knowledge.matcher.read(rest)


def _passes_over(free: Match, read: Match) -> bool:
    """Whether a free reading is the other without what breaks a rule, which had better be said: "create bucket a"."""
    return (free.entry, free.parameters, free.missing) == (read.entry, read.parameters, read.missing)


def _which(readings: Sequence[Match], knowledge: KnowledgeBase) -> Turn:
    """Asks which of several readings is meant, with a command for each that can have no other."""
    titles = " or ".join(f"“{match.entry.title.lower()}”" for match in readings)
    clear = [text for match in readings if (text := _said_clearly(match, knowledge))]
    others = [match.entry.examples[0].text for match in readings if match.entry.examples]
    problem = TwoReadings(
        f"That can mean {titles}.", examples=clear if len(clear) == len(readings) else others, offers=clear
    )
    return Turn("not_understood", error=problem.sentence, problem=problem)


def _said_clearly(match: Match, knowledge: KnowledgeBase) -> str:
    """The command for a reading with its own values in it; empty where it would be read otherwise."""
    text = restated(match.entry, match.parameters)
    found = knowledge.matcher.match(text) if text else []
    same = bool(found) and (found[0].entry.name, found[0].parameters) == (match.entry.name, match.parameters)
    return text if same and not any(other.cost == found[0].cost for other in found[1:]) else ""


def _read_as(match: Match, said: Sentence, thread: Thread, knowledge: KnowledgeBase) -> Turn:
    if _deletes_what_was_made(match, said, thread, knowledge):
        return _kept(thread, knowledge)
    intent = placed(_intent(match), match, thread.listed)
    return _turn(_added(_inherit(_chosen(intent, knowledge), thread, knowledge, said), thread, knowledge, said))


def _added(intent: Intent, thread: Thread, knowledge: KnowledgeBase, said: Sentence) -> Intent:
    """ "Also delete them after a year": what is said is added to the last command, when that was of the same kind."""
    settled, required = thread.settled, knowledge.entries[intent.entry].required
    adds = any(token.word in knowledge.words.get("adding", ()) for token in said.tokens)
    if settled is None or settled.entry != intent.entry or not adds:
        return intent
    if not required or any(intent.origins.get(name) != "inherited" for name in required):
        return intent
    kept = {name: value for name, value in settled.parameters.items() if name not in intent.parameters}
    origins = {**dict.fromkeys(kept, "inherited"), **intent.origins}
    return replace(intent, parameters={**kept, **intent.parameters}, origins=origins)


def _deletes_what_was_made(match: Match, said: Sentence, thread: Thread, knowledge: KnowledgeBase) -> bool:
    """ "Delete it", where the last command made something: no file is meant."""
    entry = knowledge.entries.get(thread.settled.entry) if thread.settled else None
    if entry is None or not creates(entry) or match.entry.effect != "destroy" or match.parameters:
        return False
    return any(token.word in knowledge.words.get("pronouns", ()) for token in said.tokens)


def _kept(thread: Thread, knowledge: KnowledgeBase) -> Turn:
    """Why it stays, and where that is known, what an operator does about it."""
    undo = thread.undo is not None and bool(thread.undo.by_hand)
    if (undo or thread.held) and (turn := _undone(thread, knowledge)):
        return turn
    problem = NotOffered(FILES_ONLY)
    return Turn("not_understood", error=problem.sentence, problem=problem, for_me=True)


def _intent(match: Match) -> Intent:
    entry = match.entry
    return Intent(
        entry=entry.name,
        name=entry.intent,
        parameters=match.parameters,
        missing=match.missing,
        problems=match.problems,
        phrase=match.phrase,
        aside=match.aside,
        origins=dict.fromkeys((name for name in match.parameters if name not in entry.fixed), "typed"),
    )


def _inherit(intent: Intent, thread: Thread, knowledge: KnowledgeBase, said: Sentence) -> Intent:
    """Fills what is missing with what the thread has settled. A name for something new is never inherited."""
    entry = knowledge.entries[intent.entry]
    if thread.settled is None or creates(entry):
        return intent
    pointing = _points(said, knowledge)
    parameters = dict(intent.parameters)
    inherited: list[str] = []
    for name in intent.missing:
        value = None if name in intent.problems else _settled_value(entry, name, thread.settled, pointing=pointing)
        if value is None and name == "destination_bucket" and pointing and "source_bucket" in parameters:
            value = _only_bucket(thread.settled)  # "copy report.csv from my-bucket into it"
        if value is not None:
            parameters[name] = value
            inherited.append(name)
    return replace(
        intent,
        parameters=parameters,
        missing=tuple(name for name in intent.missing if name not in inherited),
        origins={**intent.origins, **dict.fromkeys(inherited, "inherited")},
    )


def _points(said: Sentence, knowledge: KnowledgeBase) -> bool:
    """Whether it points at what was said before: "delete it", "copy it to the new bucket"."""
    words = [token.word for token in said.tokens]
    nouns = knowledge.words.get("pointing_nouns", ())
    return any(word in knowledge.words.get("pronouns", ()) for word in words) or any(
        " ".join(pair) in nouns for pair in pairwise(words)
    )


def _only_bucket(settled: Intent) -> Value | None:
    """The one bucket that the thread is about."""
    buckets = buckets_of(settled.parameters)
    return buckets[0] if len(buckets) == 1 else None


def _settled_value(entry: Entry, name: str, settled: Intent, *, pointing: bool) -> Value | None:
    """A file is only inherited when the sentence points at it ("delete it"): its name may not be guessed."""
    known = {**settled.made, **settled.parameters}
    kind = entry.parameter(name).type
    if kind == "key":
        return known.get(name) if pointing else None
    if kind not in ("bucket", "log_group", "execution_id") or name in known:
        return known.get(name) if kind in ("bucket", "log_group", "execution_id") else None
    return _only_bucket(settled) if kind == "bucket" and name != "destination_bucket" else None


def _offered(turn: Turn, thread: Thread, knowledge: KnowledgeBase) -> Turn:
    """A question for a bucket, with those of the last command as answers, where they are more than one."""
    asked = turn.intent if turn.state == "ask" else None
    if asked is None or thread.settled is None:
        return turn
    parameter = knowledge.entries[asked.entry].parameter(asked.missing[0])
    offers = buckets_of(thread.settled.parameters) if parameter.type == "bucket" and not asked.problems else []
    return replace(turn, offers=tuple(map(str, offers))) if len(offers) > 1 else turn


def _turn(intent: Intent) -> Turn:
    if intent.missing:
        return Turn("ask", intent, error=next(iter(intent.problems.values()), ""))
    return Turn("resolved", intent)


# --- what is no command -----------------------------------------------------------------------------------------


def _aside(said: Sentence, thread: Thread, knowledge: KnowledgeBase, addressed: bool) -> Turn | None:
    if not said.tokens:
        return Turn("not_understood", error=NOTHING_SAID) if addressed else Turn("unchanged")
    concerned = addressed or thread.open is not None or thread.settled is not None
    words = _words(said, knowledge)
    if not addressed or thread.open:
        asked = knowledge.entries.get(thread.open.entry) if thread.open else None
        meant = addressed or any(map(is_name, said.tokens)) or _commands(said, knowledge)
        problem = Refusals(knowledge.words).explain(said, asked) if concerned and meant else None
        if problem:
            return Turn("not_understood", error=problem.sentence, problem=problem)
        if thread.open and asked and _tries_to_answer(said, addressed, knowledge):
            return _no_answer(said, thread.open, asked) or (None if addressed else Turn("unchanged"))
        return None if addressed else Turn("unchanged")
    if _listed("cancel", words, knowledge):
        return Turn("cancelled")
    problem = Refusals(knowledge.words).explain(said)
    return Turn("not_understood", error=problem.sentence, problem=problem) if problem else None


def _commands(said: Sentence, knowledge: KnowledgeBase) -> bool:
    """Whether it begins with a verb, as commands do, and not as talk among people."""
    firsts = (_first(said.tokens[clause.start : clause.stop], knowledge) for clause in clauses(said))
    refused = knowledge.words.get("refused", {})
    lists = ("verbs", "delete", "copy", "move", "upload", "elsewhere_verbs")
    verbs = {verb.split()[0] for name in lists for verb in refused.get(name, ())}
    return next(filter(None, firsts), "") in verbs  # behind "thanks!", which says nothing


def _first(tokens: Sequence[Token], knowledge: KnowledgeBase) -> str:
    """The first word of a clause that counts."""
    rest = knowledge.matcher.trimmed(tokens[knowledge.matcher.opening("follow_ups", tokens) :])
    return next((token.word for token in rest if token.word != "also"), "")


def _tries_to_answer(said: Sentence, addressed: bool, knowledge: KnowledgeBase) -> bool:
    """Whether what is no answer was meant as one: a word, a name, or some that are said to the bot and ask nothing."""
    if any(token.duration is not None for token in said.tokens):
        return addressed  # "2 min!"
    if len(said.tokens) == 1 or _titled(said) or _describes(said, knowledge):
        return True
    asks = said.text.rstrip().endswith("?") or said.tokens[0].word in knowledge.words.get("question_words", ())
    return addressed and len(said.tokens) <= ANSWER_WORDS and not asks


def _describes(said: Sentence, knowledge: KnowledgeBase) -> bool:
    """Whether it describes what was asked for instead of naming it: "the one that makes coffee"."""
    rest, _ = _without(said, "lead_ins", knowledge)
    words = [token.word for token in rest.tokens]
    described = words[:1] and words[0] in knowledge.words.get("determiners", ()) and "one" in words
    return bool(described) and len(words) <= DESCRIBING_WORDS and not said.text.rstrip().endswith("?")


def _titled(said: Sentence) -> bool:
    """Whether it is spelled as a name is: "Site Photos"."""
    alike = all(token.text[0].isupper() or token.text[0].isdigit() for token in said.tokens)
    return alike and len(said.tokens) <= TITLE_WORDS and not said.text.rstrip().endswith("?")


def _no_answer(said: Sentence, question: Intent, entry: Entry) -> Turn | None:
    """Asks again, and says why what was said is no answer; None where it could be one by its form."""
    parameter = entry.parameter(question.missing[0])
    try:
        values.parse(parameter.type, said.text, parameter.choices)
    except BadValue as error:
        problems = {parameter.name: error.sentence}
        return Turn("ask", replace(question, problems=problems), error=error.sentence)
    return None


def _by_model(
    text: str, said: Sentence, thread: Thread, knowledge: KnowledgeBase, ask_model: AskModel | None
) -> Turn | None:
    text = spelled(said) if any(token.pointed for token in said.tokens) else text
    answer = ask_model(text, knowledge, thread) if ask_model else None
    if answer is None:
        return None
    read = replace(answer.intent(knowledge.entries), said=text)
    return _turn(_inherit(_chosen(read, knowledge), thread, knowledge, sentence(text)))


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


def _words(said: Sentence, knowledge: KnowledgeBase) -> str:
    """The whole sentence in small letters, for what is recognised as a whole."""
    return " ".join(token.word or token.text for token in said.tokens)


def _listed(name: str, words: str, knowledge: KnowledgeBase) -> bool:
    return knowledge.matcher.says(name, words)


def _corrected(said: Sentence, knowledge: KnowledgeBase) -> tuple[Sentence, bool]:
    """The sentence without what says that it takes something back, and why: "hm, wrong year, I meant 2023.pdf"."""
    starred = said.tokens[0] if len(said.tokens) == 1 else None
    if starred and starred.text[:1] == "*" and starred.text.count("*") == 1 and starred.text[1:2].isalnum():
        return replace(said, tokens=(replace(starred, text=starred.text[1:], word=starred.word[1:]),)), True
    for at in range(1, min(len(said.tokens), MEANT_WORDS)):
        count = knowledge.matcher.opening("meaning", said.tokens[at:])
        sides = tuple(token for token in said.tokens[:at] if token.word in ("source", "destination", "target"))
        rest = replace(said, tokens=sides + said.tokens[at + count :])
        if count and len(rest.tokens) > len(sides) and not any(map(is_name, said.tokens[:at])):
            return rest, True  # "wrong source bucket, I meant my-bucket"
    return _without(said, "corrections", knowledge)


def _without(said: Sentence, name: str, knowledge: KnowledgeBase) -> tuple[Sentence, bool]:
    """The sentence without the words at its start that say that it goes on from something."""
    count = knowledge.matcher.opening(name, said.tokens)
    return (replace(said, tokens=said.tokens[count:]), True) if count else (said, False)
