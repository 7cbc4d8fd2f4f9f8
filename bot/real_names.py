"""The names that exist in the account, by the type of a parameter: what a form lets a person pick from."""

from __future__ import annotations

import logging
from collections.abc import Callable, Collection, Mapping
from concurrent.futures import Future, ThreadPoolExecutor, wait
from typing import Any

from bot.aws import Aws

MOST = 100
"""Options of one select, https://docs.slack.dev/reference/block-kit/block-elements/select-menu-element."""
LONGEST = 75
"""Characters of an option."""
LOG_GROUPS_PAGE = 50

log = logging.getLogger(__name__)


def real_names(aws: Aws, types: Collection[str], seconds: float) -> Mapping[str, tuple[str, ...]]:
    """The names of those types that AWS lists within the time and that one select can show; others are left out.

    What takes longer goes on behind and is lost: a person waits for the form, and Slack only for three seconds.
    """
    wanted = sorted(set(types) & set(_LISTS))
    if not wanted or seconds <= 0:
        return {}
    pool = ThreadPoolExecutor(len(wanted), "names")
    futures = {kind: pool.submit(_LISTS[kind][1], aws.client(_LISTS[kind][0])) for kind in wanted}
    wait(futures.values(), timeout=seconds)
    pool.shutdown(wait=False, cancel_futures=True)
    return {kind: names for kind, future in futures.items() if (names := _fitting(kind, future))}


def _fitting(kind: str, future: Future[list[str]]) -> tuple[str, ...]:
    if not future.done():
        log.info("names not listed in time", extra={"type": kind})
        return ()
    error = future.exception()
    if error is not None:
        log.info("names not listed: %s", error, extra={"type": kind})
        return ()
    names = future.result()
    return tuple(names) if len(names) <= MOST and all(len(name) <= LONGEST for name in names) else ()


def _buckets(s3: Any) -> list[str]:
    return [bucket["Name"] for bucket in s3.list_buckets(MaxBuckets=MOST + 1).get("Buckets", [])]


def _log_groups(logs: Any) -> list[str]:
    page = logs.describe_log_groups(limit=LOG_GROUPS_PAGE)
    names = [group["logGroupName"] for group in page["logGroups"]]
    while "nextToken" in page and len(names) <= MOST:
        page = logs.describe_log_groups(limit=LOG_GROUPS_PAGE, nextToken=page["nextToken"])
        names += [group["logGroupName"] for group in page["logGroups"]]
    return names


_LISTS: Mapping[str, tuple[Any, Callable[[Any], list[str]]]] = {
    "bucket": ("s3", _buckets),
    "log_group": ("logs", _log_groups),
}
"""A parameter's type: the service that is asked, and how."""
