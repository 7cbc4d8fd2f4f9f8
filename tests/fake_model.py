"""A model for the tests: the bot's own Model, with a client that reaches a scripted Bedrock on loopback."""

from __future__ import annotations

from typing import Any

import boto3
from botocore.config import Config

from bot.aws import LIMITS
from bot.model import SECONDS, Model
from sandbox.bedrock import Bedrock

MODEL_ID = "eu.amazon.nova-micro-v1:0"


def model(bedrock: Bedrock, *, seconds: float = SECONDS, **more: Any) -> Model:
    """A Model that asks this Bedrock."""
    limits = LIMITS["bedrock-runtime"]
    retries = {"mode": "standard", "total_max_attempts": limits.attempts}
    config = Config(connect_timeout=limits.connect, read_timeout=limits.read, retries=retries)  # type: ignore[arg-type]
    client = boto3.client(
        "bedrock-runtime",
        endpoint_url=bedrock.url,
        region_name="eu-west-1",
        aws_access_key_id="testing",
        aws_secret_access_key="testing",
        config=config,
    )
    return Model(client, MODEL_ID, seconds, **more)
