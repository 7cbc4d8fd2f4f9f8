"""The deployment as ``template.yaml`` describes it: what linters do not know and the local emulator drops silently."""

from __future__ import annotations

import importlib
import json
import pkgutil
import re
from collections.abc import Iterator, Mapping
from dataclasses import fields
from pathlib import Path
from typing import Any

import pytest
from cfnlint.decode import cfn_yaml

import bot.operations
import bot.previews
from bot import copies, worker, workflows
from bot.config import Settings
from tools import package
from workflow_steps import post_results

ROOT = Path(__file__).resolve().parents[2]
TEMPLATE: dict[str, Any] = cfn_yaml.load(str(ROOT / "template.yaml"))
RESOURCES: dict[str, Any] = TEMPLATE["Resources"]
STATE_MACHINES = sorted(path.name.removesuffix(".asl.json") for path in (ROOT / "statemachines").glob("*.asl.json"))


def of_type(kind: str) -> dict[str, Any]:
    """The resources of a type, by logical id."""
    return {name: found for name, found in RESOURCES.items() if found["Type"] == kind}


def properties(name: str) -> Any:
    return RESOURCES[name]["Properties"]


FUNCTIONS = of_type("AWS::Serverless::Function")
ROLES = of_type("AWS::IAM::Role")
TABLES = of_type("AWS::DynamoDB::Table")
MACHINES = of_type("AWS::Serverless::StateMachine")


def statements(role: str) -> list[Any]:
    """What a role allows; what stands behind a condition is taken as there."""
    (policy,) = properties(role)["Policies"]
    found = policy["PolicyDocument"]["Statement"]
    return [one["Fn::If"][1] if "Fn::If" in one else one for one in found]


def listed(value: Any) -> list[Any]:
    return value if isinstance(value, list) else [value]


def actions(role: str, prefix: str = "") -> set[str]:
    found = {action for statement in statements(role) for action in listed(statement["Action"])}
    return {action for action in found if action.startswith(prefix)}


def attribute(value: Any) -> str:
    """The logical id that a ``GetAtt`` or a ``Ref`` points to."""
    return str(value["Fn::GetAtt"][0]) if "Fn::GetAtt" in value else str(value["Ref"])


def walk(node: Any, path: tuple[str, ...] = ()) -> Iterator[tuple[tuple[str, ...], Any]]:
    """Every value of a tree with the way to it."""
    yield path, node
    children = node.items() if isinstance(node, Mapping) else enumerate(node) if isinstance(node, list) else ()
    for key, child in children:
        yield from walk(child, (*path, str(key)))


# ---- every function


@pytest.mark.parametrize("name", FUNCTIONS)
def test_a_function_says_how_long_it_may_take_and_how_large_it_is(name: str) -> None:
    assert properties(name)["Timeout"] > 0
    assert properties(name)["MemorySize"] >= 512


@pytest.mark.parametrize("name", FUNCTIONS)
def test_a_functions_handler_is_there(name: str) -> None:
    module, _, function = properties(name)["Handler"].rpartition(".")

    assert callable(getattr(importlib.import_module(module), function, None)), f"write {function} in {module}"


@pytest.mark.parametrize("name", FUNCTIONS)
def test_a_function_reads_only_settings_that_exist(name: str) -> None:
    known = {field.name.upper() for field in fields(Settings)}

    assert set(properties(name)["Environment"]["Variables"]) <= known


@pytest.mark.parametrize("name", FUNCTIONS)
def test_a_function_writes_json_to_a_log_group_of_ours_and_may_write_nowhere_else(name: str) -> None:
    logging, role = properties(name)["LoggingConfig"], attribute(properties(name)["Role"])
    group = attribute(logging["LogGroup"])
    writes = [one for one in statements(role) if "logs:PutLogEvents" in listed(one["Action"])]

    assert logging["LogFormat"] == "JSON"
    assert RESOURCES[group]["Type"] == "AWS::Logs::LogGroup"
    assert [attribute(one["Resource"]) for one in writes] == [group]


