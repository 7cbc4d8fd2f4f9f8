"""Settings: the only reader of the environment. ``settings()`` reads it on first use, never at import."""

from __future__ import annotations

import os
from dataclasses import dataclass
from functools import lru_cache


@dataclass(frozen=True, slots=True)
class Settings:
    """The deployment's settings; every field is an environment variable that ``template.yaml`` sets.

    A function is given only the variables that it needs, so each may be empty; ``need`` names the one that is missing.
    """

    queue_url: str = ""
    """Requests.fifo."""
    secret_arn: str = ""
    """The Secrets Manager secret: JSON with ``bot_token`` and ``signing_secret``."""
    knowledge_base_table: str = ""
    workflow_definitions_table: str = ""
    workflow_executions_table: str = ""
    conversations_table: str = ""
    idempotency_table: str = ""
    audit_table: str = ""
    account_id: str = ""
    """The account that owns the buckets: sent as ExpectedBucketOwner."""
    region: str = ""
    model_id: str = ""
    """Bedrock model or inference profile; empty means no model."""
    model_tokens_per_day: int = 1_000_000
    """What the model may read and write in a day (UTC), all workers together; then it is not asked any more."""
    log_scan_limit_gb: int = 20
    """What one log analysis may look through, in GB: Logs Insights is paid by it."""
    viewers: tuple[str, ...] = ()
    """Slack user ids, beyond those in the seeds."""
    operators: tuple[str, ...] = ()
    admins: tuple[str, ...] = ()
    slack_team: str = ""
    """The workspace that is served; empty serves whichever has the signing secret."""
    slack_api_url: str = "https://slack.com/api/"
    stack_name: str = ""

    def need(self, name: str) -> str:
        """The setting of that name; RuntimeError that names the variable when it is empty."""
        value = str(getattr(self, name))
        if not value:
            raise RuntimeError(f"the environment variable {name.upper()} is not set")
        return value


def _people(text: str) -> tuple[str, ...]:
    return tuple(part.strip() for part in text.split(",") if part.strip())


def read(environment: dict[str, str]) -> Settings:
    """Settings from an environment, for tests and the sandbox; ``settings()`` reads the process's own."""
    get = environment.get
    return Settings(
        queue_url=get("QUEUE_URL", ""),
        secret_arn=get("SECRET_ARN", ""),
        knowledge_base_table=get("KNOWLEDGE_BASE_TABLE", ""),
        workflow_definitions_table=get("WORKFLOW_DEFINITIONS_TABLE", ""),
        workflow_executions_table=get("WORKFLOW_EXECUTIONS_TABLE", ""),
        conversations_table=get("CONVERSATIONS_TABLE", ""),
        idempotency_table=get("IDEMPOTENCY_TABLE", ""),
        audit_table=get("AUDIT_TABLE", ""),
        account_id=get("ACCOUNT_ID", ""),
        region=get("AWS_REGION", "") or get("AWS_DEFAULT_REGION", ""),
        model_id=get("MODEL_ID", ""),
        model_tokens_per_day=int(get("MODEL_TOKENS_PER_DAY", "") or 1_000_000),
        log_scan_limit_gb=int(get("LOG_SCAN_LIMIT_GB", "") or 20),
        viewers=_people(get("VIEWERS", "")),
        operators=_people(get("OPERATORS", "")),
        admins=_people(get("ADMINS", "")),
        slack_team=get("SLACK_TEAM", ""),
        slack_api_url=get("SLACK_API_URL", "") or "https://slack.com/api/",
        stack_name=get("STACK_NAME", ""),
    )


@lru_cache(maxsize=1)
def settings() -> Settings:
    """The settings of this process, read once."""
    return read(dict(os.environ))
