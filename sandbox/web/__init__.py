"""The page in the browser: Slack as a person sees it on the left, what the bot does to AWS on the right.

``server`` is the HTTP in front, on loopback only; ``sight`` what one person sees of the workspace, ``acts`` what they
do there, ``account`` what there is in AWS, read only, ``watch`` that as it changes. ``page/`` has what runs in the
browser. Nothing in here decides anything: the bot gets the same signed requests as from the terminal.
"""

from sandbox.web.server import Page

__all__ = ["Page"]
