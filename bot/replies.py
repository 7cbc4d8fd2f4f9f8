"""What the bot says: pure functions, data in, Slack message out.

Text from people, file names and AWS stands in ``rich_text`` elements or ``raw_text`` cells, which Slack shows
literally: no mention, link or formatting comes out of it. The fallback ``text`` is escaped as Slack asks
(https://docs.slack.dev/messaging/formatting-message-text).
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from bot import prices
from bot.display import shown
from bot.errors import BotError, Busy
from bot.models import Block, Entry, Intent, Parameter, Reply

TEXT_LIMIT = 3000
"""Characters of fallback text that we send; Slack recommends 4,000 and cuts at 40,000."""
BUTTON_TEXT_LIMIT = 75
PLACE = re.compile(r"\{([^{}]*)\}")
"""A parameter's place in an entry's text."""
_WAYS = re.compile(r"\[([^\[\]]*)\]")
BUTTONS_LIMIT = 5
"""Commands that are offered; what a person can take in at a glance."""


@dataclass(frozen=True, slots=True)
class Code:
    """A name or a command, shown in a fixed font."""

    text: str


@dataclass(frozen=True, slots=True)
class Bold:
    """Something that stands out."""

    text: str


@dataclass(frozen=True, slots=True)
class Person:
    """A person who is mentioned; only ids from Slack's own payloads, never typed text."""

    user: str


Part = str | Code | Bold | Person


def escape(text: str) -> str:
    """Text as Slack wants it in mrkdwn and fallback text: nothing in it notifies anybody or forges a link."""
    return text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")


def spoken(*parts: Part) -> str:
    """The parts as fallback text."""
    words = (f"<@{part.user}>" if isinstance(part, Person) else escape(_text(part)) for part in parts)
    return "".join(words)[:TEXT_LIMIT]


def paragraph(*parts: Part) -> Block:
    """The parts as one block that shows them literally."""
    elements = [_element(part) for part in parts if not isinstance(part, str) or part]
    return {"type": "rich_text", "elements": [{"type": "rich_text_section", "elements": elements}]}


def bullets(items: Iterable[Sequence[Part]]) -> Block:
    """A list with one bullet an item."""
    sections = [{"type": "rich_text_section", "elements": [_element(p) for p in item if p != ""]} for item in items]
    return {"type": "rich_text", "elements": [{"type": "rich_text_list", "style": "bullet", "elements": sections}]}


def marked(text: str, names: Iterable[object]) -> list[Part]:
    """A sentence with the names in it set apart from its words.

    A name that is a plain word ("files" may be a bucket) stays as it is: it may be meant as the word.
    """
    sought = sorted({str(name) for name in names if re.search(r"[^A-Za-z]", str(name))}, key=len, reverse=True)
    if not sought:
        return [text]
    found = re.compile(rf"(?<![\w/-])({'|'.join(map(re.escape, sought))})(?![\w/-])")
    return [Code(shown(piece)) if index % 2 else piece for index, piece in enumerate(found.split(text)) if piece]


def stacked(items: Iterable[Sequence[Part]]) -> Block:
    """One line under another, for what brings marks of its own: sections by themselves begin no line."""
    lines = [_element(part) for item in items for part in ("\n", *item) if part != ""]
    return {"type": "rich_text", "elements": [{"type": "rich_text_section", "elements": lines[1:]}]}


def small(text: str) -> Block:
    """A small grey line under an answer."""
    return {"type": "context", "elements": [{"type": "plain_text", "text": text[:2000] or "–", "emoji": False}]}


def button(label: str, action: str, value: str, *, style: str = "") -> Block:
    """One button; ``action`` is what ``pipeline`` knows it by, ``value`` what it carries (at most 2,000 characters)."""
    caption = {"type": "plain_text", "text": label[:BUTTON_TEXT_LIMIT], "emoji": False}
    element: Block = {"type": "button", "text": caption, "action_id": action, "value": value}
    return {**element, "style": style} if style else element


def buttons(*elements: Block) -> Block:
    """A row of buttons."""
    return {"type": "actions", "elements": list(elements)}


def message(*parts: Part, after: Sequence[Block] = (), **more: Any) -> Reply:
    """A Reply of one paragraph, with blocks after it."""
    return Reply(text=spoken(*parts), blocks=(paragraph(*parts), *after), **more)


def listed(title: Sequence[Part], items: Sequence[Sequence[Part]], after: Sequence[Block] = ()) -> Reply:
    """A Reply of one paragraph and a list; the fallback text has both, because it is all that a screen reader reads."""
    text = spoken(*title)
    for item in items:
        line = "\n• " + spoken(*item)
        if len(text) + len(line) > TEXT_LIMIT:
            break
        text += line
    return Reply(text=text, blocks=(paragraph(*title), *([bullets(items)] if items else []), *after))