@pytest.mark.parametrize("name", FUNCTIONS)
def test_a_function_is_built_by_the_makefile(name: str) -> None:
    assert FUNCTIONS[name]["Metadata"] == {"BuildMethod": "makefile"}


def test_functions_run_on_the_python_and_processor_that_packages_are_made_for() -> None:
    assert TEMPLATE["Globals"]["Function"]["Runtime"] == f"python{package.RUNTIME}"
    assert TEMPLATE["Globals"]["Function"]["Architectures"] == [{"Ref": "Architecture"}]
    assert TEMPLATE["Parameters"]["Architecture"]["Default"] == "arm64"


@pytest.mark.parametrize("name", of_type("AWS::Logs::LogGroup"))
def test_logs_are_not_kept_for_ever(name: str) -> None:
    assert properties(name)["RetentionInDays"] == {"Ref": "LogRetentionDays"}


# ---- least privilege


@pytest.mark.parametrize("name", ROLES)
def test_a_role_allows_named_actions_and_nothing_more(name: str) -> None:
    assert not [action for action in actions(name) if "*" in action]
    assert "ManagedPolicyArns" not in properties(name)


@pytest.mark.parametrize("name", ROLES)
def test_a_role_is_bound_to_resources_wherever_aws_can(name: str) -> None:
    anywhere = {action for one in statements(name) if one["Resource"] == "*" for action in listed(one["Action"])}

    # AWS knows no resource for listing all buckets or streams, for metrics, for a query of Logs Insights that was
    # started, nor for the delivery of a state machine's log.
    assert {action for action in anywhere if not re.match(r"logs:.*(Deliver|ResourcePolic|LogGroups)", action)} <= {
        "s3:ListAllMyBuckets",
        "cloudwatch:GetMetricStatistics",
        "logs:GetQueryResults",
        "logs:StopQuery",
        "dynamodb:ListStreams",
    }


def test_what_faces_the_internet_may_queue_a_message_and_read_the_secret_and_nothing_else() -> None:
    assert actions("BotRole") == {
        "logs:CreateLogStream",
        "logs:PutLogEvents",
        "secretsmanager:GetSecretValue",
        "sqs:SendMessage",
    }


def test_the_worker_may_do_what_the_operations_declare_and_no_more() -> None:
    packages = (bot.operations, bot.previews)
    modules = (f"{each.__name__}.{found.name}" for each in packages for found in pkgutil.iter_modules(each.__path__))
    functions = (value for module in modules for value in vars(importlib.import_module(module)).values())
    declared = {action for function in functions for action in getattr(function, "actions", ())}
    granted = actions("WorkerRole")

    assert "s3:ListBucket" in declared
    assert sorted(declared - granted) == [], "add these to WorkerRole in template.yaml"
    assert sorted(actions("WorkerRole", "s3:") - declared) == [], "no operation declares these"


def test_the_worker_may_ask_a_model_only_when_one_is_configured() -> None:
    (policy,) = properties("WorkerRole")["Policies"]
    behind = [one["Fn::If"] for one in policy["PolicyDocument"]["Statement"] if "Fn::If" in one]

    assert {action for one in statements("WorkerRole") for action in listed(one["Action"]) if "bedrock" in action} == {
        "bedrock:InvokeModel"
    }
    assert [condition for condition, _, _ in behind] == ["HasModel", "HasModel"]
    assert [json.dumps(one).count("foundation-model/${ModelId}") for _, one, _ in behind] == [1, 0]
    assert "bedrock:InferenceProfileArn" in behind[1][1]["Condition"]["StringEquals"]


def test_the_worker_may_learn_phrases_and_never_change_who_may_do_what() -> None:
    writes = {
        action: one["Condition"]["ForAllValues:StringEquals"]["dynamodb:LeadingKeys"]
        for one in statements("WorkerRole")
        if one["Resource"] == {"Fn::GetAtt": ["KnowledgeBaseTable", "Arn"]} and "Condition" in one
        for action in listed(one["Action"])
    }
    always = {
        action
        for one in statements("WorkerRole")
        if one["Resource"] == {"Fn::GetAtt": ["KnowledgeBaseTable", "Arn"]} and "Condition" not in one
        for action in listed(one["Action"])
    }

    assert always == {"dynamodb:GetItem", "dynamodb:Scan"}
    assert writes == {
        "dynamodb:DeleteItem": ["phrase"],
        "dynamodb:PutItem": ["phrase"],
        "dynamodb:Query": ["phrase"],
        "dynamodb:UpdateItem": ["phrase", "version"],
    }


