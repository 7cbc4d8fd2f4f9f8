"""The kind of an error, read from lines as they stand in real log groups."""

from __future__ import annotations

import time

import pytest

from workflow_steps.log_signatures import LONGEST_SIGNATURE, normalise, signature

UUID = "8f3c9a52-1b1e-4c7d-9a3e-0d4f5b6c7d8e"

PYTHON = f"""[ERROR]\t2026-11-22T10:00:01.123Z\t{UUID}\tfailed to load order 4711
Traceback (most recent call last):
  File "/var/task/app.py", line 42, in handler
    order = load(event["id"])
  File "/var/task/orders.py", line 7, in load
    return table[key]
KeyError: 'customer_id'
"""
LAMBDA_PYTHON = """[ERROR] ZeroDivisionError: division by zero
Traceback (most recent call last):
  File "/var/task/app.py", line 3, in handler
    return 1 / 0
"""
CHAINED = """Traceback (most recent call last):
  File "a.py", line 1, in f
ValueError: no
During handling of the above exception, another exception occurred:

Traceback (most recent call last):
  File "a.py", line 3, in g
botocore.exceptions.ClientError: An error occurred (AccessDenied) when calling the GetObject operation: Access Denied
"""
JAVA = """2026-11-22 10:00:01.123 ERROR 1 --- [nio-8080-exec-7] c.e.OrderController : failed
java.lang.RuntimeException: order 815 not saved
\tat com.example.OrderService.save(OrderService.java:88)
\tat com.example.OrderController.post(OrderController.java:31)
Caused by: java.sql.SQLTransientConnectionException: HikariPool-1 - Connection is not available, timed out after 30001ms
\tat com.zaxxer.hikari.pool.HikariPool.createTimeoutException(HikariPool.java:696)
\t... 12 more
"""
NODE = f"""2026-11-22T10:00:01.123Z\t{UUID}\tERROR\tTypeError: Cannot read properties of undefined (reading 'id')
    at Runtime.handler (/var/task/index.js:12:34)
    at Runtime.handleOnceNonStreaming (file:///var/runtime/index.mjs:1173:29)
"""
NODE_JSON = (
    f"2026-11-22T10:00:01.123Z\t{UUID}\tERROR\tInvoke Error\t"
    '{"errorType":"TypeError","errorMessage":"x of user 17 is not a function","stack":["TypeError: x","    at a"]}'
)


