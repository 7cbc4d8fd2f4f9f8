"""A quick ``sam deploy``: the real template and the real packages into the emulator, in about a second.

``sam package`` and the waits of ``sam deploy`` are what this leaves out; MiniStack runs the SAM transform itself. It
would unpack a function's archive, a thousand files, for every process of every function, and none of them would find
the bytecode of another. So the packages of ``sam build`` stand unpacked beside it, one for all functions that ship the
same, where Python looks for modules first; what is uploaded is an archive that names that place.
One slow test does the true ``sam build && sam deploy``.
"""

from __future__ import annotations

import io
import json
import time
import zipfile
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cached_property
from hashlib import sha256
from pathlib import Path
from typing import Any

import yaml

from sandbox.ministack import ROOT, RUNTIME, MiniStack, NotInstalled

BUILT = ROOT / ".aws-sam" / "build" / "template.yaml"
LOCAL = ROOT / ".cache" / "local"
"""Packages with compiled code as this machine needs them, by logical id; they take the place of those for Lambda."""
ARTIFACTS = "s3agent-artifacts"
STACK = "s3agent"
DEPLOY_SECONDS = 120.0
LOCAL_FILES = {"AWS::Serverless::Function": "CodeUri", "AWS::Serverless::StateMachine": "DefinitionUri"}


class DeployFailed(Exception):
    """The stack did not get to where it should; the message is CloudFormation's own events."""


@dataclass(frozen=True)
class Deployment:
    """A stack that is there: its outputs and its resources by logical id."""

    aws: MiniStack
    stack: str
    outputs: Mapping[str, str] = field(default_factory=dict)

    @cached_property
    def resources(self) -> dict[str, str]:
        """Logical id to physical id."""
        paginator = self.aws.client("cloudformation").get_paginator("list_stack_resources")
        pages = paginator.paginate(StackName=self.stack)
        found = (resource for page in pages for resource in page["StackResourceSummaries"])
        return {resource["LogicalResourceId"]: resource.get("PhysicalResourceId", "") for resource in found}

    def logs(self, lines: int = 60) -> str:
        """The last lines of every function's log, to read when something went wrong."""
        logs = self.aws.client("logs")
        listed = logs.describe_log_groups(logGroupNamePrefix=f"/aws/lambda/{self.stack}-")["logGroups"]
        groups = {group["logGroupName"] for group in listed}
        parts = []
        for group in sorted(groups):
            events = logs.filter_log_events(logGroupName=group)["events"]
            if events:
                parts.append("\n".join([f"--- {group}", *(event["message"].rstrip() for event in events[-lines:])]))
        return "\n".join([*parts, "--- MiniStack", *self.aws.log().splitlines()[-lines:]])


def deploy(aws: MiniStack, parameters: Mapping[str, str], *, built: Path = BUILT, stack: str = STACK) -> Deployment:
    """Create or update the stack from what ``sam build`` made, and wait for it."""
    if not built.exists():
        raise NotInstalled(f"{built.relative_to(ROOT)} is not there: run “make build” first")
    template = _parse(built.read_text("utf-8"))
    known = {name: value for name, value in parameters.items() if name in template.get("Parameters", {})}
    location = _upload_template(aws, _with_uploads(aws, template, built.parent))
    cloudformation = aws.client("cloudformation")
    request: dict[str, Any] = {
        "StackName": stack,
        "TemplateURL": location,
        "Parameters": [{"ParameterKey": name, "ParameterValue": value} for name, value in known.items()],
        "OnFailure": "DO_NOTHING",  # the logs of what failed stay readable
        "Capabilities": ["CAPABILITY_IAM", "CAPABILITY_NAMED_IAM", "CAPABILITY_AUTO_EXPAND"],
    }
    cloudformation.create_stack(**request)
    status, outputs = _wait(cloudformation, stack)
    deployment = Deployment(aws, stack, outputs)
    if status != "CREATE_COMPLETE":
        raise DeployFailed(f"{status}\n{_failures(cloudformation, stack)}\n{deployment.logs()}")
    _remove_uploads(aws)
    return deployment


