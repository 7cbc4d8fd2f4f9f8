"""WorkerFunction: a message of Requests.fifo → the pipeline → Slack.

A request has its effect once and its answer once, however often the queue delivers it: the answer is kept under the
request's id before it is posted, and so is the fact that it was posted.
"""

from __future__ import annotations

import json
import logging
import secrets
from collections.abc import Callable, Mapping
from dataclasses import replace
from functools import lru_cache
from typing import TYPE_CHECKING, Any

from aws_lambda_powertools.utilities.batch import SqsFifoPartialProcessor, process_partial_response
from aws_lambda_powertools.utilities.data_classes.sqs_event import SQSRecord
from aws_lambda_powertools.utilities.idempotency import (
    DynamoDBPersistenceLayer,
    IdempotencyConfig,
    idempotent_function,
)

from bot import config, pipeline, replies
from bot.audit import Audit
from bot.aws import Aws, time_limit
from bot.budget import Budget
from bot.conversations import DynamoConversations, Waiting, place, thread_key
from bot.errors import CannotPost
from bot.execute import Bot
from bot.knowledge_base import Store
from bot.learning import Learning
from bot.model import Model
from bot.models import Reply, Request
from bot.phrasebook import Phrasebook
from bot.slack import Slack, SlackUnavailable

if TYPE_CHECKING:
    from aws_lambda_powertools.utilities.batch.types import PartialItemFailureResponse
    from aws_lambda_powertools.utilities.typing import LambdaContext
    from mypy_boto3_dynamodb import DynamoDBClient

log = logging.getLogger(__name__)

MAX_RECEIVES = 3
"""``maxReceiveCount`` of Requests.fifo: on the last delivery nothing is begun again; the person is told instead."""
REMEMBER_SECONDS = 24 * 60 * 60
"""How long an answer is kept: longer than Slack repeats an event and the queue a message."""
POSTING_SECONDS = 15.0
"""What is kept of the function's time for posting the answer, once the work is done."""
Posted = tuple[str, str]
"""The root of the thread that an answer opened or stands in, and its own timestamp; each empty where there is none."""
NOWHERE: Posted = ("", "")


def handler(event: dict[str, Any], context: LambdaContext) -> PartialItemFailureResponse:
    """The Lambda handler: takes messages of Requests.fifo, says which of them must come again."""
    worker = _worker()
    processor = SqsFifoPartialProcessor(skip_group_on_error=True)
    processor.raise_on_entire_batch_failure = False  # a failed message is reported as such, not as a broken function
    return process_partial_response(
        event=event,
        record_handler=lambda record: worker.work(record, context),
        processor=processor,
        context=context,
    )


class Worker:
    """Works on requests one after the other, with everything that outlives one."""

    def __init__(self, bot: Bot, store: Callable[[], DynamoDBPersistenceLayer]) -> None:
        self._bot = bot
        self._idempotency = IdempotencyConfig(expires_after_seconds=REMEMBER_SECONDS, hash_function="sha256")
        self._answered = self._once(_answer, store(), "answer")
        self._posted = self._once(_post, store(), "post")

    def work(self, record: SQSRecord, context: LambdaContext) -> None:
        """One message of the queue. Raises what a later delivery may mend: Slack out of reach, a record in use."""
        self._idempotency.register_lambda_context(context)
        bot = replace(self._bot, seconds_left=lambda: _seconds_left(context))
        request = Request.from_dict(json.loads(record.body))
        last = int(record.attributes.approximate_receive_count) >= MAX_RECEIVES
        with time_limit(_seconds_left(context)):
            kept = self._answered(key=request.id, request=request, bot=bot, last=last)
        if kept is not None:
            reply = Reply.from_dict(kept)
            posted: Posted = (reply.stands_in, "")
            root, ts = (
                posted if reply.stands_in else self._posted(key=request.id, request=request, reply=reply, bot=bot)
            )
            _remember(request, reply, root, ts, bot)
            _close(request, reply, bot)
        if bot.learning:  # once the person has the answer
            with time_limit(_seconds_left(context)):
                bot.learning.work_off()

    def _once(self, work: Callable[..., Any], store: DynamoDBPersistenceLayer, prefix: str) -> Callable[..., Any]:
        once = idempotent_function(
            data_keyword_argument="key", persistence_store=store, config=self._idempotency, key_prefix=prefix
        )
        decorated: Callable[..., Any] = once(work)
        return decorated


def _seconds_left(context: LambdaContext) -> float:
    return max(0.0, context.get_remaining_time_in_millis() / 1000 - POSTING_SECONDS)


def _answer(*, key: str, request: Request, bot: Bot, last: bool) -> Mapping[str, Any] | None:
    """The answer to a request; ``key`` is what the idempotency record goes by."""
    if last:
        reference = secrets.token_hex(4)
        log.error("gave up on request", extra={"reference": reference, "request_id": key})
        return replies.gave_up(reference).to_dict()
    reply = pipeline.answer(request, bot)
    return reply.to_dict() if reply else None


