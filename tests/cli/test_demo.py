"""``sidestage demo``: the gallery of examples."""

from __future__ import annotations

import time
from collections.abc import Callable
from typing import Any

from sidestage.bundle import find_examples

Start = Callable[..., Any]


def test_the_gallery_leads_to_every_example(start: Start) -> None:
    began = time.monotonic()
    server = start("demo", "--port", 0)
    gallery = server.client.get("").text
    assert time.monotonic() - began < 5
    for example in find_examples():
        assert f'href="{example.name}/"' in gallery
        config = server.client.get(f"{example.name}/config.json").json()
        assert "error" not in config, config["error"]
        assert config["dev"] is False
        assert server.client.get(f"{example.name}/script.zip").status_code == 200
    assert server.client.get("sidestage/manifest.json").status_code == 200
    assert server.stop() == 0
    assert "Traceback" not in server.output