def _remove_uploads(aws: MiniStack) -> None:
    """Functions have their code by now, and the bucket would stand in every list of buckets."""
    s3 = aws.client("s3")
    for item in s3.list_objects_v2(Bucket=ARTIFACTS).get("Contents", ()):
        s3.delete_object(Bucket=ARTIFACTS, Key=item["Key"])
    s3.delete_bucket(Bucket=ARTIFACTS)


class _Loader(yaml.SafeLoader):
    """YAML with CloudFormation's short forms: ``!Ref X`` becomes ``{"Ref": "X"}``."""


def _intrinsic(loader: _Loader, name: str, node: yaml.Node) -> dict[str, Any]:
    value: Any
    if isinstance(node, yaml.ScalarNode):
        value = loader.construct_scalar(node)
    elif isinstance(node, yaml.SequenceNode):
        value = loader.construct_sequence(node, deep=True)
    else:
        value = loader.construct_mapping(node, deep=True)  # type: ignore[arg-type]
    if name == "GetAtt" and isinstance(value, str):
        value = value.split(".", 1)
    return {name if name in {"Ref", "Condition"} else f"Fn::{name}": value}


_Loader.add_multi_constructor("!", _intrinsic)


def _parse(text: str) -> dict[str, Any]:
    template: dict[str, Any] = yaml.load(text, Loader=_Loader)  # noqa: S506 - a SafeLoader
    return template


def _with_uploads(aws: MiniStack, template: dict[str, Any], folder: Path) -> dict[str, Any]:
    """The template with every local path replaced by the place it was uploaded to."""
    aws.client("s3").create_bucket(Bucket=ARTIFACTS)
    for logical_id, resource in template["Resources"].items():
        name = LOCAL_FILES.get(resource["Type"])
        path = resource.get("Properties", {}).get(name) if name else None
        if isinstance(path, str):
            ours = LOCAL / logical_id
            local = ours if ours.is_dir() else (folder / path).resolve()
            if local.is_dir():
                package = aws.unpacked(local)
                _variables(resource["Properties"])["PYTHONPATH"] = f"{RUNTIME}:{package}"
                resource["Properties"][name] = _upload(aws, _archive(package), ".zip")
            else:
                resource["Properties"][name] = _upload(aws, local.read_bytes(), local.suffix)
    return template


def _variables(function: dict[str, Any]) -> dict[str, Any]:
    """The environment of a function, to be added to."""
    variables: dict[str, Any] = function.setdefault("Environment", {}).setdefault("Variables", {})
    return variables


def _upload(aws: MiniStack, content: bytes, suffix: str) -> str:
    key = f"{sha256(content).hexdigest()[:32]}{suffix}"
    aws.client("s3").put_object(Bucket=ARTIFACTS, Key=key, Body=content)
    return f"s3://{ARTIFACTS}/{key}"


def _upload_template(aws: MiniStack, template: dict[str, Any]) -> str:
    aws.client("s3").put_object(Bucket=ARTIFACTS, Key="template.json", Body=json.dumps(template).encode())
    return f"{aws.url}/{ARTIFACTS}/template.json"


def _archive(package: Path) -> bytes:
    """Something to unpack, which says where the code is."""
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w") as archive:
        archive.writestr(zipfile.ZipInfo("package.txt"), f"{package}\n")
    return buffer.getvalue()


def _wait(cloudformation: Any, stack: str) -> tuple[str, dict[str, str]]:
    """The state in which the stack came to rest, or is still on its way after too long; and its outputs."""
    deadline = time.monotonic() + DEPLOY_SECONDS
    while True:
        found = cloudformation.describe_stacks(StackName=stack)["Stacks"][0]
        status = str(found["StackStatus"])
        if not status.endswith("_IN_PROGRESS") or time.monotonic() > deadline:
            return status, {output["OutputKey"]: output["OutputValue"] for output in found.get("Outputs", ())}
        time.sleep(0.05)


def _failures(cloudformation: Any, stack: str) -> str:
    events = cloudformation.describe_stack_events(StackName=stack)["StackEvents"]
    return "\n".join(
        f"{event['LogicalResourceId']} {event['ResourceStatus']} {event.get('ResourceStatusReason', '')}"
        for event in reversed(events)
        if "FAILED" in event["ResourceStatus"]
    )
