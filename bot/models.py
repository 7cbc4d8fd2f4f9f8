"""What travels through the bot: frozen data, no behaviour beyond reading it in and writing it out."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, field
from typing import Any, Literal, Self

from bot.errors import BotError

Value = str | int
Kind = Literal["command", "mention", "message", "click", "submission", "home"]
Effect = Literal["read", "write", "destroy"]
Source = Literal["knowledge_base", "model", "form", "button"]
Origin = Literal["typed", "asked", "inherited", "default", "form"]
State = Literal["ask", "resolved", "cancelled", "unchanged", "not_understood"]
Block = dict[str, Any]

RUN_WORKFLOW = "workflow.run"
"""The intent that every workflow's entry stands for; the entry's own name is its parameter ``workflow``."""


@dataclass(frozen=True, slots=True)
class Request:
    """One thing that a person did in Slack, verified by BotFunction; the body of a queue message."""

    id: str
    """What Slack cannot vary between deliveries: ``team#channel#ts`` of a message, ``trigger_id`` of the rest."""
    kind: Kind
    team: str
    channel: str
    user: str
    text: str = ""
    """What was typed, as Slack sent it, without the mention of the bot."""
    channel_type: str = ""
    """``im`` for a direct message, else ``channel``, ``group`` or ``mpim`` where Slack says it."""
    ts: str = ""
    """The message's own timestamp (messages and mentions), or that of the message a button sits on."""
    thread: str = ""
    """The root timestamp of the thread in which it was said; empty outside a thread."""
    response_url: str = ""
    trigger_id: str = ""
    action: str = ""
    """A button's ``action_id`` or a modal's ``callback_id``."""
    value: str = ""
    """A button's ``value`` or a modal's ``private_metadata``."""
    fields: Mapping[str, str] = field(default_factory=dict)
    """A modal's inputs: block id (the parameter's name) to what was entered."""
    ephemeral: bool = False
    """The button sits on a message that only its reader sees; such a message changes through its response_url."""
    external: bool = False
    """The person belongs to another workspace (Slack Connect)."""
    received_at: float = 0.0
    """Epoch seconds at which BotFunction had it."""

    @property
    def direct(self) -> bool:
        """Said in a direct message with the bot, where nobody else reads."""
        return self.channel_type == "im" or self.channel.startswith("D")

    def to_dict(self) -> dict[str, Any]:
        """As JSON-ready data, for the queue."""
        return asdict(self)

    @classmethod
    def from_dict(cls, data: Mapping[str, Any]) -> Self:
        """From the queue; fields of a newer deployment that this one does not know are left aside."""
        return cls(**{name: data[name] for name in cls.__slots__ if name in data})


@dataclass(frozen=True, slots=True)
class Parameter:
    """One parameter of an entry: its type (a name in ``values.TYPES``), and the question that asks for it."""

    name: str
    type: str
    required: bool = False
    default: Value | None = None
    choices: tuple[str, ...] = ()
    question: str = ""
    description: str = ""
    minimum: int | None = None
    """The least that AWS takes, of a number."""
    above: str = ""
    """Another parameter's name, which this number must exceed."""

    @property
    def asks(self) -> str:
        """The question for it; one made of its name when an entry without questions of its own was loaded."""
        return self.question or f"What is the {self.name.replace('_', ' ')}?"


