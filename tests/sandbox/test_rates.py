"""How often the local Slack lets the bot call, with a clock that the test turns."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from sandbox.slack.rates import Rates


class Clock:
    """Seconds, moved by hand."""

    def __init__(self) -> None:
        self.now = 100.0

    def __call__(self) -> float:
        return self.now


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def call(clock: Clock) -> Callable[..., float]:
    return Rates(clock).seconds_to_wait


def test_after_a_short_burst_a_channel_takes_a_message_a_second(call: Callable[..., float], clock: Clock) -> None:
    assert [call("chat.postMessage", "C0OPS") for _ in range(6)] == [0, 0, 0, 0, 0, 1]

    clock.now += 0.75
    assert call("chat.postMessage", "C0OPS") == 0.25
    clock.now += 0.25
    assert [call("chat.postMessage", "C0OPS") for _ in range(2)] == [0, 1]


def test_a_message_a_second_is_never_too_fast(call: Callable[..., float], clock: Clock) -> None:
    waits = []
    for _ in range(300):
        waits.append(call("chat.postMessage", "C0OPS"))
        clock.now += 1

    assert set(waits) == {0.0}


def test_a_workspace_takes_several_hundred_messages_a_minute(call: Callable[..., float], clock: Clock) -> None:
    sent = 0
    for tenth in range(600):
        sent += call("chat.postMessage", f"C{tenth % 200}") == 0
        clock.now += 0.1

    assert 300 <= sent <= 400


@pytest.mark.parametrize(("method", "at_once"), [("conversations.list", 20), ("chat.update", 50), ("views.open", 100)])
def test_a_method_has_the_rate_of_its_tier(call: Callable[..., float], clock: Clock, method: str, at_once: int) -> None:
    waits = [call(method, "C0OPS") for _ in range(at_once + 1)]

    assert waits[:-1] == [0.0] * at_once
    assert waits[-1] == pytest.approx(60 / at_once)
    clock.now += 60
    assert call(method) == 0


def test_only_the_method_that_was_called_too_often_waits(call: Callable[..., float]) -> None:
    for _ in range(60):
        call("chat.update", "C0OPS")

    assert call("chat.update", "C0PARTNERS") > 0
    assert call("chat.postMessage", "C0OPS") == 0


def test_an_address_for_answers_takes_one_a_second(call: Callable[..., float]) -> None:
    assert [call("response_url", "/commands/1") > 0 for _ in range(6)] == [False] * 5 + [True]
    assert call("response_url", "/commands/2") == 0
