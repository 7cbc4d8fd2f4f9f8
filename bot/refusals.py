"""What is recognised as not offered, and what can be done instead.

Nothing here decides what runs: a sentence that no phrase reads as a whole is not run anyway. This says why.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import pairwise
from typing import Any

from bot import values
from bot.errors import NotOffered
from bot.forms import leaves_open
from bot.matches import is_pattern
from bot.models import Entry
from bot.normalise import Sentence, Token
from bot.signs import Signs, asks, begins_asking

TOKENS_LIMIT = 150
"""Words of a message that are looked through for the reason."""
AUDIT = "audit"
"""The command that says how a bucket is set up, with the bucket behind it."""
_BETWEEN = frozenset({"in", "from", "of", "for", "on", "under"})
"""Words that may stand between "and" and a second name of the same kind."""


@dataclass(frozen=True, slots=True)
class Refusal:
    """One kind of request that is not offered."""

    words: str
    """The list in ``seeds/words.json`` whose words give it away."""
    sentence: str
    hint: str = ""
    examples: tuple[str, ...] = ()
    offers: tuple[str, ...] = ()


_DELETE, _COPY = "delete report.csv from my-bucket", "copy report.csv from my-bucket to other-bucket"
_EXPIRE = "Files can also expire by age with lifecycle management."
_EXPIRING = "delete files under tmp/ in my-bucket after 90 days"
_NEGATION = Refusal(
    "negations",
    "I only act on what I am asked to do, and this also says what not to do.",
    "Say just the one thing that shall happen.",
)
_STOP = Refusal(
    "stop",
    "I stop one run of a workflow at a time, by its id.",
    "“workflow status” finds your last runs; each can be stopped in its thread, too.",
    ("workflow status", "workflow stop wf-k3m9x2q7"),
)
_CONDITION = Refusal(
    "conditions",
    "I do what is asked at once, and check no condition for it.",
    "Say it when it shall happen.",
)
_LATER = Refusal(
    "later",
    "I do what is asked at once, and keep nothing for later.",
    "Say it when it shall happen.",
)
_LEFT_OPEN = Refusal(
    "at_least", "I need one length of time, and this leaves open which.", "Say one number, such as “after 365 days”."
)
_KEPT = Refusal(
    "kept",
    "A lifecycle rule for which no time is said deletes in the end, and this says that something shall stay.",
    "Say when files shall move: who names only that gets a rule that deletes nothing.",
    ("move files in my-bucket to cheaper storage after 60 days",),
)
_SWITCH_OFF = Refusal(
    "switch_off",
    "I do not switch off or take away what a bucket was set up with.",
    "The lifecycle rules that a run of mine has changed can be brought back as they were, by the id of that run.",
    ("workflow status", "undo wf-k3m9x2q7"),
)
_BULK_DELETE = Refusal(
    "delete",
    "I delete one file at a time, by its full name: no wildcards, folders, whole buckets or several files.",
    _EXPIRE,
    (_DELETE, _EXPIRING),
)
_BULK = Refusal(
    "bulk", "I work on one file at a time, by its full name: no wildcards, folders or several files.", "", (_COPY,)
)
_TWO_THINGS = Refusal(
    "conjunctions", "That asks for more than one thing.", "Send me one command at a time, each in its own message."
)
_CHEAPER = Refusal(
    "cheaper",
    "I move files to cheaper storage by their age, with lifecycle management.",
    "Say after how many days; I show first what it would move.",
    ("move files in my-bucket to cheaper storage after 30 days",),
)
_NEW_BUCKET = Refusal(
    "settings",
    "I create buckets as AWS does by default: private, encrypted, without versioning. I do not change their settings.",
    "An audit says how a bucket is set up.",
    ("create bucket my-bucket", f"{AUDIT} my-bucket"),
)
_COPY_AS = Refusal(
    "manners",
    "I copy a file as it is: I set no access, encryption or storage class for the copy, and convert nothing.",
    "If the copy shall be called so, put that name in quotes.",
    (_COPY,),
)
_SETTINGS = Refusal(
    "settings",
    "I do not look at single settings of a bucket.",
    "An audit shows them together, and changes nothing: who can reach it, encryption, versions, lifecycle and more.",
    (f"{AUDIT} my-bucket",),
)
_SHARE = Refusal(
    "share",
    "I do not change who may see a bucket or a file, nor how a bucket is set up.",
    "An audit says how it is set up now.",
    (f"{AUDIT} my-bucket",),
)
_UPLOAD = Refusal("upload", "I do not upload files.", "I can copy a file that is in S3 already.", (_COPY,))
_DOWNLOAD = Refusal(
    "download",
    "I do not download or open files.",
    "I can show which files are there.",
    ("list files in my-bucket",),
)
_ELSEWHERE = Refusal(
    "elsewhere",
    "That is nothing that I can reach: I work with the buckets and files of S3, and run workflows on them.",
    "“help” shows all that I do.",
)
_REFUSALS = (
    Refusal(
        "move", "I do not move or rename files.", "I can copy a file, and then delete the old one.", (_COPY, _DELETE)
    ),
    _UPLOAD,
    _DOWNLOAD,
    Refusal("sync", "I do not synchronise buckets or folders.", "I can copy one file at a time.", (_COPY,)),
    Refusal(
        "restore",
        "I do not restore files, and I cannot tell from this what to take back.",
        "Say “undo” in the thread of a change: I do what takes it back, or say what would.",
    ),
    _SHARE,
    replace(_SHARE, words="settings"),
    _ELSEWHERE,
)
"""Those that one list gives away, in the order in which they are looked for."""
_INSTEAD = (("delete", _DELETE), ("copy", _COPY), ("create", "create bucket my-bucket"), ("listing", "list buckets"))
"""What can be said instead of what shall not happen, by the verb."""


class Refusals:
    """Says why a sentence that nothing matches is not offered."""

    def __init__(self, words: Mapping[str, Any]) -> None:
        self._signs = Signs(words)
        self._at_least = frozenset(words.get("gist", {}).get("at_least", ()))

    def explain(self, said: Sentence, asked: Entry | None = None) -> NotOffered | None:
        """The problem, when it is clear what was meant; None when it is not. ``asked`` is what a question is open for:
        whoever is asked for one file may answer "all of them"."""
        refusal = self._find(replace(said, tokens=said.tokens[:TOKENS_LIMIT]))
        if refusal is None and asked and "key" in asked.required and self._many(said.tokens):
            refusal = _BULK_DELETE if asked.effect == "destroy" else _BULK
        if refusal is None:
            return None
        return NotOffered(refusal.sentence, hint=refusal.hint, examples=refusal.examples, offers=refusal.offers)

    def _find(self, said: Sentence) -> Refusal | None:
        tokens = said.tokens
        return (
            self._timed(tokens)
            or self._turned(said)
            or self._transferred(tokens)
            or self._several(tokens)
            or self._set_up(said)
            or next((refusal for refusal in _REFUSALS if self._has(refusal.words, tokens)), None)
        )

    def _timed(self, tokens: Sequence[Token]) -> Refusal | None:
        """What a rule would need, or must not have, another length of time for."""
        if any(token.duration is not None for token in tokens):
            return _LEFT_OPEN if leaves_open(tokens, self._at_least) else None
        kept = self._has("kept", tokens) and not self._has("switch", tokens)  # "turn it off" has a reason of its own
        return _KEPT if kept and self._has("rules", tokens) else None

    def _turned(self, said: Sentence) -> Refusal | None:
        """What shall not happen, or stop, or not happen now."""
        tokens = said.tokens
        stopped = [tokens[at + 1 :] for at in range(len(tokens)) if self._signs.at("stop", tokens, at)]
        if any(self._has("runs", rest[:3]) or (len(rest) == 1 and self._has("bulk", rest)) for rest in stopped):
            return _STOP
        held_back = self._held_back(said)
        if self._denied(tokens, held_back[0] if held_back else None) or any(
            self._changes(rest[:1]) for rest in stopped
        ):
            examples = tuple(example for name, example in _INSTEAD if self._has(name, tokens))
            return replace(_NEGATION, examples=examples[:1])
        if self._two_commands(tokens):
            return _TWO_THINGS
        return held_back[1] if held_back else None

    def _denied(self, tokens: Sequence[Token], condition: int | None) -> bool:
        """Whether it says what shall not happen; "if it is not there" is a condition."""
        at = self._signs.first("negations", tokens)
        return at is not None and (condition is None or at < condition)

    def _held_back(self, said: Sentence) -> tuple[int, Refusal] | None:
        """Where a sentence says that a change shall wait, and what to say to that."""
        if begins_asking(said) or not self._changes(said.tokens):
            return None
        found = ((self._signs.first(each.words, said.tokens), each) for each in (_LATER, _CONDITION))
        first = min(((at, each) for at, each in found if at is not None), key=lambda one: one[0], default=None)
        if first is None or not self._has("delete", said.tokens):
            return first
        at, refusal = first
        return at, replace(refusal, hint=f"{refusal.hint} {_EXPIRE}", examples=(_EXPIRING,))

    def _transferred(self, tokens: Sequence[Token]) -> Refusal | None:
        """The command line's ``cp`` between S3 and a disk: only one of its two places is an address."""
        at = next((at for at, token in enumerate(tokens) if self._signs.alone("command_line", token.word)), None)
        if at is None or len(tokens) != at + 3:
            return None
        first, last = (values.location(token.text) is not None for token in tokens[at + 1 :])
        if first == last:
            return None
        return _UPLOAD if last else _DOWNLOAD

    def _several(self, tokens: Sequence[Token]) -> Refusal | None:
        takes = self._has("delete", tokens)
        switched = self._has("switch", tokens) and self._has("off", tokens)
        if switched or self._has("switch_off", tokens) or (takes and self._has("set_up", tokens)):
            return _SWITCH_OFF
        if takes and self._many(tokens):
            return _BULK_DELETE
        if self._has("copy", tokens) and self._many(tokens):
            return _BULK
        return _TWO_THINGS if self._two_names(tokens) else None

    def _set_up(self, said: Sentence) -> Refusal | None:
        """How a bucket, or what is in it, is or shall be set up."""
        if self._has("move", said.tokens) and self._has("cheaper", said.tokens):
            return _CHEAPER
        if self._has("copy", said.tokens) and (self._as(said.tokens) or self._has("settings", said.tokens)):
            return _COPY_AS
        if not self._has("settings", said.tokens):
            return None
        if self._has("create", said.tokens):
            return _NEW_BUCKET
        if not asks(said):
            return None
        bucket = next((token.name for token in said.tokens if _kind(token) == "bucket"), "")
        return (
            replace(_SETTINGS, examples=(f"{AUDIT} {bucket}",), offers=(f"{AUDIT} {bucket}",)) if bucket else _SETTINGS
        )

    def _as(self, tokens: Sequence[Token]) -> bool:
        """ "As glacier", "as public": how the copy shall be."""
        return any(
            before.word == "as" and self._signs.alone("manners", token.word)
            for before, token in pairwise(tokens)
            if not token.quoted
        )

    def _changes(self, tokens: Sequence[Token]) -> bool:
        return any(self._has(name, tokens) for name in ("delete", "copy", "create"))

    def _many(self, tokens: Sequence[Token]) -> bool:
        """More than one file, or what holds files."""
        return (
            self._has("bulk", tokens)
            or any(is_pattern(token.text, quoted=token.quoted) for token in tokens)
            or any(not token.quoted and token.text.endswith("/") for token in tokens)
            or any(token.comma for token in tokens)
        )

    def _two_commands(self, tokens: Sequence[Token]) -> bool:
        verbs = [at for at in range(len(tokens)) if self._signs.at("verbs", tokens, at)]
        return any(
            any(verb < joint for verb in verbs) and any(verb > joint for verb in verbs)
            for joint in self._joints(tokens)
        )

    def _two_names(self, tokens: Sequence[Token]) -> bool:
        """A name, "and", and another of its kind, to do one known thing with both."""
        return self._has("verbs", tokens) and any(
            _kind(tokens[at - (not tokens[at].comma)]) == _next_kind(tokens[at + 1 :]) != ""
            for at in self._joints(tokens)
        )

    def _joints(self, tokens: Sequence[Token]) -> list[int]:
        return [at for at in range(len(tokens)) if self._signs.at("conjunctions", tokens, at) or tokens[at].comma]

    def _has(self, name: str, tokens: Sequence[Token]) -> bool:
        return self._signs.has(name, tokens)


def _next_kind(tokens: Sequence[Token]) -> str:
    """What kind of name follows, behind words that may stand before it."""
    return next((_kind(token) for token in tokens if token.word not in _BETWEEN and token.word != "and"), "")


def _kind(token: Token) -> str:
    """What the token is a name of, by its form alone."""
    if token.mention:
        return ""
    return next((kind for kind in ("execution_id", "log_group", "key", "bucket") if values.sure(kind, token.name)), "")
