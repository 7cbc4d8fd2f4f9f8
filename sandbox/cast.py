"""Who and what the sandbox's workspace is made of: a person of each group, a guest, and a few channels."""

from __future__ import annotations

import json

from sandbox.ministack import ROOT
from sandbox.slack.model import Channel, User
from sandbox.slack.workspace import Workspace

TEAM = "T0LOCAL"
BOT = User("U0S3AGENT", "s3agent", TEAM, is_bot=True)
ALICE = User("U0ALICE", "alice", TEAM)
BOB = User("U0BOB", "bob", TEAM)
CAROL = User("U0CAROL", "carol", TEAM)
MALLORY = User("U0MALLORY", "mallory", "T0OTHER")
GROUPS = {"Admins": ALICE, "Operators": BOB, "Viewers": CAROL}
"""The deploy parameter of each group, and who is in it."""

COLLEAGUES = frozenset({ALICE.id, BOB.id, CAROL.id})
CHANNELS = (
    Channel("C0OPS", "ops", members=COLLEAGUES | {BOT.id}),
    Channel("C0GENERAL", "general", members=COLLEAGUES),
    Channel("C0PARTNERS", "partners", members=COLLEAGUES | {BOT.id, MALLORY.id}, shared=True),
    Channel("G0SECRET", "secret", "group", members=frozenset({ALICE.id, BOB.id})),
)
"""The bot is in #ops and #partners; #general is public and #secret private, and it is in neither."""


def new_workspace() -> Workspace:
    """A workspace in which nothing was said yet, with the app installed as ``manifest.json`` says."""
    manifest = json.loads((ROOT / "manifest.json").read_text("utf-8"))
    workspace = Workspace(
        users=(ALICE, BOB, CAROL, MALLORY),
        channels=CHANNELS,
        team=TEAM,
        app="A0S3AGENT",
        bot=BOT,
        bot_id="B0S3AGENT",
        scopes=frozenset(manifest["oauth_config"]["scopes"]["bot"]),
    )
    workspace.home_tab = bool(manifest["features"]["app_home"]["home_tab_enabled"])
    workspace.messages_tab = bool(manifest["features"]["app_home"]["messages_tab_enabled"])
    workspace.events = frozenset(manifest["settings"]["event_subscriptions"]["bot_events"])
    for user in (ALICE, BOB, CAROL):
        workspace.direct(user.id)
    return workspace
