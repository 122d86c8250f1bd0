"""What holds for every test: no verdict depends on chance or on the clock of the machine, and everything is left as it was found."""

from __future__ import annotations

import gc
from collections.abc import Iterator

import pytest
from hypothesis import HealthCheck, settings

settings.register_profile("search", deadline=None, suppress_health_check=[HealthCheck.too_slow])
"""Other cases with each run: `pytest --hypothesis-profile=search`."""
settings.register_profile("bptui", settings.get_profile("search"), derandomize=True)
settings.load_profile("bptui")


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """What takes long begins first: no worker is left with it at the end."""
    items.sort(key=lambda item: item.get_closest_marker("slow") is None)


@pytest.fixture(autouse=True)
def _collector() -> Iterator[None]:
    """Commands tune the garbage collector of their process; run inside a test, they must not tune that of the others."""
    thresholds, callbacks = gc.get_threshold(), list(gc.callbacks)
    yield
    if gc.get_freeze_count():
        gc.unfreeze()
    gc.set_threshold(*thresholds)
    gc.callbacks[:] = callbacks
    gc.enable()