@dataclass(frozen=True, slots=True)
class Example:
    """A sentence that must reach its entry with exactly these parameters and these missing: a test in the data."""

    text: str
    parameters: Mapping[str, Value] = field(default_factory=dict)
    missing: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Entry:
    """Everything about one intent: understanding, help, checks, questions and the model's tool derive from it."""

    name: str
    """``service.verb_noun`` of an operation; of a workflow, the workflow's name."""
    service: str
    title: str
    summary: str
    effect: Effect
    access: str
    """The permission it needs, granted to groups in ``seeds/access.json``: ``read``, ``write`` or ``destroy``."""
    phrases: tuple[str, ...] = ()
    examples: tuple[Example, ...] = ()
    parameters: tuple[Parameter, ...] = ()
    confirm: str = ""
    """What will happen, with ``{parameter}`` places and ``[one way|another]`` for what is known of them; an entry that
    destroys must have it."""
    gist: Mapping[str, Any] = field(default_factory=dict)
    """The words by which it is recognised where no phrase reads the sentence as a whole (``bot.gist``)."""
    state_machine: str = ""
    """A workflow's state machine: the file ``statemachines/NAME.asl.json``. Empty for an operation."""

    @property
    def is_workflow(self) -> bool:
        """Started with Step Functions, not run by the worker."""
        return bool(self.state_machine)

    @property
    def intent(self) -> str:
        """The name that the outside sees: all workflows are ``workflow.run`` with the parameter ``workflow``."""
        return RUN_WORKFLOW if self.is_workflow else self.name

    @property
    def fixed(self) -> dict[str, Value]:
        """The parameters that the entry itself settles."""
        return {"workflow": self.name} if self.is_workflow else {}

    @property
    def required(self) -> tuple[str, ...]:
        """Names of the parameters that must be given, in the order in which they are asked for."""
        return tuple(parameter.name for parameter in self.parameters if parameter.required)

    def with_defaults(self, said: Mapping[str, Value]) -> dict[str, Value]:
        """What to run with: what was said, and the defaults for the rest.

        Of two that belong together (``Parameter.above``), who says one wants only that: who has files moved after 90
        days has not asked for any to be deleted.
        """
        pairs = [{parameter.name, parameter.above} for parameter in self.parameters if parameter.above]
        chosen = set[str]().union(*(pair for pair in pairs if not pair.isdisjoint(said)))
        unsaid = {p.name: p.default for p in self.parameters if p.default is not None and p.name not in chosen}
        return {**unsaid, **said}

    def confirms(self, intent: Intent) -> bool:
        """Whether it is asked before it runs, whatever a look at AWS may show: what destroys, and a change of which
        not every word is known to be meant."""
        doubtful = intent.source == "model" or bool(intent.aside)
        return self.effect == "destroy" or (doubtful and self.effect != "read")

    def unmet(self, aside: str) -> list[str]:
        """The words of what was passed over that ask for what it does in another way: "glacier"."""
        return [word for word in aside.split() if word.lower() in self.gist.get("unmet", ())]

    def parameter(self, name: str) -> Parameter:
        """The parameter of that name; KeyError when the entry has none."""
        for parameter in self.parameters:
            if parameter.name == name:
                return parameter
        raise KeyError(name)

    def to_dict(self) -> dict[str, Any]:
        """As JSON-ready data, as it stands in the seeds and in the table."""
        return asdict(self)

    @classmethod
    def from_dict(cls, data: Mapping[str, Any]) -> Self:
        """From the seeds or the table. Raises TypeError or KeyError on a field that is missing or unknown."""
        known = dict(data)
        known["phrases"] = tuple(known.get("phrases", ()))
        known["examples"] = tuple(
            Example(e["text"], e.get("parameters", {}), tuple(e.get("missing", ()))) for e in known.get("examples", ())
        )
        known["parameters"] = tuple(
            Parameter(**{**p, "choices": tuple(p.get("choices", ()))}) for p in known.get("parameters", ())
        )
        return cls(**known)


@dataclass(frozen=True, slots=True)
class Group:
    """A group of people and the accesses it has."""

    name: str
    may: tuple[str, ...]
    members: tuple[str, ...] = ()
    """Slack user ids; the deployment's settings may name more."""


