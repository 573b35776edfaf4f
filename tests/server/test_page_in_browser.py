"""The page as a real browser takes it, with a script that stands in for the web build's."""

from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from tests.server.conftest import RunningServer

pytestmark = [pytest.mark.browser, pytest.mark.slow]

#: Fetches as the web build does, with fetch's own defaults; then sends a donation, a log line and the original form.
SCRIPT = """
const app = document.querySelector("sidestage-app");
const found = { isolated: crossOriginIsolated, before: app.innerText };
const base = document.baseURI;
const config = await (await fetch(new URL("config.json", base))).json();
found.asked = config.asked;
await (await fetch("/sidestage/manifest.json")).json();
found.archive = await (await fetch(new URL("script.zip", base))).text();
const { token } = await (await fetch(new URL("api/session", base), { method: "POST" })).json();
const send = (path, body, headers) => fetch(new URL(path, base), { method: "POST", headers, body });
const bearer = { authorization: `Bearer ${token}` };
found.donation = await (await send("api/donations?key=k", "[1]", bearer)).json();
found.logs = (await send("api/logs", '{"lines": [{"level": "info", "message": "m"}]}', bearer)).status;
found.form = await (await send("data-submission", '{"key": "k", "data": "[2]"}')).json();
found.withoutToken = (await send("api/donations?key=k", "[3]")).status;
window.found = found;
"""


@pytest.mark.parametrize("prefix", ["", "chats/"])
def test_the_page_is_isolated_fetches_each_thing_once_and_may_send(
    start: Callable[..., RunningServer], tmp_path: Path, prefix: str
) -> None:
    (tmp_path / "served").mkdir()
    (tmp_path / "served" / "start.js").write_text(SCRIPT)
    for name in ("app.js", "pyodide.mjs", "pyodide.wasm"):
        (tmp_path / "served" / name).write_bytes(b"")
    server = start("--gallery") if prefix else start()
    visit = [sys.executable, str(Path(__file__).with_name("a_visit.py")), server.url + prefix]
    done = subprocess.run(visit, capture_output=True, text=True, timeout=90, check=False)
    assert done.returncode == 0, done.stderr
    result = json.loads(done.stdout)
    found = result["found"]
    assert found["isolated"] is True
    assert found["before"] == "Chats & more\n\nStarting…"
    assert found["archive"] == "PK a zip of the script"
    # Once for the page, which says what to preload, and once for the preload.
    assert found["asked"] == 2, "the preload did not serve the fetch"
    assert found["donation"] == found["form"] == {"success": True, "key": "k", "status": 200}
    assert (found["logs"], found["withoutToken"]) == (204, 401)
    # The one complaint is about the donation without a token, which was sent to be refused.
    assert [line for line in result["said"] if "401" not in line] == []
