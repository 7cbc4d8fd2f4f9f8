"""Fixtures: one stage a workflow."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from tests.workflows.stage import Stage, stage


@pytest.fixture
def lifecycle() -> Iterator[Stage]:
    with stage("lifecycle_management") as ready:
        ready.s3.create_bucket(Bucket="my-bucket")
        yield ready


@pytest.fixture
def inventory() -> Iterator[Stage]:
    with stage("inventory_report") as ready:
        ready.s3.create_bucket(Bucket="my-bucket")
        yield ready


@pytest.fixture
def audit() -> Iterator[Stage]:
    with stage("bucket_audit") as ready:
        ready.s3.create_bucket(Bucket="my-bucket")
        yield ready


@pytest.fixture
def analysis() -> Iterator[Stage]:
    with stage("log_analysis") as ready:
        logs = ready.aws.client("logs")
        logs.create_log_group(logGroupName="/aws/lambda/orders")
        logs.create_log_group(logGroupName="/aws/lambda/orders-old")
        yield ready


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Play all the paths of one workflow before those of the next: they share a stage."""
    places = [place for place, item in enumerate(items) if item.path.name == "test_paths.py"]
    paths = sorted((items[place] for place in places), key=lambda item: item.callspec.params["workflow"])
    for place, item in zip(places, paths, strict=True):
        items[place] = item
