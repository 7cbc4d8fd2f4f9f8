"""What holds for every test."""

import functools

import botocore.loaders
from hypothesis import settings

# The same examples in every run: a test that fails now and then tells nobody what broke it. To look for new ones,
# `pytest --hypothesis-profile=default`.
settings.register_profile("repeatable", derandomize=True)
settings.load_profile("repeatable")

# A session of botocore reads AWS's service models from disk anew, megabytes of JSON, and nearly every test makes one.
# They do not change while tests run, and botocore itself shares them between the clients of a session.
botocore.loaders.create_loader = functools.cache(botocore.loaders.create_loader)
