"""s3agent: one message, one pass.

A Slack payload is verified and queued by ``app`` through ``listeners``;
``worker`` takes it from the queue and hands it to ``pipeline``, which tells the story:
``resolve`` (what is meant: knowledge base, then model) → ``authorize`` (may they) →
ask, confirm or ``execute`` (an operation, or the start of a workflow) → a Reply,
which ``worker`` posts through ``slack``. ``models`` has what travels; ``errors`` what may go wrong.
"""
