"""A local Slack: strict, stateful, in memory, on loopback only.

The bot talks to it as it talks to Slack (Web API, response_url), and it talks to the bot as Slack does (signed
commands, events, clicks and submissions, with retries). What it knows lives in a ``Workspace`` that tests, the
terminal and the page observe.

``model`` has the data, ``workspace`` the state, ``blocks`` what Slack refuses in a message, ``methods`` the Web API
(with ``methods_views``, ``methods_places`` and ``methods_files``), ``rates`` how often it may be called, ``server`` the
HTTP in front of it, ``delivery`` the way to the bot, ``payloads`` what is sent there, ``people`` those who type and
click, ``echo`` what the bot hears of itself, ``reading`` a message as a person reads it.
"""

from sandbox.slack.delivery import Bot, Delivery
from sandbox.slack.echo import Echo
from sandbox.slack.model import Change, Channel, Message, User, View
from sandbox.slack.people import Person
from sandbox.slack.reading import read
from sandbox.slack.server import LocalSlack
from sandbox.slack.workspace import Workspace

__all__ = [
    "Bot",
    "Change",
    "Channel",
    "Delivery",
    "Echo",
    "LocalSlack",
    "Message",
    "Person",
    "User",
    "View",
    "Workspace",
    "read",
]
