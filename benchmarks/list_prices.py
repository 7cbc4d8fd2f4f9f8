"""What AWS asks for what a workflow uses: list prices of us-east-1 in US dollars, without free tiers.

Those that the bot itself needs stand where it needs them: of the model in ``bot/prices.py``, of storage in
``seeds/storage_prices.json``, of Logs Insights in ``workflow_steps/log_analysis.py``.
"""

from __future__ import annotations

AS_OF = "2026-11-22"
"""When they were looked up, each in public copies of the page that stands beside it."""

MILLION = 1_000_000

LAMBDA_REQUEST = 0.20 / MILLION
LAMBDA_GB_SECOND = 0.0000133334
"""arm64, https://aws.amazon.com/lambda/pricing"""
EXPRESS_REQUEST = 1.00 / MILLION
EXPRESS_GB_SECOND = 0.06 / 3600
EXPRESS_CHUNK_GB = 64 / 1024
EXPRESS_ROUNDING_SECONDS = 0.1
STANDARD_TRANSITION = 25.00 / MILLION
"""https://aws.amazon.com/step-functions/pricing: Express by requests and duration, Standard by transitions."""
DYNAMODB_WRITE = 0.625 / MILLION
DYNAMODB_READ = 0.125 / MILLION
"""A unit on demand: a write of up to 1 KB, a consistent read of up to 4 KB, https://aws.amazon.com/dynamodb/pricing"""
S3_WRITE_OR_LIST = 0.005 / 1000
S3_OTHER = 0.0004 / 1000
"""Requests for Standard storage, https://aws.amazon.com/s3/pricing"""
CLOUDWATCH_REQUEST = 0.01 / 1000
"""https://aws.amazon.com/cloudwatch/pricing; starting and reading queries of Logs Insights costs nothing."""
SECRET_REQUEST = 0.05 / 10_000
"""https://aws.amazon.com/secrets-manager/pricing"""
