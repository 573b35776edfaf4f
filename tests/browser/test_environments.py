"""Environments in the browser: the same, step for step, as under CPython."""

from __future__ import annotations

import json
import math
from typing import Any

import pytest
from playwright.sync_api import Browser, Page

from tests.environment.gymnasium_nine import NINE, code_for, plain, play
from tools.serving import Server

from .conftest import open_page, visitor
from .in_page import in_page

PACKAGES = ["gymnasium"]
#: Pendulum's sines come from the libraries of C, which may differ in the last place.
CLOSE = {"Pendulum-v1": 1e-12}
READ = """
    const read = (value) => {
      if (value?.data && ArrayBuffer.isView(value.data)) return Array.from(value.data, Number);
      if (Array.isArray(value)) return value.map(read);
      if (typeof value !== "object" || value === null) return value;
      return Object.fromEntries(Object.entries(value).map(([name, item]) => [name, read(item)]));
    };
"""


def flat(value: Any) -> list[float]:
    """All numbers in a value, in order."""
    if isinstance(value, dict):
        return [number for key in sorted(value) for number in flat(value[key])]
    if isinstance(value, (list, tuple)):
        return [number for item in value for number in flat(item)]
    return [] if value is None else [float(value)]


@pytest.fixture(scope="module")
def in_browser(browser: Browser, engine_server: Server) -> Any:
    """A page with a worker that has Gymnasium, for all tests here."""
    with visitor(browser) as context:
        page = open_page(context)
        page.goto(f"{engine_server.url}sidestage/manifest.json")
        in_page(page, "globalThis.worker = make(); await worker.init({ packages: given });", PACKAGES)
        yield page
        in_page(page, "worker.destroy();")


@pytest.mark.parametrize("name", NINE)
def test_a_thousand_steps_are_those_of_cpython(in_browser: Page, name: str) -> None:
    operations, results = play(name, 1000)
    body = READ + "await worker.initEnv(given.code); return JSON.stringify(read(await worker.batch(given.operations)));"
    came = json.loads(in_page(in_browser, body, {"code": code_for(name), "operations": operations}))
    here, there = flat(plain(results)), flat(came)
    assert len(here) == len(there) > 3000
    unlike = [
        pair for pair in zip(here, there, strict=True) if not math.isclose(*pair, rel_tol=0, abs_tol=CLOSE.get(name, 0))
    ]
    assert unlike == []


@pytest.mark.parametrize("name", NINE)
def test_a_state_that_was_in_the_page_is_gone_back_to(in_browser: Page, name: str) -> None:
    operations, _ = play(name, 40)
    steps = [operation["params"]["actions"] for operation in operations if operation["op"] == "step"]
    same = in_page(
        in_browser,
        READ
        + """
        const go = async () => {
          const came = [];
          for (const action of given.steps.slice(20)) {
            const step = await worker.step(action);
            came.push(read(step));
            if (step.terminateds || step.truncateds) came.push(read(await worker.reset()));
          }
          return JSON.stringify([came, await worker.computeHash()]);
        };
        await worker.initEnv(given.code);
        await worker.reset({ seed: 7 });
        for (const action of given.steps.slice(0, 20)) {
          const { terminateds, truncateds } = await worker.step(action);
          if (terminateds || truncateds) await worker.reset();
        }
        const state = await worker.getState();
        const first = await go();
        await worker.setState(state);
        const second = await go();
        // In an environment that was just made, too.
        await worker.initEnv(given.code);
        await worker.setState(state);
        return [first === second, first === (await go()), first.length > 500];
        """,
        {"code": code_for(name), "steps": steps},
    )
    assert same == [True, True, True]


def test_steps_leave_nothing_behind(in_browser: Page) -> None:
    left = in_page(
        in_browser,
        """
        await worker.initEnv(given);
        await worker.reset({ seed: 7 });
        const count = () => worker.runPython("import gc\\ngc.collect()\\nlen(gc.get_objects())");
        const play = async () => {
          for (let step = 0; step < 1000; step++) {
            const { terminateds } = await worker.step(step % 2);
            if (terminateds) await worker.reset();
          }
          return count();
        };
        await play();
        const before = await count();
        return (await play()) - before;
        """,
        code_for("CartPole-v1"),
    )
    assert left < 20


def test_pettingzoo_can_be_imported_and_played(in_browser: Page) -> None:
    code = """
from gymnasium import spaces
from pettingzoo import ParallelEnv

class Meeting(ParallelEnv):
    def __init__(self):
        self.possible_agents = ["left", "right"]
    def action_space(self, agent): return spaces.Discrete(2)
    def observation_space(self, agent): return spaces.Discrete(9)
    def reset(self, seed=None, options=None):
        self.agents, self.at = list(self.possible_agents), {"left": 0, "right": 8}
        return dict(self.at), {"left": {}, "right": {}}
    def step(self, actions):
        self.at = {"left": self.at["left"] + actions["left"], "right": self.at["right"] - actions["right"]}
        no = {"left": False, "right": False}
        return dict(self.at), {"left": 1, "right": 1}, no, dict(no), {"left": {}, "right": {}}

env = Meeting()
"""
    came = in_page(
        in_browser,
        """
        await worker.installPackages(["pettingzoo"]);
        await worker.initEnv(given);
        const { acting } = await worker.reset({ seed: 7 });
        const { obs } = await worker.step({ left: 1, right: 0 });
        return { acting, obs };
        """,
        code,
    )
    assert came == {"acting": ["left", "right"], "obs": {"left": 1, "right": 8}}


def test_sets_have_one_order_in_every_browser(first_engine_page: Page) -> None:
    code = "[list({'left', 'right', 'up', 'down', 'fire'}), hash('left')]"
    found = in_page(
        first_engine_page, "const worker = make(); await worker.init(); return worker.runPython(given);", code
    )
    assert found == [["down", "right", "fire", "up", "left"], found[1]]
    again = in_page(
        first_engine_page, "const worker = make(); await worker.init(); return worker.runPython(given);", code
    )
    assert found == again
