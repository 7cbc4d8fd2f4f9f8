"""What a module may import: BotFunction has three seconds on a cold start, and nothing may need an environment."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]

PACKAGES_OF_BOT_FUNCTION = {
    "bot",
    "certifi",  # botocore takes it where something else has installed it
    "botocore",  # without boto3, which would load s3transfer and the resource layer as well
    "dateutil",
    "jmespath",
    "six",
    "slack_bolt",
    "slack_sdk",
    "urllib3",
}
MODULES_OF_BOT_FUNCTION = {
    "bot",
    "bot.app",
    "bot.aws",
    "bot.aws_errors",
    "bot.config",
    "bot.display",
    "bot.errors",
    "bot.listeners",
    "bot.models",
}
MODULES_BUDGET = 560
"""Everything that is loaded, the standard library included: 516 when this was written."""

LOADED = """
import json, sys
before = set(sys.modules)
import bot.app
print(json.dumps(sorted(set(sys.modules) - before)))
"""


def python(code: str) -> str:
    """What a fresh interpreter prints that sees the project, and no environment."""
    run = subprocess.run(
        [sys.executable, "-c", code], check=False, cwd=ROOT, env={}, capture_output=True, text=True, timeout=60
    )
    assert run.returncode == 0, run.stderr
    return run.stdout


@pytest.fixture(scope="module")
def loaded() -> set[str]:
    """The modules that importing ``bot.app`` loads."""
    return set(json.loads(python(LOADED)))


def test_bot_function_loads_no_package_that_it_does_not_need(loaded: set[str]) -> None:
    packages = {name.partition(".")[0] for name in loaded} - sys.stdlib_module_names

    assert packages <= PACKAGES_OF_BOT_FUNCTION


def test_bot_function_knows_nothing_of_what_the_worker_does(loaded: set[str]) -> None:
    assert {name for name in loaded if name.partition(".")[0] == "bot"} <= MODULES_OF_BOT_FUNCTION


def test_bot_function_stays_within_its_import_budget(loaded: set[str]) -> None:
    assert len(loaded) <= MODULES_BUDGET


def modules() -> list[str]:
    files = [path for folder in ("bot", "workflow_steps", "seeds") for path in (ROOT / folder).rglob("*.py")]
    names = [".".join(path.relative_to(ROOT).with_suffix("").parts).removesuffix(".__init__") for path in files]
    return sorted(name for name in names if not name.endswith("__main__"))


def test_every_module_can_be_imported_without_an_environment() -> None:
    python("\n".join(f"import {name}" for name in modules()))