def test_objects_are_changed_only_in_the_buckets_that_were_named_and_in_this_account() -> None:
    changes = [
        one
        for role in ROLES
        for one in statements(role)
        if {"s3:PutObject", "s3:DeleteObject", "s3:PutLifecycleConfiguration"} & set(listed(one["Action"]))
    ]

    assert len(changes) == 3
    for one in changes:
        assert one["Condition"] == {"StringEquals": {"aws:ResourceAccount": {"Ref": "AWS::AccountId"}}}
        assert {"Ref": "Buckets"} in [value for _, value in walk(one["Resource"])]


def test_secrets_are_not_shown_and_not_in_an_environment() -> None:
    secret = {"BotToken", "SigningSecret"}

    assert {name for name, found in TEMPLATE["Parameters"].items() if found.get("NoEcho")} == secret
    assert [name for name, found in RESOURCES.items() if any(word in str(found) for word in secret)] == ["SlackSecret"]


# ---- the way in


def test_the_door_lets_in_a_bounded_number_of_requests_and_writes_down_who_came() -> None:
    stage = properties("ApiStage")
    log = json.loads(stage["AccessLogSettings"]["Format"])

    assert stage["DefaultRouteSettings"] == {"ThrottlingBurstLimit": 100, "ThrottlingRateLimit": 50}
    assert attribute(stage["AccessLogSettings"]["DestinationArn"]) == "ApiLogGroup"
    assert {"time", "request", "ip", "status", "latency"} <= set(log)


def test_there_is_one_way_in() -> None:
    assert [found["Properties"]["RouteKey"] for found in of_type("AWS::ApiGatewayV2::Route").values()] == [
        "POST /slack/events"
    ]


def test_the_door_waits_longer_than_the_function_behind_it_may_take() -> None:
    assert properties("ApiIntegration")["TimeoutInMillis"] > properties("BotFunction")["Timeout"] * 1000


# ---- the queue


def test_the_queue_gives_up_after_as_many_deliveries_as_the_worker_counts() -> None:
    redrive = properties("RequestsQueue")["RedrivePolicy"]

    assert redrive["maxReceiveCount"] == worker.MAX_RECEIVES
    assert attribute(redrive["deadLetterTargetArn"]) == "RequestsDeadLetterQueue"


@pytest.mark.parametrize("name", ["RequestsQueue", "RequestsDeadLetterQueue"])
def test_a_queue_keeps_order_and_is_encrypted(name: str) -> None:
    assert properties(name)["FifoQueue"] is True
    assert properties(name)["SqsManagedSseEnabled"] is True


def test_a_message_is_hidden_for_longer_than_the_worker_may_take() -> None:
    assert properties("RequestsQueue")["VisibilityTimeout"] > properties("WorkerFunction")["Timeout"]


def test_dead_letters_are_kept_for_longer_than_the_queue_keeps_what_lives() -> None:
    kept = properties("RequestsDeadLetterQueue")["MessageRetentionPeriod"]

    assert kept == 14 * 24 * 3600 > properties("RequestsQueue")["MessageRetentionPeriod"]


def test_the_worker_gives_back_only_the_messages_that_failed() -> None:
    source = properties("WorkerFunction")["Events"]["Requests"]["Properties"]

    assert source["FunctionResponseTypes"] == ["ReportBatchItemFailures"]
    assert attribute(source["Queue"]) == "RequestsQueue"


def test_a_start_that_died_can_be_taken_over_by_the_next_delivery_and_not_before_it_is_over() -> None:
    assert properties("WorkerFunction")["Timeout"] < workflows.LEASE_SECONDS
    assert properties("RequestsQueue")["VisibilityTimeout"] >= workflows.LEASE_SECONDS


