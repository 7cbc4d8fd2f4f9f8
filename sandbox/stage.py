"""Everything together: the local Slack, MiniStack with the real stack in it, and the bot between them."""

from __future__ import annotations

import json
import threading
import time
from collections.abc import Mapping
from contextlib import ExitStack
from types import TracebackType
from typing import Self

from sandbox.bedrock import Bedrock
from sandbox.cast import GROUPS, TEAM, new_workspace
from sandbox.deploy import Deployment, deploy
from sandbox.ministack import MiniStack
from sandbox.slack import Bot, Echo, LocalSlack, Person

REPORT_SECONDS = 10.0
"""For the first report of an inventory, where AWS says 48 hours."""
LOOK_SECONDS = 2.0
LOOKS = 10


class Stage:
    """A context manager: entered, the bot answers; left, nothing of it runs any more.

    With a ``bedrock``, functions that call the model reach that server. ``parameters`` are the template's.
    """

    deployment: Deployment
    bot: Bot

    def __init__(self, *, bedrock: Bedrock | None = None, parameters: Mapping[str, str] | None = None) -> None:
        self.workspace = new_workspace()
        self.slack = LocalSlack(self.workspace)
        self._bedrock = bedrock
        self._parameters = dict(parameters or {})
        self._running = ExitStack()
        self._over = threading.Event()
        # Functions inherit MiniStack's environment: so they find the local Slack with an unchanged template.
        environment = {"SLACK_API_URL": self.slack.api_url}
        if bedrock:
            environment["AWS_ENDPOINT_URL_BEDROCK_RUNTIME"] = bedrock.url
        self.aws = MiniStack(environment)

    def __enter__(self) -> Self:
        with ExitStack() as started:
            if self._bedrock:
                started.enter_context(self._bedrock)
            started.enter_context(self.slack)
            started.enter_context(self.aws)
            self.deployment = deploy(self.aws, self._all_parameters())
            self.bot = self._connect()
            started.callback(self.bot.close)
            echo = Echo(self.workspace, self.bot)
            echo.start()
            started.callback(echo.stop)
            self._running = started.pop_all()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._running.close()

    def person(self, name: str) -> Person:
        """Somebody in front of their Slack."""
        return Person(self.workspace, self.bot, self.slack.url, name)

    def deliver_inventories(self, *, after: float = 0.0) -> int:
        """Two days pass for S3 and an hour for the bot: first reports arrive, and it looks for them; how many."""
        delivered = untold = self.aws.deliver_inventories(after=after)
        arrivals = self.deployment.resources["InventoryArrivalsFunction"]
        for look in range(LOOKS if delivered else 0):
            time.sleep(LOOK_SECONDS if look else 0)  # a run may not have come to where it waits for its report
            answer = self.aws.client("lambda").invoke(FunctionName=arrivals)
            untold -= json.load(answer["Payload"])["told"]
            if untold <= 0:
                break
        return delivered

    def hurry(self) -> None:
        """From now on, the first report of an inventory arrives seconds after it was asked for."""
        hurrying = threading.Thread(target=self._hurry, name="inventories", daemon=True)
        hurrying.start()
        self._running.callback(hurrying.join)
        self._running.callback(self._over.set)

    def _hurry(self) -> None:
        while not self._over.wait(LOOK_SECONDS):
            self.deliver_inventories(after=REPORT_SECONDS)

    def _all_parameters(self) -> dict[str, str]:
        return {
            "BotToken": self.workspace.bot_token,
            "SigningSecret": self.workspace.signing_secret,
            "SlackTeam": TEAM,
            **{parameter: user.id for parameter, user in GROUPS.items()},
            **self._parameters,
        }

    def _connect(self) -> Bot:
        """Slack's side of the request URL. Python does not resolve *.localhost, so the API is named in the header."""
        host = f"{self.deployment.resources['Api']}.execute-api.localhost:{self.aws.port}"
        return Bot(f"{self.aws.url}/slack/events", self.workspace.signing_secret, host=host)