def question(intent: Intent, entry: Entry, answers: Sequence[str] = ()) -> Reply:
    """Asks for the first missing parameter, after saying what was wrong with what was typed for it; likely ``answers``
    are buttons."""
    name = intent.missing[0]
    problem = intent.problems.get(name, "")
    parts: list[Part] = [f"{problem} "] if problem else []
    parts.append(Bold(entry.parameter(name).asks))
    return message(
        *parts, after=(*_offered(answers), small("Reply in this thread, or say “never mind”.")), question=intent
    )


def confirmation(
    entry: Entry,
    values: Mapping[str, Any],
    held: str,
    minutes: int,
    *,
    preview: Sequence[Block] = (),
    text: str = "",
    done: str = "",
    unmet: Sequence[str] = (),
) -> Reply:
    """Shows what will happen, with the buttons that let it happen or not. ``held`` is the id of the held command.

    ``text`` is what the preview says, escaped, for those who do not see its blocks; ``done`` is the command that was
    carried out before this was said in its place, ``unmet`` what was asked for and will be done otherwise.
    """
    what = filled(entry.confirm, values) if entry.confirm else _named(values)
    parts: list[Part] = [Bold(f"{entry.title}?"), " ", *what]
    choice = buttons(
        button("Confirm", "confirm", held, style="danger" if entry.effect == "destroy" else "primary"),
        button("Cancel", "cancel", held),
    )
    if done:
        parts += [" “", shown(done), "” was carried out before and stays as it is; this comes on top of it."]
    if unmet:
        parts += [" You also said “", shown(" ".join(unmet)), "”: that cannot be chosen here, and counts for nothing."]
    note = small(f"Only you can confirm, within {minutes} minutes.")
    asked = message(*parts, after=(*preview, choice, note))
    return replace(asked, text=(asked.text + text)[:TEXT_LIMIT])


def filled(template: str, values: Mapping[str, Any]) -> list[Part]:
    """An entry's text with ``{parameter}`` places, as parts: the values stand apart from the words.

    Of ``[one way|another]``, the first stands there whose places all have a value.
    """
    parts: list[Part] = []
    value: Any = None
    chosen = _WAYS.sub(lambda ways: _first_known(ways[1].split("|"), values), template)
    for index, piece in enumerate(chosen.replace("}", "{").split("{")):
        if index % 2:
            value = values.get(piece, "–")
            parts.append(str(value) if isinstance(value, int) else Code(shown(str(value))))
        elif piece:
            parts.append(piece.replace(" days", " day", 1) if value == 1 and piece.startswith(" days") else piece)
    return parts


def _named(values: Mapping[str, Any]) -> list[Part]:
    """The values by name, of an entry that has no words of its own for them."""
    parts: list[Part] = []
    for name, value in values.items():
        parts += [", " if parts else "", name.replace("_", " "), " ", Code(shown(str(value)))]
    return [part for part in parts if part] + ["."] if parts else []


def _first_known(ways: Sequence[str], values: Mapping[str, Any]) -> str:
    return next((way for way in ways if all(place in values for place in PLACE.findall(way))), ways[-1])


def problem(error: BotError, *, private: bool = False) -> Reply:
    """A problem that the person can do something about."""
    parts: list[Part] = [Bold(error.title + "."), " ", error.sentence] if error.title else [error.sentence]
    if error.hint:
        parts += [" ", error.hint]
    if isinstance(error, Busy) and error.holder:
        parts += [" It was ", Person(error.holder), " who started it."]
    offers = [text for text in error.offers if len(text) <= BUTTON_TEXT_LIMIT][:BUTTONS_LIMIT]
    whole = listed(parts, [[Code(example)] for example in error.examples])
    said = listed(parts, [[Code(example)] for example in error.examples if example not in offers])
    return replace(said, text=whole.text, blocks=(*said.blocks, *_offered(offers)), private=private)


def _offered(texts: Iterable[str]) -> list[Block]:
    """What may be said by pressing a button; one a row, because Slack takes no action twice in one."""
    return [buttons(button(text, "say", text)) for text in texts]


def fault(reference: str) -> Reply:
    """A fault of ours: the reference is in the log beside the traceback."""
    sentence = (
        "Something broke on my side, and it is not your fault. Nothing more will happen with this request. Reference: "
    )
    return message(sentence, Code(reference))


def form(entry: Entry, metadata: str, names: Mapping[str, Sequence[str]]) -> dict[str, Any]:
    """A modal with the parameters of a workflow, its defaults filled in; ``metadata`` comes back with what is sent.

    ``names`` are those that exist, by the type of the parameter: they are picked, not typed.
    """
    return {
        "type": "modal",
        "callback_id": "run",
        "private_metadata": metadata,
        "title": {"type": "plain_text", "text": entry.title[:24]},
        "submit": {"type": "plain_text", "text": "Run"},
        "close": {"type": "plain_text", "text": "Cancel"},
        "blocks": [
            paragraph(entry.summary),
            *(_input(p, p.choices or names.get(p.type, ())) for p in entry.parameters),
        ],
    }