@dataclass(frozen=True, slots=True)
class Access:
    """Who may do what, as in ``seeds/access.json``: groups from least to most, and the group of everyone else."""

    default: str
    groups: tuple[Group, ...]

    def group(self, name: str) -> Group:
        """The group of that name; KeyError when there is none."""
        for group in self.groups:
            if group.name == name:
                return group
        raise KeyError(name)

    def to_dict(self) -> dict[str, Any]:
        """As JSON-ready data, as it stands in the seeds and in the table."""
        return asdict(self)

    @classmethod
    def from_dict(cls, data: Mapping[str, Any]) -> Self:
        """From the seeds or the table. Raises TypeError or KeyError on a field that is missing or unknown."""
        groups = tuple(
            Group(**{**group, "may": tuple(group["may"]), "members": tuple(group.get("members", ()))})
            for group in data["groups"]
        )
        return cls(**{**data, "groups": groups})


@dataclass(frozen=True, slots=True)
class Listed:
    """The names that an answer showed in a row, which "the second one" may then point at."""

    type: str
    """What they are: a name in ``values.TYPES``."""
    names: tuple[str, ...]
    beside: Mapping[str, Value] = field(default_factory=dict)
    """What they have in common, by type: the bucket of files."""

    @classmethod
    def from_dict(cls, data: Mapping[str, Any]) -> Self:
        """From a stored conversation or answer."""
        return cls(data["type"], tuple(data["names"]), data.get("beside", {}))


@dataclass(frozen=True, slots=True)
class Undo:
    """How what was done is taken back."""

    sentence: str = ""
    """What there is to say about it; empty where the command takes back all of it."""
    command: str = ""
    """What to say to me for it; it is confirmed like anything else."""
    by_hand: str = ""
    """What an operator runs for it, where I cannot."""


@dataclass(frozen=True, slots=True)
class Intent:
    """What a message was understood to ask for. Complete when nothing is missing."""

    entry: str
    """The entry's name: of a workflow, the workflow's."""
    name: str
    """The intent of the vocabulary, ``Entry.intent``."""
    parameters: Mapping[str, Value] = field(default_factory=dict)
    """What was said, as typed values; defaults are added when it is executed."""
    missing: tuple[str, ...] = ()
    """Required parameters that were not said, or said wrongly, in the order in which they are asked for."""
    problems: Mapping[str, str] = field(default_factory=dict)
    """Parameter to the sentence that says what is wrong with what was typed for it."""
    source: Source = "knowledge_base"
    phrase: str = ""
    """The phrase of the knowledge base that matched."""
    origins: Mapping[str, Origin] = field(default_factory=dict)
    """Where each value came from."""
    usage: Mapping[str, int] = field(default_factory=dict)
    """The model's tokens, ``input`` and ``output``, when it was asked."""
    said: str = ""
    """The message that the model read, as typed; what can be learned from it."""
    aside: str = ""
    """What stood beside the command, or was taken back in it, and was left out; a change is confirmed then."""
    shown: Mapping[str, Value] | None = None
    """The values that a confirmation showed: with these it runs, whatever the defaults are by then."""
    made: Mapping[str, Value] = field(default_factory=dict)
    """What came of it when it was done, by the parameter that later commands have for it: an execution's id."""
    named: Mapping[str, Sequence[str]] = field(default_factory=dict)
    """What this person has named in the thread so far, by type, the latest last."""
    basis: str = ""
    """What the confirmation's preview was made from, as a fingerprint; the run stops when it is no longer so."""

    def to_dict(self) -> dict[str, Any]:
        """As JSON-ready data, for conversations and the audit."""
        return asdict(self)

    @classmethod
    def from_dict(cls, data: Mapping[str, Any]) -> Self:
        """From a stored conversation; fields of a newer deployment are left aside."""
        known = {name: data[name] for name in cls.__slots__ if name in data}
        return cls(**{**known, "missing": tuple(data.get("missing", ()))})


