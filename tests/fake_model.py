"""A model for the tests: the bot's own Model, with a client that reaches a scripted Bedrock on loopback."""

from __future__ import annotations

from typing import Any

import boto3
from botocore.config import Config

from bot.model import Model
from sandbox.bedrock import Bedrock

MODEL_ID = "eu.amazon.nova-micro-v1:0"


def model(bedrock: Bedrock, *, read_timeout: float = 5, timeout: float = 8, **more: Any) -> Model:
    """A Model that asks this Bedrock."""
    config = Config(connect_timeout=1, read_timeout=read_timeout, retries={"mode": "standard", "total_max_attempts": 1})
    client = boto3.client(
        "bedrock-runtime",
        endpoint_url=bedrock.url,
        region_name="eu-west-1",
        aws_access_key_id="testing",
        aws_secret_access_key="testing",
        config=config,
    )
    return Model(client, MODEL_ID, timeout, **more)
