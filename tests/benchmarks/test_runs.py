"""What a run of each workflow takes: a step more, or a call more in a step, is seen here before it is on a bill."""

from __future__ import annotations

import pytest

from benchmarks.list_prices import EXPRESS_REQUEST
from benchmarks.runs import Run, dollars, memories, run


@pytest.mark.parametrize(
    ("workflow", "functions", "transitions", "most_calls"),
    [
        ("inventory_report", 6, 6, 31),
        ("log_analysis", 7, 11, 43),
        ("lifecycle_management", 5, 5, 36),
        ("bucket_audit", 3, 3, 24),
    ],
)
def test_an_ordinary_run_takes_no_more_than_it_did(workflow: str, functions: int, transitions: int, most_calls: int):
    found = run(workflow)

    assert (found.functions.total(), found.transitions) == (functions, transitions)
    assert found.calls.total() <= most_calls, found.calls
    assert found.slack == 2  # the announcement, and the results
    assert sum(dollars(found, memories()).values()) < 0.0002 + (workflow == "log_analysis") * 0.005


def test_the_price_is_that_of_all_that_was_taken():
    """Three seconds; two writes of three units, a read, a list, and the two invocations that show the progress."""
    found = Run(waited=2.7, record_kb=1)
    found.functions["A"] = 1
    found.calls.update({"dynamodb.UpdateItem": 2, "dynamodb.GetItem": 1, "s3.ListObjectsV2": 1, "s3.HeadBucket": 1})

    costs = dollars(found, {"A": 1024, "ShowProgressFunction": 512})

    assert costs["dynamodb"] == pytest.approx(6 * 0.000000625 + 0.000000125)
    assert costs["s3"] == pytest.approx(0.000005 + 0.0000004)
    assert costs["Lambda"] == pytest.approx(3 * 0.0000002 + (1 + 2 * 0.5) * 0.3 * 0.0000133334)
    assert costs["Step Functions"] == pytest.approx(EXPRESS_REQUEST + 3.0 / 16 * 0.06 / 3600)
    assert costs["Logs Insights"] == 0
