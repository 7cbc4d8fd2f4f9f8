"""The whole bot on one machine: MiniStack for AWS, a local Slack, and a conversation that shows it working.

``slack`` plays Slack, ``ministack`` runs the AWS emulator, ``deploy`` puts the real template into it,
``stage`` brings the three together, ``world`` fills the account with things to look at, and ``demo`` plays
and prints a conversation. Nothing in here is shipped.
"""
