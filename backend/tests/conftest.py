"""What every test shares: fixtures, and how far Hypothesis searches.

HYPOTHESIS_PROFILE chooses: `dev` (the default) is quick, `ci` looks longer and prints how to repeat
a failure, `nightly` looks as long as a night allows. A test that sets `max_examples` itself keeps
its own figure.
"""

import gc
import os

from hypothesis import settings

# Database and simulator are real, so an example takes as long as the machine lets it.
settings.register_profile("dev", max_examples=100, deadline=None)
settings.register_profile("ci", max_examples=300, deadline=None, print_blob=True)
settings.register_profile("nightly", max_examples=10_000, deadline=None, print_blob=True)
settings.load_profile(os.environ.get("HYPOTHESIS_PROFILE", "dev"))

pytest_plugins = [
    "support.api",
    "support.postgres",
    "support.stacks",
    "support.synced",
    "support.valkey",
]


def pytest_collection_finish() -> None:
    """Let the collector leave alone what is loaded once all tests are: it stays to the end.

    Each application that a test starts makes objects enough for a full collection, which took a
    third of a second of work over modules that nothing will ever free.
    """
    gc.collect()
    gc.freeze()