@dataclass(frozen=True, slots=True)
class Lesson:
    """A phrase that is in no seeds: learned from what a model explained, or taught by a person."""

    entry: str
    phrase: str
    example: str = ""
    """The sentence that it was made from; a later phrase must not change what it means."""
    number: int = 0
    """What people call it by; never given twice."""
    by: str = ""
    """The Slack user whose sentence it was."""
    at: float = 0.0
    """Epoch seconds."""
    taught: bool = False
    """By a person who said what it means; else a model had read it and a person let it stand."""
    used: int = 0
    """How often it has answered since."""

    def to_dict(self) -> dict[str, Any]:
        """As JSON-ready data, as it stands in the table; how often it was used stands beside it."""
        return {name: value for name, value in asdict(self).items() if name != "used"}

    @classmethod
    def from_dict(cls, data: Mapping[str, Any], used: int = 0) -> Self:
        """From the table; fields of a newer deployment are left aside."""
        return cls(**{name: data[name] for name in cls.__slots__ if name in data and name != "used"}, used=used)


@dataclass(frozen=True, slots=True)
class Turn:
    """What one message comes to."""

    state: State
    intent: Intent | None = None
    error: str = ""
    """What was wrong with what was said, as a sentence."""
    suggestions: tuple[str, ...] = ()
    """Commands that come near."""
    offers: tuple[str, ...] = ()
    """Those of them that can be run as they are; to a question, answers that are likely."""
    still_open: str = ""
    """The question that was not answered with it."""
    problem: BotError | None = None
    """What was asked for is known not to be offered."""
    unknown: bool = False
    """Nothing that is known came near: what a model may be asked about."""
    says: str = ""
    """What is said although there is nothing to do: the answer to a greeting."""
    for_me: bool = False
    """It can only have been said to the bot, also in a thread among people."""
    corrects: bool = False
    """It is said in the place of the command that waits for its button."""
    besides: Intent | None = None
    """The change in whose place it is said, and which is done: both will be."""


@dataclass(frozen=True, slots=True)
class Reply:
    """What the bot answers: a Slack message in plain data. Every text in it is escaped already."""

    text: str
    """The whole answer for screen readers and notifications; never empty."""
    blocks: tuple[Block, ...] = ()
    private: bool = False
    """Only the asker may see it."""
    replace: bool = False
    """Takes the place of the message whose button was clicked."""
    stands_in: str = ""
    """It is in Slack already, in the thread of this root: it is remembered and not posted."""
    question: Intent | None = None
    """The intent that waits for the asker's next message in this thread; None closes an open question."""
    settles: Intent | None = None
    """The command that this answers; the asker's next message in the thread may refer to it."""
    undo: Undo | None = None
    """How what it tells of is taken back; None when it tells of no change, or of none that can be."""
    lists: Listed | None = None
    """What it shows in a row; the asker's next message in the thread may point at it."""
    holds: str = ""
    """The id of the command that this asks to confirm; the asker's "never mind" in the thread drops it."""
    closes: tuple[str, ...] = ()
    """The timestamps of the messages in the same channel whose commands were dropped: their buttons go away."""
    next_page: Mapping[str, Any] | None = None
    """From an operation: what its function needs (as ``call.page``) to go on when Next is clicked."""
    view: Mapping[str, Any] | None = None
    """A modal to open with the request's trigger instead of posting a message."""

    def to_dict(self) -> dict[str, Any]:
        """As JSON-ready data: the record of a request keeps its answer, so that a redelivery repeats it."""
        return asdict(self)

    @classmethod
    def from_dict(cls, data: Mapping[str, Any]) -> Self:
        """From the record of a request."""
        intents = {name: Intent.from_dict(data[name]) if data.get(name) else None for name in ("question", "settles")}
        lists = Listed.from_dict(data["lists"]) if data.get("lists") else None
        undo = Undo(**data["undo"]) if data.get("undo") else None
        rows = {name: tuple(data.get(name, ())) for name in ("blocks", "closes")}
        return cls(**{**data, **intents, **rows, "undo": undo, "lists": lists})
