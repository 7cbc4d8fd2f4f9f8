"""What holds for every test, and which of them a worker of pytest-xdist runs one after the other."""

from __future__ import annotations

import functools
import gc
from collections import Counter
from typing import Any

import botocore.loaders
import pytest
from hypothesis import settings
from xdist.scheduler import LoadScopeScheduling

# The same examples in every run: a test that fails now and then tells nobody what broke it. To look for new ones,
# `pytest --hypothesis-profile=default`.
settings.register_profile("repeatable", derandomize=True)
settings.load_profile("repeatable")

# A session of botocore reads AWS's service models from disk anew, megabytes of JSON, and nearly every test makes one.
# They do not change while tests run, and botocore itself shares them between the clients of a session.
botocore.loaders.create_loader = functools.cache(botocore.loaders.create_loader)

SHARED = ("tests/e2e/", "tests/browser/")
"""Folders whose tests share a deployment, which no second worker need make."""
APART = ("tests/e2e/test_demo.py", "tests/e2e/test_sam.py")
"""Files in them that start everything by themselves."""


class ByDeployment(LoadScopeScheduling):
    """A file goes to one worker as a whole, and so does a folder whose tests share a deployment."""

    def _split_scope(self, nodeid: str) -> str:
        file = nodeid.partition("::")[0]
        folder = next((shared for shared in SHARED if file.startswith(shared)), "")
        return folder if folder and file not in APART else file


def pytest_xdist_make_scheduler(config: pytest.Config, log: Any) -> ByDeployment | None:
    """Stands for ``--dist loadfile``."""
    return ByDeployment(config, log) if config.getoption("dist") == "loadfile" else None


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """Workers begin with what waits for processes, while others compute; then the long files, to end together."""
    if not hasattr(config, "workerinput"):
        return
    tests = Counter(item.path for item in items)
    items.sort(key=lambda item: (not item.nodeid.startswith(SHARED), item.nodeid.startswith(APART), -tests[item.path]))


def pytest_collection_finish() -> None:
    """What was imported stays: the collector need not walk through all of it, again and again, for a test's garbage."""
    gc.freeze()
