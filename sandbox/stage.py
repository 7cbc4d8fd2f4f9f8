"""Everything together: the local Slack, MiniStack with the real stack in it, and the bot between them."""

from __future__ import annotations

from collections.abc import Mapping
from contextlib import ExitStack
from types import TracebackType
from typing import Self

from sandbox.bedrock import Bedrock
from sandbox.cast import GROUPS, TEAM, new_workspace
from sandbox.deploy import Deployment, deploy
from sandbox.ministack import MiniStack
from sandbox.slack import Bot, Echo, LocalSlack, Person


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
