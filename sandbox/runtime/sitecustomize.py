"""What AWS's runtime for Python does with ``LogFormat: JSON`` and MiniStack's does not.

From INFO on, a log line is a JSON object with the fields that were given to it.

MiniStack has this folder on its ``PYTHONPATH``, and each process that it starts for a function reads this by itself.
"""

from __future__ import annotations

import json
import logging
import sys
import traceback
from typing import Any

OWN = frozenset({*vars(logging.makeLogRecord({})), "message", "asctime"})
"""What every record has; the rest was given as ``extra``."""


class JsonLines(logging.Formatter):
    """A record as one line, in the shape of Lambda's."""

    def format(self, record: logging.LogRecord) -> str:
        """The line."""
        line: dict[str, Any] = {
            "timestamp": self.formatTime(record, "%Y-%m-%dT%H:%M:%SZ"),
            "level": record.levelname,
            "message": record.getMessage(),
            "logger": record.name,
        }
        if record.exc_info and record.exc_info[0]:
            line["errorType"] = record.exc_info[0].__name__
            line["errorMessage"] = str(record.exc_info[1])
            line["stackTrace"] = traceback.format_exception(*record.exc_info)
        given = {name: value for name, value in vars(record).items() if name not in OWN}
        return json.dumps({**line, **given}, default=str)


def _install() -> None:
    handler = logging.StreamHandler(sys.stderr)
    handler.setFormatter(JsonLines())
    logging.basicConfig(level=logging.INFO, handlers=[handler])
    # That AWS is somewhere else is said by no function that runs in AWS.
    logging.getLogger("botocore.configprovider").setLevel(logging.WARNING)


if any(argument.endswith("_worker.py") for argument in sys.orig_argv):  # not in MiniStack itself
    _install()