def _post(*, key: str, request: Request, reply: Reply, bot: Bot) -> Posted:
    """Posts the answer where it belongs."""
    if request.kind == "home":
        _publish(request, reply, bot)
        return NOWHERE
    if reply.view is not None:
        try:
            bot.slack.open_view(request.trigger_id, reply.view)
        except CannotPost as error:  # Slack takes a trigger for three seconds; after that, the question is asked
            log.info("form not opened (%s); asking instead", error.code, extra={"request_id": key})
        else:
            return NOWHERE
    if reply.replace and not reply.private:
        try:
            return _replaced(request, reply, bot)
        except CannotPost as error:  # somebody deleted the message, say: the answer then stands by itself
            log.info("message not replaced (%s); posting instead", error.code, extra={"request_id": key})
    if reply.private:
        _tell_one(request, reply, bot)
        return NOWHERE
    thread = place(request)
    try:
        posted = bot.slack.post(request.channel, reply, thread)
    except CannotPost as error:
        _tell_one(request, replies.instead(reply, error), bot)
        return NOWHERE
    return thread or posted, posted


def _publish(request: Request, reply: Reply, bot: Bot) -> None:
    """Shows the answer on the Home tab of whoever opened it."""
    try:
        bot.slack.publish(request.user, replies.home_tab(reply, request.channel))
    except CannotPost as error:  # the tab was switched off meanwhile, say; nobody waits for it
        log.warning("Home tab not shown (%s)", error.code, extra={"request_id": request.id})


def _replaced(request: Request, reply: Reply, bot: Bot) -> Posted:
    if request.ephemeral or not request.ts:
        bot.slack.respond(request.response_url, reply, replace=True)
        return NOWHERE
    bot.slack.update(request.channel, request.ts, reply)
    return request.thread or request.ts, request.ts


def _tell_one(request: Request, reply: Reply, bot: Bot) -> None:
    """What only the asker shall see, by the way that is open: a response_url works where the bot is no member."""
    try:
        if request.response_url:
            bot.slack.respond(request.response_url, reply, thread=request.thread)
        else:
            bot.slack.whisper(request.channel, request.user, reply, request.thread)
    except CannotPost as error:  # there is no further way, and a later delivery would find none either
        log.error("answer could not be delivered (%s)", error.code, extra={"request_id": request.id})  # noqa: TRY400


def _close(request: Request, reply: Reply, bot: Bot) -> None:
    """Takes the buttons off the messages whose commands were dropped. Pressing them does nothing in any case."""
    for ts in reply.closes:
        try:
            bot.slack.update(request.channel, ts, replies.closed())
        except (CannotPost, SlackUnavailable) as error:
            log.info("buttons not taken away: %s", error, extra={"request_id": request.id})


def _remember(request: Request, reply: Reply, root: str, ts: str, bot: Bot) -> None:
    """What the thread goes on from; a private answer or a form opens none, but a list is remembered where one is."""
    key = thread_key(request, root)
    if reply.lists and request.kind != "home" and (key.thread or request.direct):
        bot.conversations.show(key, reply.lists, bot.now())
    if not root:
        return
    if reply.question:
        bot.conversations.ask(key, reply.question, bot.now())
    elif reply.settles:
        waiting = Waiting(reply.holds, ts) if reply.holds else None
        bot.conversations.settle(key, reply.settles, bot.now(), waiting, reply.undo)
    else:
        bot.conversations.own(key, bot.now())


@lru_cache(maxsize=1)
def _worker() -> Worker:
    settings = config.settings()
    aws = Aws(settings)
    dynamodb = aws.client("dynamodb")
    knowledge_base = settings.need("knowledge_base_table")
    store = Store(dynamodb, knowledge_base)

    def idempotency() -> DynamoDBPersistenceLayer:
        return DynamoDBPersistenceLayer(table_name=settings.need("idempotency_table"), boto3_client=dynamodb)

    bot = Bot(
        settings=settings,
        aws=aws,
        slack=Slack(lambda refresh: aws.slack_secret(refresh=refresh).bot_token, settings.slack_api_url),
        knowledge=lambda: store.load(bot.now()),
        conversations=DynamoConversations(dynamodb, settings.need("conversations_table")),
        audit=Audit(dynamodb, settings.need("audit_table")),
        model=_model(aws, settings, dynamodb),
        learning=Learning(store, Phrasebook(dynamodb, knowledge_base)),
    )
    return Worker(bot, idempotency)


def _model(aws: Aws, settings: config.Settings, dynamodb: DynamoDBClient) -> Model | None:
    if not settings.model_id:
        return None
    budget = Budget(dynamodb, settings.need("conversations_table"), settings.model_tokens_per_day)
    return Model(aws.client("bedrock-runtime"), settings.model_id, budget=budget)