def test_the_worker_has_time_for_the_largest_copy_that_s3_does_in_one_request() -> None:
    needed = copies.seconds_needed(copies.ATOMIC_BYTES, same_region=False) + copies.ANSWER_SECONDS

    assert properties("WorkerFunction")["Timeout"] > needed + worker.POSTING_SECONDS


# ---- tables and the seeds


@pytest.mark.parametrize("name", TABLES)
def test_a_table_is_encrypted_paid_by_use_and_says_what_becomes_of_it(name: str) -> None:
    assert properties(name)["SSESpecification"] == {"SSEEnabled": True}
    assert properties(name)["BillingMode"] == "PAY_PER_REQUEST"
    assert RESOURCES[name]["DeletionPolicy"] == RESOURCES[name]["UpdateReplacePolicy"]


@pytest.mark.parametrize(
    ("name", "keys", "expires", "kept"),
    [
        ("KnowledgeBaseTable", ["kind", "name"], None, True),
        ("WorkflowDefinitionsTable", ["name"], None, False),
        ("WorkflowExecutionsTable", ["execution_id"], None, True),
        ("ConversationsTable", ["id"], "expires_at", False),
        ("IdempotencyTable", ["id"], "expiration", False),
        ("AuditTable", ["id"], "expires_at", True),
    ],
)
def test_a_table_forgets_what_is_over_and_keeps_what_would_be_missed(
    name: str, keys: list[str], expires: str | None, kept: bool
) -> None:
    table = properties(name)
    forgets = {"AttributeName": expires, "Enabled": True} if expires else None
    recovers = {"PointInTimeRecoveryEnabled": True} if kept else None

    assert [key["AttributeName"] for key in table["KeySchema"]] == keys
    assert table.get("TimeToLiveSpecification") == forgets
    assert table.get("PointInTimeRecoverySpecification") == recovers
    assert RESOURCES[name]["DeletionPolicy"] == ("Retain" if kept else "Delete")


def test_no_table_is_forgotten_by_the_test_above() -> None:
    assert len(TABLES) == 6


def test_seeds_are_written_again_when_they_change_and_a_deployment_never_hangs_on_them() -> None:
    seeds = properties("Seeds")

    # SAM publishes another version when the function's package changes, and the seeds are in the package.
    assert seeds["Version"] == {"Ref": "SeedFunction.Version"}
    assert properties("SeedFunction")["AutoPublishAlias"] == "live"
    assert "seeds" in package.SOURCES["seed-function"]
    assert properties("SeedFunction")["Timeout"] < seeds["ServiceTimeout"] <= 120


# ---- workflows


def test_every_state_machine_that_is_there_is_deployed_and_no_other() -> None:
    deployed = sorted(found["Properties"]["DefinitionUri"] for found in MACHINES.values())

    assert deployed == [f"statemachines/{name}.asl.json" for name in STATE_MACHINES]


@pytest.mark.parametrize("name", MACHINES)
def test_a_state_machine_is_found_by_the_name_that_the_worker_makes(name: str) -> None:
    workflow = Path(properties(name)["DefinitionUri"]).name.removesuffix(".asl.json")

    assert properties(name)["Name"] == {"Fn::Sub": f"${{AWS::StackName}}-{workflow}"}
    assert properties(name)["Type"] == "EXPRESS"


@pytest.mark.parametrize("name", MACHINES)
def test_a_state_machine_logs_its_errors_and_not_what_people_wrote(name: str) -> None:
    logging = properties(name)["Logging"]
    group = attribute(logging["Destinations"][0]["CloudWatchLogsLogGroup"]["LogGroupArn"])

    assert (logging["Level"], logging["IncludeExecutionData"]) == ("ERROR", False)
    assert properties(group)["LogGroupName"]["Fn::Sub"].startswith("/aws/vendedlogs/states/")