def _input(parameter: Parameter, choices: Sequence[str]) -> Block:
    label = parameter.name.replace("_", " ").capitalize()
    block: Block = {
        "type": "input",
        "block_id": parameter.name,
        "optional": not parameter.required,
        "label": {"type": "plain_text", "text": label},
        "element": _choice(parameter, choices) if choices else _text_input(parameter),
    }
    hint = {"type": "plain_text", "text": parameter.description}
    return {**block, "hint": hint} if parameter.description else block


def _choice(parameter: Parameter, choices: Sequence[str]) -> Block:
    options = {c: {"text": {"type": "plain_text", "text": c}, "value": c} for c in choices}
    element: Block = {"type": "static_select", "action_id": "value", "options": list(options.values())}
    first = options.get(str(parameter.default))
    return {**element, "initial_option": first} if first else element


def _text_input(parameter: Parameter) -> Block:
    element: Block = {"type": "plain_text_input", "action_id": "value"}
    return {**element, "initial_value": str(parameter.default)} if parameter.default is not None else element


def below(above: Reply | None, reply: Reply) -> Reply:
    """A reply with another one above it, if there is one."""
    if above is None:
        return reply
    text = f"{above.text}\n{reply.text}"
    return replace(reply, text=text, blocks=(*above.blocks, *reply.blocks), lists=above.lists)


def home_tab(reply: Reply, channel: str) -> dict[str, Any]:
    """A reply as Slack's Home tab shows it; ``channel`` is where what is pressed there is answered."""
    where = small("Write to me under Messages, or mention me in a channel; what you press here is answered there.")
    return {"type": "home", "blocks": [*reply.blocks, where], "private_metadata": json.dumps({"channel": channel})}


def gave_up(reference: str) -> Reply:
    """The queue delivered a request for the last time, and every time before, the work on it was cut off."""
    sentence = "I was cut off twice while working on this and have given up; part of it may be done. Reference: "
    return message(sentence, Code(reference))


def instead(reply: Reply, error: BotError) -> Reply:
    """An answer that cannot stand in the channel, for its asker alone. A question cannot be answered there."""
    if reply.question is not None:
        parts: list[Part] = ["I would have to ask for something, and cannot read your reply here. "]
        return message(*parts, error.sentence, " ", error.hint, " Or say it all in one command.", private=True)
    note = small(f"Only you see this. {error.sentence} {error.hint}")
    return replace(reply, blocks=(*reply.blocks, note), private=True)


def cancelled(commands: int = 0, *, waits: bool = False) -> Reply:
    """An open question was dropped, or ``commands`` that waited for buttons; ``waits``: another still does."""
    if commands > 1:
        return message(f"All right, I have dropped all {commands} that waited for Confirm. Nothing was changed.")
    if waits:
        return message("All right, I have dropped my question. The command above still waits for its button.")
    return message("All right, I have dropped it. Nothing was changed.")


def closed() -> Reply:
    """What becomes of the message whose command was dropped, or said anew, further down."""
    return message("Dropped, as you said below. Nothing was changed.")


def understood(intent: Intent, model_id: str = "") -> str:
    """How a message was understood and what it did not say itself, for the small line under an answer."""
    inherited = [
        f"{name.replace('_', ' ')} {shown(str(intent.parameters[name]))}"
        for name, origin in intent.origins.items()
        if origin == "inherited" and name in intent.parameters
    ]
    how = _how(intent, model_id)
    if intent.aside:
        how = f"{how} · left out: “{shown(intent.aside)}”"
    return f"{how} · from this thread: {', '.join(inherited)}" if inherited else how


def _how(intent: Intent, model_id: str) -> str:
    if intent.source != "model":
        return intent.source.replace("_", " ")
    asked = prices.model_name(model_id)
    if not intent.usage:
        return f"{asked}, asked before"
    paid = prices.cost(model_id, intent.usage)
    tokens = f"{asked} · {intent.usage.get('input', 0)}+{intent.usage.get('output', 0)} tokens"
    return tokens if paid is None else f"{tokens} · {prices.dollars(paid)}"


def _text(part: str | Code | Bold) -> str:
    return part if isinstance(part, str) else part.text


def _element(part: Part) -> Block:
    if isinstance(part, Person):
        return {"type": "user", "user_id": part.user}
    if isinstance(part, Code):
        return {"type": "text", "text": part.text or "–", "style": {"code": True}}
    if isinstance(part, Bold):
        return {"type": "text", "text": part.text, "style": {"bold": True}}
    return {"type": "text", "text": part}
