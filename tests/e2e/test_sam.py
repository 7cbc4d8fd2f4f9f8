"""What a person does who deploys it: the true ``sam deploy``, into the local AWS emulator.

Of what ``make build`` made, which is the true ``sam build`` and, with the other tests, already there.
"""

from __future__ import annotations

import os
import subprocess
import urllib.error
import urllib.request
from collections.abc import Iterator
from pathlib import Path

import pytest

from sandbox.deploy import BUILT
from sandbox.ministack import REGION, ROOT, MiniStack

pytestmark = [pytest.mark.e2e, pytest.mark.slow, pytest.mark.enable_socket]

SAM = ROOT / ".cache" / "sam" / "bin" / "sam"


@pytest.fixture(scope="module")
def aws() -> Iterator[MiniStack]:
    with MiniStack() as running:
        yield running


@pytest.fixture(scope="module")
def deployed(aws: MiniStack, packages: None) -> dict[str, str]:
    """The outputs of a stack that SAM deployed."""
    if not SAM.exists():
        pytest.skip("SAM CLI is not installed: run “make install”")
    sam(aws, "deploy", "--template-file", str(BUILT))
    (stack,) = aws.client("cloudformation").describe_stacks(StackName="s3agent")["Stacks"]
    assert stack["StackStatus"] == "CREATE_COMPLETE"
    return {output["OutputKey"]: output["OutputValue"] for output in stack["Outputs"]}


@pytest.fixture
def packaged(aws: MiniStack, deployed: dict[str, str], tmp_path: Path) -> Path:
    """The template as SAM deployed it: it names the archives that were uploaded, which need not be made again."""
    s3 = aws.client("s3")
    bucket = next(bucket["Name"] for bucket in s3.list_buckets()["Buckets"] if "samcli" in bucket["Name"])
    (key,) = [
        item["Key"] for item in s3.list_objects_v2(Bucket=bucket)["Contents"] if item["Key"].endswith(".template")
    ]
    template = tmp_path / "packaged.yaml"
    template.write_bytes(s3.get_object(Bucket=bucket, Key=key)["Body"].read())
    return template


def sam(aws: MiniStack, *arguments: str) -> str:
    """Run SAM as the README says, against the emulator, with the settings of ``samconfig.toml``."""
    aside = ("MAKE", "AWS_", "SAM_")
    environment = {
        **{name: value for name, value in os.environ.items() if not name.startswith(aside)},
        "AWS_ENDPOINT_URL": aws.url,
        "AWS_DEFAULT_REGION": REGION,
        "AWS_ACCESS_KEY_ID": "test",
        "AWS_SECRET_ACCESS_KEY": "test",
        "SAM_CLI_TELEMETRY": "0",
    }
    done = subprocess.run(
        [str(SAM), *arguments, "--config-file", str(ROOT / "samconfig.toml")],
        cwd=ROOT,
        env=environment,
        check=False,
        capture_output=True,
        text=True,
        timeout=240,
    )
    assert done.returncode == 0, done.stdout + done.stderr
    return done.stdout + done.stderr


def test_the_seeds_are_in_the_tables_when_the_deployment_is_over(aws: MiniStack, deployed: dict[str, str]) -> None:
    found = aws.client("dynamodb").query(
        TableName=deployed["KnowledgeBaseTableName"],
        KeyConditionExpression="kind = :entry",
        ExpressionAttributeValues={":entry": {"S": "entry"}},
    )

    assert {"s3.list_buckets", "lifecycle_management"} <= {item["name"]["S"] for item in found["Items"]}


def test_the_address_that_slack_is_given_turns_away_who_cannot_sign(aws: MiniStack, deployed: dict[str, str]) -> None:
    host, path = deployed["RequestUrl"].removeprefix("https://").split("/", 1)
    request = urllib.request.Request(
        f"{aws.url}/{path}",
        data=b"command=%2Fs3agent&text=help",
        headers={"Host": f"{host.split('.')[0]}.execute-api.localhost:{aws.port}", "X-Slack-Signature": "v0=00"},
    )

    with pytest.raises(urllib.error.HTTPError) as refused:
        urllib.request.urlopen(request, timeout=20)

    with refused.value:
        assert refused.value.code == 401


def test_deploying_the_same_again_changes_nothing(aws: MiniStack, packaged: Path) -> None:
    said = sam(aws, "deploy", "--template-file", str(packaged), "--no-fail-on-empty-changeset")

    assert "No changes to deploy" in said


@pytest.mark.parametrize(
    ("role", "action", "resource", "decision"),
    [
        # The emulator does not hold a state machine to its role, so its policy is asked.
        ("LifecycleManagementStateMachineRole", "lambda:InvokeFunction", "PostResultsFunction", "allowed"),
        ("LifecycleManagementStateMachineRole", "lambda:InvokeFunction", "WorkerFunction", "implicitDeny"),
        ("BotRole", "sqs:SendMessage", "RequestsQueue", "allowed"),
        ("BotRole", "sqs:ReceiveMessage", "RequestsQueue", "implicitDeny"),
        ("BotRole", "dynamodb:GetItem", "KnowledgeBaseTable", "implicitDeny"),
        ("BotRole", "s3:ListBucket", "", "implicitDeny"),
        ("WorkerRole", "s3:DeleteBucket", "", "implicitDeny"),
        ("WorkerRole", "s3:ListBucket", "", "allowed"),
        ("WorkerRole", "s3:PutInventoryConfiguration", "", "implicitDeny"),
        ("LifecycleManagementApplyRole", "s3:PutObject", "", "implicitDeny"),
        ("SeedRole", "dynamodb:PutItem", "KnowledgeBaseTable", "allowed"),
        ("SeedRole", "dynamodb:PutItem", "AuditTable", "implicitDeny"),
    ],
)
@pytest.mark.usefixtures("deployed")
def test_a_role_may_do_what_its_holder_does_and_nothing_beside(
    aws: MiniStack, role: str, action: str, resource: str, decision: str
) -> None:
    name = physical(aws, role)
    arn = aws.client("iam").get_role(RoleName=name)["Role"]["Arn"]
    account = arn.split(":")[4]
    resources = {
        "": "arn:aws:s3:::any-bucket",
        "PostResultsFunction": f"arn:aws:lambda:{REGION}:{account}:function:{{}}",
        "WorkerFunction": f"arn:aws:lambda:{REGION}:{account}:function:{{}}",
        "RequestsQueue": f"arn:aws:sqs:{REGION}:{account}:{{}}",
        "KnowledgeBaseTable": f"arn:aws:dynamodb:{REGION}:{account}:table/{{}}",
        "AuditTable": f"arn:aws:dynamodb:{REGION}:{account}:table/{{}}",
    }
    target = resources[resource].format(physical(aws, resource).rpartition("/")[2] if resource else "")
    answer = aws.client("iam").simulate_principal_policy(
        PolicySourceArn=arn, ActionNames=[action], ResourceArns=[target]
    )

    assert answer["EvaluationResults"][0]["EvalDecision"] == decision


def physical(aws: MiniStack, logical: str) -> str:
    """What a resource of the stack is really called."""
    found = aws.client("cloudformation").describe_stack_resource(StackName="s3agent", LogicalResourceId=logical)
    return str(found["StackResourceDetail"]["PhysicalResourceId"])
