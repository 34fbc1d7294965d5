"""Properties hold for whatever hypothesis thinks of; in CI it thinks of the same things every time."""

from hypothesis import HealthCheck, settings

from tests.requirements import IN_CI

settings.register_profile(
    "ci",
    derandomize=True,
    database=None,
    deadline=None,
    max_examples=50,
    # Fixtures are made once a test; every example leaves the database as it was.
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)
settings.register_profile("here", settings.get_profile("ci"), derandomize=False)
settings.load_profile("ci" if IN_CI else "here")
