"""Log lines as they stand in real log groups, each with the statement of the program that wrote it.

What is drawn for a ``{name}`` differs from line to line, and nothing else does: so the statement is the line's kind.
"""

from __future__ import annotations

import json
import random
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from functools import partial
from itertools import accumulate

from benchmarks.log_statements import Statements

ZIPF = 0.8
"""The n-th commonest statement writes 1/n**ZIPF as many lines as the commonest."""


@dataclass(frozen=True, slots=True)
class Line:
    """One event of a log group, which may be many lines long."""

    text: str
    kind: str
    """The statement that wrote it."""


def lines(statements: Statements, count: int, seed: int) -> list[Line]:
    """So many lines, some statements common and most of them rare; the same for the same seed."""
    choose = random.Random(seed)
    draw = Values(choose)
    known = [(form, each) for form, said in statements.items() for each in said]
    choose.shuffle(known)
    sums = list(accumulate(1 / rank**ZIPF for rank in range(1, len(known) + 1)))
    written = choose.choices(known, cum_weights=sums, k=count)
    return [Line(_FORMATS[form](draw, each), f"{form}: {each}") for form, each in written]


# --- values ----------------------------------------------------------------------------------------------------------


class Values(dict[str, str]):
    """What stands for a ``{name}``: another value wherever it stands; for a ``{name1}``, one in a whole statement."""

    def __init__(self, choose: random.Random) -> None:
        super().__init__()
        self.choose = choose

    def __missing__(self, name: str) -> str:
        if name.endswith("1"):
            self[name] = self[name[:-1]]
            return self[name]
        drawn = _WORDS.get(name)
        return self.choose.choice(drawn) if drawn else _MADE[name](self)

    def fill(self, statement: str) -> str:
        """A statement with values in it."""
        self.clear()
        return statement.format_map(self)

    def number(self, most: int) -> int:
        """A number with few digits as likely as one with many."""
        return self.choose.randint(0, 10 ** self.choose.randint(1, len(str(most)))) % (most + 1)

    def hex(self, *digits: int) -> str:
        """As many digits, joined by hyphens."""
        return "-".join(f"{self.choose.getrandbits(4 * each):0{each}x}" for each in digits)

    def letters(self, count: int, alphabet: str = "abcdefghijklmnopqrstuvwxyz0123456789") -> str:
        """So many of an alphabet."""
        return "".join(self.choose.choices(alphabet, k=count))

    def moment(self) -> datetime:
        """Within a month."""
        return datetime(2026, 10, 23, tzinfo=UTC) + timedelta(milliseconds=self.choose.randrange(30 * 86_400_000))


