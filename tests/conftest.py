"""The order of the whole suite."""

from __future__ import annotations

import pytest


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Tests with a browser go last: its event loop stays until the end, and tests that start their own go before."""
    items.sort(key=lambda item: item.get_closest_marker("browser") is not None)