@pytest.mark.parametrize("name", MACHINES)
def test_a_state_machine_may_call_the_functions_that_it_names_and_no_others(name: str) -> None:
    text = (ROOT / properties(name)["DefinitionUri"]).read_text("utf-8")
    named = set(re.findall(r"\$\{(\w+)\}", text))
    given = {key: attribute(value) for key, value in properties(name)["DefinitionSubstitutions"].items()}
    role = attribute(properties(name)["Role"])
    (may,) = [one["Resource"] for one in statements(role) if one["Action"] == "lambda:InvokeFunction"]

    assert given == {function: function for function in named}
    assert {attribute(one) for one in may} == named


@pytest.mark.parametrize("name", MACHINES)
def test_a_function_ends_before_its_task_gives_up_on_it(name: str) -> None:
    machine = json.loads((ROOT / properties(name)["DefinitionUri"]).read_text("utf-8"))
    tasks = [state for state in machine["States"].values() if state["Type"] == "Task"]
    functions = {state["Resource"].strip("${}"): state["TimeoutSeconds"] for state in tasks}

    assert [function for function, limit in functions.items() if properties(function)["Timeout"] >= limit] == []


def test_no_function_that_works_for_a_workflow_has_the_bot_token_but_those_that_speak() -> None:
    speaks = {name for name in ROLES if "secretsmanager:GetSecretValue" in actions(name)}

    assert speaks == {
        "BotRole",
        "WorkerRole",
        "PostResultsRole",
        "CloseOverdueRole",
        "InventoryArrivalsRole",
        "ShowProgressRole",
        "LogAnalysisChartRole",
    }


def test_progress_is_shown_at_most_once_a_second_and_old_progress_is_dropped() -> None:
    source = properties("ShowProgressFunction")["Events"]["Changes"]["Properties"]

    assert attribute(source["Stream"]) == "WorkflowExecutionsTable"
    assert properties("WorkflowExecutionsTable")["StreamSpecification"] == {"StreamViewType": "KEYS_ONLY"}
    assert source["MaximumBatchingWindowInSeconds"] == 1
    assert 0 < source["MaximumRetryAttempts"] <= 3
    assert source["MaximumRecordAgeInSeconds"] <= 300


def test_a_claim_to_post_outlives_the_function_that_made_it() -> None:
    assert properties("PostResultsFunction")["Timeout"] < post_results.POST_SECONDS


# ---- alarms and names


def test_an_alarm_rings_for_everything_that_a_person_would_otherwise_have_to_report() -> None:
    """An execution whose thread was told ends well: the others are those of which nobody has heard."""
    watched = {
        (found["Properties"]["MetricName"], attribute(found["Properties"]["Dimensions"][0]["Value"]))
        for found in of_type("AWS::CloudWatch::Alarm").values()
    }
    machines = {(metric, name) for name in MACHINES for metric in ("ExecutionsFailed", "ExecutionsTimedOut")}

    assert watched == machines | {
        ("ApproximateNumberOfMessagesVisible", "RequestsDeadLetterQueue"),
        ("ApproximateAgeOfOldestMessage", "RequestsQueue"),
        ("Errors", "BotFunction"),
        ("Errors", "WorkerFunction"),
    }


@pytest.mark.parametrize("name", of_type("AWS::CloudWatch::Alarm"))
def test_an_alarm_tells_the_topic_when_there_is_one_and_is_still_when_nothing_happens(name: str) -> None:
    told = {"Fn::If": ["HasAlarmTopic", [{"Ref": "AlarmTopic"}], {"Ref": "AWS::NoValue"}]}

    assert properties(name)["AlarmActions"] == properties(name)["OKActions"] == told
    assert properties(name)["TreatMissingData"] == "notBreaching"


def test_two_stacks_in_one_account_never_want_the_same_name() -> None:
    names = {"Name", "FunctionName", "TableName", "QueueName", "RoleName", "LogGroupName", "AlarmName", "BucketName"}
    given = [
        (logical, key, value)
        for logical, found in RESOURCES.items()
        for key, value in found["Properties"].items()
        if key in names and found["Type"] != "AWS::Lambda::Permission"
    ]

    assert given
    assert [one for one in given if "AWS::StackName" not in str(one[2])] == []
