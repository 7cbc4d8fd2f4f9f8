"""Where S3 Inventory puts the reports of a run: worked out of its parameters, the same wherever it is needed."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Mapping

from bot.models import Value

FOLDER = "s3agent-inventory"
"""Where in the destination the reports lie: FOLDER/BUCKET/ID/…"""


def destination_of(parameters: Mapping[str, Value]) -> str:
    """The bucket that gets the reports."""
    return str(parameters.get("destination_bucket") or parameters["bucket"])


def configuration_id(prefix: str) -> str:
    """Ours, and one a prefix, so that a second run updates what the first one made; S3 takes 64 characters."""
    readable = re.sub(r"[^A-Za-z0-9._-]+", "-", prefix).strip("-")[:40] or "all"
    return f"s3agent-{readable}-{hashlib.sha256(prefix.encode()).hexdigest()[:8]}"


def folder_of(parameters: Mapping[str, Value]) -> tuple[str, str]:
    """The bucket and the folder in which the reports of these parameters lie."""
    own = configuration_id(str(parameters.get("prefix") or ""))
    return destination_of(parameters), f"{FOLDER}/{parameters['bucket']}/{own}/"
