"""Moto, by being imported, as strict as AWS where the workflows depend on it, and quick enough for hundreds of them."""

from __future__ import annotations

import functools
from types import SimpleNamespace

from moto.stepfunctions.parser.api import HistoryEventType, TaskFailedEventDetails
from moto.stepfunctions.parser.asl.component.common.error_name.error_equals_decl import ErrorEqualsDecl
from moto.stepfunctions.parser.asl.component.common.error_name.failure_event import FailureEvent, FailureEventException
from moto.stepfunctions.parser.asl.component.common.error_name.states_error_name import StatesErrorName
from moto.stepfunctions.parser.asl.component.common.retry import retrier_decl
from moto.stepfunctions.parser.asl.component.state.exec.state_task import lambda_eval_utils
from moto.stepfunctions.parser.asl.eval.environment import Environment
from moto.stepfunctions.parser.asl.eval.event.event_detail import EventDetails
from moto.stepfunctions.parser.asl.parse.asl_parser import AmazonStateLanguageParser

NEVER_IN_ALL = ("States.DataLimitExceeded", "States.Runtime")
"""States.ALL does not match these in AWS; in moto it would."""


def failure(name: str) -> FailureEventException:
    """An error of Step Functions' own, to be raised where a Task calls its function."""
    nowhere = SimpleNamespace(next_state_name="", event_history_context=SimpleNamespace(source_event_id=0))
    told = EventDetails(taskFailedEventDetails=TaskFailedEventDetails(error=name, cause=f"{name} happened"))
    return FailureEventException(
        FailureEvent(nowhere, StatesErrorName.from_name(name), HistoryEventType.TaskFailed, told)
    )


_all_matches = ErrorEqualsDecl._eval_body


def _matches(self: ErrorEqualsDecl, env: Environment) -> None:
    error = env.stack[-1]
    _all_matches(self, env)
    if error.error_name in NEVER_IN_ALL and error not in self.error_names:
        env.stack[-1] = False


ErrorEqualsDecl._eval_body = _matches

# A definition is parsed when it is created and again in every execution, for a tenth of a second each. What comes of it
# does not change: what an execution counts, such as its attempts, it keeps in an environment of its own.
AmazonStateLanguageParser.parse = staticmethod(functools.cache(AmazonStateLanguageParser.parse))

# It makes a client of Lambda for every call of a function, which costs as much as a short step.
_client_of_lambda = functools.cache(lambda_eval_utils.boto_client_for)
lambda_eval_utils.boto_client_for = lambda region, service, state_credentials: _client_of_lambda(region, service)

# Nobody sits through the pauses between attempts.
retrier_decl.time = SimpleNamespace(sleep=lambda _seconds: None)
