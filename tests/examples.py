"""How many examples a property tries: a few in the fast suite, many in `make test-all`."""

import os

from hypothesis import HealthCheck, settings

PROFILE = os.environ.get("HYPOTHESIS_PROFILE", "same")


def examples(few, many, **options):
    """Settings of a property whose examples take long."""
    return settings(max_examples=few if PROFILE == "same" else many, deadline=None, **options)


def examples_in_folder(few, many):
    """The same for a property whose examples share one `tmp_path`."""
    return examples(few, many, suppress_health_check=[HealthCheck.function_scoped_fixture])