_CAPITALS = "ABCDEFGHIJKLMNOPQRSTUVWXYZ234567"
_MIXED = "abcdefghijkmnopqrstuvwxyzABCDEFGHJKLMNPQRSTUVWXYZ23456789"
_WORDS: Mapping[str, tuple[str, ...]] = {
    "user": ("alice", "bob", "jane.doe", "mkumar", "svc-import", "olga", "root", "guest", "deploy", "t_nguyen"),
    "table": ("orders", "customers", "order_items", "payments", "audit_log", "carts", "prices", "stock_moves"),
    "queue": ("orders-prod", "mail.fifo", "invoices-dead-letters", "search-index", "thumbnails"),
    "service": ("billing", "catalog", "search", "checkout", "mailer", "recommendations", "geo"),
    "host": ("db-1.internal", "cache.prod.local", "api.partner.example.com", "es-node-3.search.internal", "kafka-0"),
    "method": ("GET", "POST", "PUT"),
    "file": ("report.csv", "export-2026-11.parquet", "IMG_2041.JPG", "data (3).xlsx", "feed.xml.gz", "a.txt"),
    "city": ("Berlin", "São Paulo", "Osaka", "New York", "Lyon"),
    "job": ("nightly-export", "reindex", "purge_sessions", "sync-crm", "rollup.hourly"),
    "flag": ("true", "false"),
    "currency": ("EUR", "USD", "GBP", "JPY"),
    "status": ("400", "404", "409", "422", "500", "502", "503", "504"),
    "process": ("java", "postgres", "node", "nginx", "python3"),
    "state": ("PAID", "CANCELLED", "SHIPPED", "RETURNED"),
    "agent": (
        "Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/142.0.0.0",
        "Mozilla/5.0 (iPhone; CPU iPhone OS 18_6 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) Mobile/15E148",
        "curl/8.9.1",
        "python-requests/2.32.5",
        "ELB-HealthChecker/2.0",
    ),
}
_MADE: Mapping[str, Callable[[Values], str]] = {
    "n": lambda draw: str(draw.number(9_999_999)),
    "few": lambda draw: str(draw.number(99)),
    "signed": lambda draw: str(draw.choose.randint(-5000, 5000)),
    "grouped": lambda draw: f"{draw.number(99_999_999):,}",
    "decimal": lambda draw: f"{draw.choose.uniform(0, 900):.{draw.choose.randint(1, 4)}f}",
    "duration": lambda draw: draw.choose.choice(("{few}ms", "{few}.5s", "{few}s", "{few}m2s", "1h{few}m")).format_map(
        draw
    ),
    "size": lambda draw: f"{draw['decimal']} {draw.choose.choice(('B', 'KB', 'KiB', 'MB', 'GB'))}",
    "uuid": lambda draw: draw.hex(8, 4, 4, 4, 12),
    "hex": lambda draw: draw.hex(draw.choose.choice((7, 8, 12, 16, 32, 40))),
    "pointer": lambda draw: f"0x{draw.hex(draw.choose.randint(6, 12))}",
    "ip": lambda draw: ".".join(str(draw.choose.randint(1, 254)) for _ in range(4)),
    "ipv6": lambda draw: ":".join(draw.hex(4).lstrip("0") or "0" for _ in range(8)),
    "port": lambda draw: str(draw.choose.randint(1024, 65535)),
    "time": lambda draw: draw.moment().isoformat(timespec="milliseconds").replace("+00:00", "Z"),
    "seconds": lambda draw: draw.moment().strftime("%Y-%m-%d %H:%M:%S"),
    "compact": lambda draw: draw.moment().strftime("%y%m%d %H%M%S"),
    "slashed": lambda draw: draw.moment().strftime("%y/%m/%d %H:%M:%S"),
    "syslog": lambda draw: draw.moment().strftime("%b %e %H:%M:%S"),
    "klog": lambda draw: draw.moment().strftime("E%m%d %H:%M:%S.%f"),
    "day": lambda draw: draw.moment().strftime("%d %b %Y %H:%M:%S.123"),
    "date": lambda draw: draw.moment().strftime("%Y-%m-%d"),
    "epoch": lambda draw: str(int(draw.moment().timestamp())),
    "path": lambda draw: "".join(
        f"/{draw.letters(draw.choose.randint(2, 9))}" for _ in range(draw.choose.randint(2, 6))
    ),
    "key": lambda draw: f"{draw['service']}/{draw.moment():%Y/%m/%d}/{draw.letters(10)}.json.gz",
    "route": lambda draw: f"/{draw.choose.choice(('api/v1', 'v2', 'internal'))}/{draw['table']}/{draw['n']}",
    "url": lambda draw: f"https://{draw['host']}/v{draw['few']}/{draw['table']}/{draw['n']}?page={draw['few']}",
    "email": lambda draw: f"{draw['user']}{draw['few']}@example.{draw.choose.choice(('com', 'org', 'co.uk'))}",
    "order": lambda draw: f"ORD-{draw.choose.randint(10_000, 9_999_999)}",
    "payment": lambda draw: f"pay_{draw.letters(20)}",
    "token": lambda draw: draw.letters(draw.choose.randint(20, 44), _MIXED),
    "instance": lambda draw: f"i-0{draw.hex(16)}",
    "pod": lambda draw: f"{draw['service']}-{draw.hex(10)}-{draw.letters(5)}",
    "arn": lambda draw: f"arn:aws:sqs:us-east-1:{draw.choose.randrange(10**11, 10**12)}:{draw['queue']}",
    "version": lambda draw: f"{draw['few']}.{draw['few']}.{draw['few']}",
    "access": lambda draw: draw.letters(16, _CAPITALS + "0189"),
    "letter": lambda draw: draw.letters(1, "abcdef"),
    "node": lambda draw: f"ip-{draw['ip'].replace('.', '-')}.ec2.internal",
    "ptr": lambda draw: f"{draw['ip'].replace('.', '-')}.static.example.net",
    "ids": lambda draw: "[" + ", ".join(draw["n"] for _ in range(draw.choose.randint(1, 6))) + "]",
    "block": lambda draw: f"blk_{draw.choose.randint(-(9 * 10**18), 9 * 10**18)}",
    "trace": lambda draw: f"1-{draw.hex(8, 24)}",
}


# --- formats ---------------------------------------------------------------------------------------------------------

Format = Callable[[Values, str], str]
"""How a logger writes what a statement says."""


def _headed(header: str, draw: Values, statement: str) -> str:
    return draw.fill(header + statement)


def _powertools(draw: Values, statement: str) -> str:
    return json.dumps(
        {
            "level": "ERROR",
            "location": "handler:42",
            "message": draw.fill(statement),
            "timestamp": draw["time"],
            "service": "orders",
            "cold_start": draw["flag"] == "true",
            "function_name": "orders-prod",
            "function_memory_size": "512",
            "function_arn": "arn:aws:lambda:us-east-1:123456789012:function:orders-prod",
            "function_request_id": draw["uuid"],
            "xray_trace_id": draw["trace"],
        }
    )


