"""What holds for every test."""

from hypothesis import settings

# The same examples in every run: a test that fails now and then tells nobody what broke it. To look for new ones,
# `pytest --hypothesis-profile=default`.
settings.register_profile("repeatable", derandomize=True)
settings.load_profile("repeatable")
