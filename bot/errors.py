"""Every problem that a person may be told, each with its own sentence.

BotError                      the base: shown to the person who asked, never retried
├── NotUnderstood             nothing known comes near; suggestions say what does
├── TwoReadings               what was said can mean one thing or another, and one of them changes something
├── NotOffered                understood, and not something this bot does
├── BadValue                  a value breaks a rule of AWS
├── NothingUndone             what was done is not taken back by saying "undo" alone
├── NotLearned                a phrase cannot be learned, or would change what another means
├── NotAllowed                the asker's group may not do it
├── Expired                   a question, confirmation or page is over
├── NotYours                  a button that belongs to somebody else
├── AwaitsButton             a command that waits for its button, answered with words
├── AlreadyDone               a button that was pressed before
├── NotFound                  a bucket, file, log group or execution is not there
├── AlreadyExists             a bucket of that name is there
├── Busy                      a workflow is at work on the bucket
├── AwsRefused                AWS said no (denied, wrong state, throttled to the end)
├── TooLarge                  it would not fit the time that is left
├── WorkflowUnavailable       the workflow has no state machine in this deployment
└── CannotPost                Slack will not let the bot write there
    └── NotInChannel          because it is not a member

Anything that is not a BotError is a fault of ours: the person gets a reference, the log the rest.
"""

from __future__ import annotations

from collections.abc import Sequence


class BotError(Exception):
    """A problem with a sentence for the person who asked. The sentence is plain text: replies escape it."""

    title = "That did not work"

    def __init__(
        self, sentence: str, *, hint: str = "", examples: Sequence[str] = (), offers: Sequence[str] = ()
    ) -> None:
        super().__init__(sentence)
        self.sentence = sentence
        self.hint = hint
        """What to do about it."""
        self.examples = tuple(examples)
        """Commands that would work, shown as such."""
        self.offers = tuple(offers)
        """Those of the examples that can be run as they are."""


class Busy(BotError):
    """Raised when a workflow has to itself what somebody wants to change."""

    def __init__(self, sentence: str, *, hint: str, holder: str) -> None:
        super().__init__(sentence, hint=hint)
        self.holder = holder
        """The Slack user who started it; empty when that is who asks."""


class NotUnderstood(BotError):
    """Raised when neither the knowledge base nor the model knows what was meant."""

    title = "I did not understand that"


class TwoReadings(BotError):
    """Raised when a sentence can mean one thing or another, and to guess could change something."""

    title = "Which one"


class NotOffered(BotError):
    """Raised when it is clear what was meant, and the bot does not do it (move, upload, wildcards …)."""

    title = "I do not do that"


class BadValue(BotError):
    """Raised when a value breaks a rule, such as AWS's for bucket names."""

    title = "That value will not do"


class NothingUndone(BotError):
    """Raised when somebody says "undo" of what takes more than that, or cannot be undone."""

    title = "Nothing was undone"


class NotLearned(BotError):
    """Raised when a phrase cannot be learned: it is no phrase, or would change what something else means."""

    title = "I did not learn that"


class NotAllowed(BotError):
    """Raised when the asker's groups do not grant the access that the entry needs."""

    title = "Not allowed"


class Expired(BotError):
    """Raised when a button or question is used after its time."""

    title = "Too late"


class NotYours(BotError):
    """Raised when somebody presses a button that belongs to another person."""

    title = ""
    """Its sentence says it all."""


class AwaitsButton(BotError):
    """Raised when somebody says yes to a command that only its button lets happen."""

    title = "It waits for your click"


class AlreadyDone(BotError):
    """Raised when a button is pressed a second time."""

    title = "Already done"


class NotFound(BotError):
    """Raised when what was named does not exist, or not for this account."""

    title = "Not found"


class AlreadyExists(BotError):
    """Raised when what was to be made exists."""

    title = "Already there"


class AwsRefused(BotError):
    """Raised when AWS answered with an error that is not covered above."""

    title = "AWS refused"

    def __init__(self, sentence: str, *, code: str = "", hint: str = "", request_id: str = "") -> None:
        super().__init__(sentence, hint=hint)
        self.code = code
        self.request_id = request_id


class TooLarge(BotError):
    """Raised before starting work that would not end within the time left."""

    title = "Too large"


class WorkflowUnavailable(BotError):
    """Raised when a workflow is known but this deployment has no state machine for it."""

    title = "Workflow not available"


class CannotPost(BotError):
    """Raised by ``slack`` when a message may not be posted where it should go."""

    title = "I cannot write there"

    def __init__(self, sentence: str, *, code: str = "", hint: str = "") -> None:
        super().__init__(sentence, hint=hint)
        self.code = code


class NotInChannel(CannotPost):
    """Raised when the bot is not a member of the channel."""

    title = "I am not in this channel"