def _powertools_raised(draw: Values, statement: str) -> str:
    name, said = draw.fill(statement).split(": ", 1)
    trace = (
        f'Traceback (most recent call last):\n  File "/var/task/app.py", line {draw["few"]}, in handler\n{name}: {said}'
    )
    entry = json.loads(_powertools(draw, "request failed"))
    return json.dumps({**entry, "exception": trace, "exception_name": name.rpartition(".")[2]})


def _structlog(draw: Values, statement: str) -> str:
    more = {"order_id": draw["n"], "user": draw["user"], "took_ms": draw.number(9000)}
    return json.dumps({"event": draw.fill(statement), "level": "error", "timestamp": draw["time"], **more})


def _pino(draw: Values, statement: str) -> str:
    entry = {"level": 50, "time": int(draw["epoch"]) * 1000, "pid": draw.number(999), "hostname": draw["pod"]}
    return json.dumps({**entry, "reqId": draw["uuid"], "msg": draw.fill(statement)})


def _pino_raised(draw: Values, statement: str) -> str:
    name, said = draw.fill(statement).split(": ", 1)
    stack = (
        f"{name}: {said}\n    at fetch (/app/src/client.js:{draw['few']}:17)\n    at async run (/app/src/main.js:9:3)"
    )
    entry = json.loads(_pino(draw, "unhandled error"))
    return json.dumps({**entry, "err": {"type": name, "message": said, "stack": stack}})


def _log4j(draw: Values, statement: str) -> str:
    return json.dumps(
        {
            "instant": {"epochSecond": int(draw["epoch"]), "nanoOfSecond": draw.number(999_999_999)},
            "thread": f"http-nio-8080-exec-{draw['few']}",
            "level": "ERROR",
            "loggerName": "com.example.stock.StockService",
            "message": draw.fill(statement),
            "endOfBatch": False,
            "threadId": draw.number(99),
        }
    )


def _log4j_raised(draw: Values, statement: str) -> str:
    name, said = draw.fill(statement).split(": ", 1)
    trace = f"{name}: {said}\n\tat com.example.stock.Repository.find(Repository.java:{draw['few']})\n"
    entry = json.loads(_log4j(draw, "request failed"))
    return json.dumps({**entry, "thrown": {"name": name, "message": said, "extendedStackTrace": trace}})


def _ecs(draw: Values, statement: str) -> str:
    entry = {"@timestamp": draw["time"], "log.level": "ERROR", "message": draw.fill(statement), "ecs.version": "1.2.0"}
    return json.dumps({**entry, "process.thread.name": f"worker-{draw['few']}", "log.logger": "com.example.Importer"})


def _python(draw: Values, statement: str) -> str:
    frames = "".join(
        f'  File "/var/task/{draw["service"]}.py", line {draw["few"]}, in {draw["table"]}\n    return call(event)\n'
        for _ in range(draw.choose.randint(1, 4))
    )
    head = draw.fill("[ERROR]\t{time}\t{uuid}\trequest {n} failed\n")
    return f"{head}Traceback (most recent call last):\n{frames}{draw.fill(statement)}\n"


def _lambda_python(draw: Values, statement: str) -> str:
    frames = f'  File "/var/task/app.py", line {draw["few"]}, in handler\n    run(event)\n'
    return f"[ERROR] {draw.fill(statement)}\nTraceback (most recent call last):\n{frames}"


def _java(draw: Values, statement: str) -> str:
    frames = "".join(f"\tat com.example.{draw['service']}.Service.run(Service.java:{draw['few']})\n" for _ in range(3))
    head = draw.fill("{seconds}.123 ERROR 1 --- [nio-8080-exec-{few}] c.e.OrderController : request {n} failed\n")
    outer = draw.fill("java.lang.RuntimeException: could not handle {order}\n")
    return f"{head}{outer}{frames}Caused by: {draw.fill(statement)}\n{frames}\t... {draw['few']} more\n"


def _node(draw: Values, statement: str) -> str:
    frames = (
        f"    at run (/var/task/index.js:{draw['few']}:17)\n    at process.processTicksAndRejections (node:internal)"
    )
    return draw.fill("{time}\t{uuid}\tERROR\t" + statement) + f"\n{frames}"


def _lambda_node(draw: Values, statement: str) -> str:
    name, said = draw.fill(statement).split(": ", 1)
    error = {
        "errorType": name,
        "errorMessage": said,
        "stack": [f"{name}: {said}", "    at handler (/var/task/index.js:3:9)"],
    }
    return draw.fill("{time}\t{uuid}\tERROR\tInvoke Error\t") + json.dumps(error)