@pytest.mark.parametrize(
    ("line", "kind"),
    [
        pytest.param(PYTHON, "KeyError: 'customer_id'", id="python"),
        pytest.param(LAMBDA_PYTHON, "ZeroDivisionError: division by zero", id="python in lambda"),
        pytest.param(
            CHAINED,
            "ClientError: An error occurred (AccessDenied) when calling the GetObject operation: Access Denied",
            id="python, chained",
        ),
        pytest.param(
            JAVA,
            "SQLTransientConnectionException: HikariPool-<n> - Connection is not available, timed out after <duration>",
            id="java",
        ),
        pytest.param(NODE, "TypeError: Cannot read properties of undefined (reading 'id')", id="node"),
        pytest.param(NODE_JSON, "TypeError: x of user <n> is not a function", id="node in lambda"),
        pytest.param(
            '{"level":"ERROR","location":"handler:12","message":"payment 991 refused","timestamp":"2026-11-22"}',
            "payment <n> refused",
            id="powertools",
        ),
        pytest.param(
            '{"level":"error","message":"boom","exception_name":"KeyError","exception":"Traceback..."}',
            "KeyError: boom",
            id="powertools with an exception",
        ),
        pytest.param(
            '{"severity":"ERROR","error":{"type":"TimeoutError","message":"no answer of 10.0.0.7:5432 in 30 s"}}',
            "TimeoutError: no answer of <address> in <n> s",
            id="nested",
        ),
        pytest.param(
            f"2026-11-22T10:00:01.123Z {UUID} Task timed out after 3.00 seconds", "Lambda: task timed out", id="timeout"
        ),
        pytest.param(
            f"REPORT RequestId: {UUID}\tDuration: 3000.00 ms\tBilled Duration: 3000 ms\tStatus: timeout",
            "Lambda: timeout",
            id="report of a timeout",
        ),
        pytest.param(
            f"REPORT RequestId: {UUID}\tDuration: 3 ms\tStatus: error\tError Type: Runtime.ExitError",
            "Lambda: error Runtime.ExitError",
            id="report of an error",
        ),
        pytest.param(
            f"RequestId: {UUID} Error: Runtime exited with error: signal: killed",
            "Lambda: runtime was killed (out of memory?)",
            id="killed",
        ),
        pytest.param(
            "2026-11-22 10:00:01,123 ERROR [main] could not connect to 10.1.2.3:5432 after 3 attempts",
            "could not connect to <address> after <n> attempts",
            id="plain",
        ),
        pytest.param(
            "Nov 22 10:00:01 ip-10-0-0-1 nginx: connect() failed (111: Connection refused)",
            "ip-<n>-<n>-<n>-<n> nginx: connect() failed (<n>: Connection refused)",
            id="syslog",
        ),
        pytest.param(
            '{"level":"ERROR","message":"it failed","thrown":{"name":"java.io.IOException","message":"no route 7"}}',
            "IOException: no route <n>",
            id="log4j with an exception",
        ),
        pytest.param(
            '{"message":"request failed","exception_name":"KeyError","exception":"Traceback (most recent call last):'
            '\\n  File \\"a.py\\", line 1, in f\\nKeyError: \'id\'"}',
            "KeyError: 'id'",
            id="powertools with a traceback",
        ),
        pytest.param(
            'time=2026-11-22T10:00:01Z level=error caller=pod.go:17 msg="pod \\"a\\" was evicted" code=7',
            'pod "a" was evicted',
            id="logfmt",
        ),
        pytest.param("a line of level=none", "a line of level=none", id="no logfmt"),
        pytest.param(
            "fail: Shop.Worker[0]\n      Unhandled exception\n      System.TimeoutException: no answer in 30 s."
            "\n         at Shop.Orders.Load(Int32 id) in /src/Orders.cs:line 4",
            "TimeoutException: no answer in <n> s.",
            id="dotnet",
        ),
        pytest.param(
            "thread 'main' panicked at src/main.rs:12:5:\nindex out of bounds: the len is 3 but the index is 7",
            "panic: index out of bounds: the len is <n> but the index is <n>",
            id="rust",
        ),
        pytest.param(
            '10.0.0.1 - jane [22/Nov/2026:10:00:01 +0000] "GET /a?b=1 HTTP/1.1" 502 157 "-" "curl/8.5.0"',
            "HTTP 502: GET",
            id="access log",
        ),
        pytest.param(
            "2026/11/22 10:00:01 [error] 31#31: *77 connect() failed (111: Connection refused) while connecting to "
            'upstream, client: 10.0.0.1, server: example.com, request: "GET / HTTP/1.1"',
            "connect() failed (<n>: Connection refused) while connecting to upstream",
            id="nginx",
        ),
        pytest.param(
            f'F, [2026-11-22 10:00:01.123456 #8] FATAL -- : [{UUID}] RoutingError (No route matches [GET] "/a/b"):',
            'RoutingError (No route matches [GET] "<path>"):',
            id="ruby",
        ),
        pytest.param(
            "E1122 10:00:01.123456       7 kubelet.go:31] volume of pod 7 is gone",
            "volume of pod <n> is gone",
            id="klog",
        ),
        pytest.param("", "(an empty line)", id="empty"),
        pytest.param("{not json}", "{not json}", id="no json"),
        pytest.param("\x1b[31mERROR\x1b[0m disk full", "disk full", id="coloured"),
    ],
)
def test_lines_of_every_kind_are_read(line: str, kind: str):
    assert signature(line) == kind


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("order 12 of user 7", "order <n> of user <n>"),
        (f"request {UUID}", "request <id>"),
        ("at 2026-11-22T10:00:01.123Z", "at <time>"),
        ("GET https://api.example.com/v1/orders/17?x=1 gave 502", "GET <url> gave <n>"),
        ("cannot open /var/data/2026/11/file.csv", "cannot open <path>"),
        ("role arn:aws:iam::123456789012:role/worker denied", "role <arn> denied"),
        ("mail to jane.doe@example.com bounced", "mail to <email> bounced"),
        ("commit deadbeef1234", "commit <id>"),
        ("took 1.5e3 ms", "took <n> ms"),
        ("took 12.5ms, then 1h5m and 3s", "took <duration>, then <duration> and <duration>"),
        ("12.3 KiB of 512 MB and 1kB", "<size> of <size> and <size>"),
        ("item 1234567.80 of 12345678", "item <n> of <n>"),
        ("ids [1, 2, 3] and [4]", "ids [<n>] and [<n>]"),
        ("no object logs/2026/11/22/a-b.json.gz", "no object <path>"),
        ("commit a1b2c3d", "commit <id>"),
        ("AmazonS3Exception of 17/06/09 20:10:40", "AmazonS3Exception of <time>"),
        ("Sun, 22 Nov 2026 10:00:01", "Sun, <time>"),
        ("token e0l9u6vh7rxz8c8gsr55", "token <id>"),
        ("utf8 and base64 stay", "utf8 and base64 stay"),
    ],
)
def test_what_differs_becomes_a_placeholder(text: str, expected: str):
    assert normalise(text) == expected


def test_a_signature_has_a_bound():
    assert len(signature("x " * 100_000)) == LONGEST_SIGNATURE


@pytest.mark.parametrize(
    "piece",
    [
        "a",
        "1",
        "a=",
        "a/",
        "a-",
        "1s",
        'a="',
        "1,",
        "1 ",
        "a1",
        "a.",
        "x.Y",
        "-1",
        "1.",
        "a@",
        "/a",
        "{",
        "[",
        ":",
        " ",
        "ab:",
        "A0",
        "a\t{",
        "aError.",
    ],
)
def test_a_line_made_to_be_slow_is_read_quickly(piece: str):
    line = piece * (8_000 // len(piece))

    started = time.thread_time()
    for text in (line, f"{line}\n    at x", f"Traceback (most recent call last)\n{line}", f"{line}}}"):
        signature(text)

    assert time.thread_time() - started < 0.4


def test_errors_of_one_kind_have_one_signature_whatever_differs():
    lines = (f"2026-11-22 10:00:{n:02d} ERROR user {n} at 10.0.0.{n}: payment pay_{n:020d} refused" for n in range(60))

    assert {signature(line) for line in lines} == {"user <n> at <address>: payment <id> refused"}