def _go_panic(draw: Values, statement: str) -> str:
    frames = (
        f"main.handle(0x{draw.hex(10)}, {{0x{draw.hex(10)}, 0x2}})\n\t/build/main.go:{draw['few']} +0x{draw.hex(2)}"
    )
    return f"panic: {draw.fill(statement)}\n\ngoroutine {draw['few']} [running]:\n{frames}"


def _access(draw: Values, statement: str) -> str:
    method, status = statement.split()
    when = draw.moment().strftime("%d/%b/%Y:%H:%M:%S +0000")
    return draw.fill(
        f'{{ip}} - - [{when}] "{method} {{route}} HTTP/1.1" {status} {{n}} "https://shop.example.com/" "{{agent}}"'
    )


def _nginx(draw: Values, statement: str) -> str:
    head = draw["seconds"].replace("-", "/") + " [error] {few}#{few}: *{n} "
    client = ', client: {ip}, server: shop.example.com, request: "{method} {route} HTTP/1.1", host: "shop.example.com"'
    return draw.fill(head + statement + client)


def _logfmt(draw: Values, statement: str) -> str:
    said = json.dumps(draw.fill(statement))
    return draw.fill("time={time} level=error caller=worker.go:{few} msg=" + said.replace("{", "{{").replace("}", "}}"))


def _rust_panic(draw: Values, statement: str) -> str:
    return draw.fill("thread 'tokio-runtime-worker' panicked at src/main.rs:{few}:{few}:\n" + statement)


def _dotnet(draw: Values, statement: str) -> str:
    head = draw.fill("fail: Shop.Worker[0]\n      Unhandled exception in job {uuid}\n      " + statement)
    return head + draw.fill("\n         at Shop.Orders.Load(Int32 id) in /src/Orders.cs:line {few}")


def _ruby(draw: Values, statement: str) -> str:
    head = draw.fill("F, [{seconds}.123456 #{few}] FATAL -- : [{uuid}] ")
    return head + draw.fill(statement) + draw.fill("\n\napp/controllers/orders_controller.rb:{few}:in `show'")


_FORMATS: Mapping[str, Format] = {
    "platform": partial(_headed, ""),
    "powertools": _powertools,
    "powertools_raised": _powertools_raised,
    "structlog": _structlog,
    "pino": _pino,
    "pino_raised": _pino_raised,
    "log4j": _log4j,
    "log4j_raised": _log4j_raised,
    "ecs": _ecs,
    "python": _python,
    "lambda_python": _lambda_python,
    "java": _java,
    "node": _node,
    "lambda_node": _lambda_node,
    "go_panic": _go_panic,
    "logfmt": _logfmt,
    "access": _access,
    "nginx": _nginx,
    "plain": partial(_headed, "{seconds},123 ERROR [worker-{few}] "),
    "hdfs": partial(_headed, "{compact} {few} WARN "),
    "sshd": partial(_headed, "{syslog} ip-10-0-0-7 sshd[{n}]: "),
    "spark": partial(_headed, "{slashed} ERROR "),
    "zookeeper": partial(
        _headed, "{seconds},378 - WARN  [QuorumPeer[myid={few}]/0:0:0:0:0:0:0:0:2181:QuorumCnxManager@{few}] - "
    ),
    "kernel": partial(_headed, "{syslog} ip-10-0-0-7 kernel: [{n}.{few}] "),
    "postgres": partial(_headed, "{seconds}.123 UTC [{few}] app@shop ERROR:  "),
    "klog": partial(_headed, "{klog}   {few} kubelet.go:{few}] "),
    "rust_panic": _rust_panic,
    "dotnet": _dotnet,
    "ruby": _ruby,
    "hadoop": partial(_headed, "{seconds},123 ERROR "),
    "openstack": partial(_headed, "nova-compute.log.1 {seconds}.123 {n} ERROR "),
    "mysql": partial(_headed, "{time} {n} [ERROR] "),
    "redis": partial(_headed, "{few}:M {day} # "),
    "rabbitmq": partial(_headed, "{seconds}.123456+00:00 [error] <0.{n}.0> "),
    "elasticsearch": partial(_headed, "[{seconds},123][ERROR]"),
    "haproxy": partial(_headed, "{syslog} lb-1 haproxy[{n}]: "),
    "windows": partial(_headed, "{seconds}, Error                 "),
    "bluegene": partial(_headed, "- {epoch} R02-M1-N0-C:J12-U11 {seconds}.363779 R02-M1-N0-C:J12-U11 "),
    "cassandra": partial(_headed, "ERROR "),
    "kafka": partial(_headed, "[{seconds},123] ERROR "),
}
