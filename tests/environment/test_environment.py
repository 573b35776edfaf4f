"""One way to talk to environments of every convention."""

from __future__ import annotations

import json
import random
from typing import Any

import gymnasium
import numpy as np
import pytest
from gymnasium import spaces
from pettingzoo import AECEnv, ParallelEnv
from pettingzoo.utils import agent_selector

from sidestage.environment import BatchError, EnvError, Environment
from sidestage.worker.values import encode

from .gymnasium_nine import NINE, code_for, plain, play


class Meeting(ParallelEnv):  # type: ignore[misc]  # it has no types
    """Two agents on a line, until they meet; the one on the left may have arrived before."""

    def __init__(self) -> None:
        self.possible_agents = ["left", "right"]

    def observation_space(self, agent: str) -> spaces.Space[Any]:
        return spaces.Discrete(9)

    def action_space(self, agent: str) -> spaces.Space[Any]:
        return spaces.Discrete(2)

    def reset(self, seed: int | None = None, options: Any = None) -> Any:
        self.agents = list(self.possible_agents)
        self.at = {"left": 0, "right": 8}
        return dict(self.at), {agent: {} for agent in self.agents}

    def step(self, actions: dict[str, int]) -> Any:
        assert list(actions) == self.agents
        for agent, action in actions.items():
            self.at[agent] += action if agent == "left" else -action
        met = self.at["left"] >= self.at["right"]
        ended = {agent: met or (agent == "left" and self.at["left"] == 2) for agent in self.agents}
        came = self._of_all(self.at), self._of_all(dict.fromkeys(self.agents, 1.0)), ended, dict.fromkeys(ended, False)
        infos: dict[str, Any] = {agent: {} for agent in self.agents}
        self.agents = [agent for agent in self.agents if not ended[agent]]
        return *came, infos

    def _of_all(self, values: dict[str, Any]) -> dict[str, Any]:
        return {agent: values[agent] for agent in self.agents}


class Count(AECEnv):  # type: ignore[misc]  # it has no types
    """Two agents add one or two in turn; who says seven has lost, and it ends."""

    def __init__(self) -> None:
        super().__init__()
        self.possible_agents = ["first", "second"]
        self.action_spaces = {agent: spaces.Discrete(3, start=1) for agent in self.possible_agents}

    def action_space(self, agent: str) -> spaces.Space[Any]:
        return self.action_spaces[agent]

    def observe(self, agent: str) -> int:
        return self.said

    def reset(self, seed: int | None = None, options: Any = None) -> None:
        self.said = 0
        self.agents = list(self.possible_agents)
        self.rewards: dict[str, float] = dict.fromkeys(self.agents, 0)
        self._cumulative_rewards = dict(self.rewards)
        self.terminations = dict.fromkeys(self.agents, False)
        self.truncations = dict.fromkeys(self.agents, False)
        self.infos: dict[str, Any] = {agent: {} for agent in self.agents}
        self._turns = agent_selector.AgentSelector(self.agents)
        self.agent_selection = self._turns.reset()

    def step(self, action: int | None) -> None:
        if self.terminations[self.agent_selection]:
            self._was_dead_step(action)
            return
        assert action is not None
        self.said += action
        if self.said >= 7:
            self.rewards[self.agent_selection] = -1
            self.terminations = dict.fromkeys(self.agents, True)
        self.agent_selection = self._turns.next()


class Named(gymnasium.Env[Any, Any]):
    """Has a plain action space, and takes actions by agent all the same; returns scalars."""

    action_space = spaces.Discrete(2)
    observation_space = spaces.Discrete(10)

    def reset(self, *, seed: int | None = None, options: Any = None) -> Any:
        super().reset(seed=seed)
        self.t = 0
        return 0, {}

    def step(self, actions: Any) -> Any:
        self.t += actions["human"]
        return self.t, 1.0, False, False, {}


class Box(gymnasium.Env[Any, Any]):
    """Takes what its space says, and tells it."""

    observation_space = spaces.Discrete(2)

    def __init__(self, space: spaces.Space[Any]) -> None:
        self.action_space = space

    def reset(self, *, seed: int | None = None, options: Any = None) -> Any:
        return 0, {}

    def step(self, action: Any) -> Any:
        self.taken = action
        return 0, 0.0, False, False, {}


def begun(env: Any) -> Environment:
    environment = Environment(env)
    environment.reset()
    return environment


@pytest.mark.parametrize("name", NINE)
def test_a_state_is_gone_back_to_exactly(name: str) -> None:
    environment = Environment.of_code(code_for(name))
    actions = environment.env.action_space
    environment.reset(seed=7)
    actions.seed(7)
    for _ in range(30):
        came = environment.step(actions.sample())
        if came.terminateds or came.truncateds:
            environment.reset()

    def go_on() -> list[Any]:
        actions.seed(8)
        seen = []
        for _ in range(60):
            came = environment.step(actions.sample())
            seen.append(plain(came))
            if came.terminateds or came.truncateds:
                seen.append(plain(environment.reset()))
        return [*seen, environment.compute_hash()]

    state, before = environment.get_state(), environment.compute_hash()
    after = go_on()
    environment.set_state(state)
    assert environment.compute_hash() == before == environment.compute_hash(state)
    assert go_on() == after
    assert after[-1] != before


def test_a_state_goes_into_an_environment_that_was_just_made() -> None:
    first, second = (Environment.of_code(code_for("Blackjack-v1")) for _ in range(2))
    first.reset(seed=7)
    second.set_state(first.get_state())
    assert plain(first.step(1)) == plain(second.step(1))
    assert plain(first.reset()) == plain(second.reset())


def test_a_state_has_the_generators_that_all_share() -> None:
    environment = Environment.of_code(code_for("CartPole-v1"))
    environment.reset(seed=7)
    state = environment.get_state()
    numbers = random.random(), np.random.rand()
    environment.set_state(state)
    assert (random.random(), np.random.rand()) == numbers
    environment.seed_rng(3)
    seeded = random.random(), np.random.rand()
    environment.seed_rng(3)
    assert (random.random(), np.random.rand()) == seeded != numbers


@pytest.mark.parametrize(
    "broken",
    [
        None,
        {},
        {"layers": []},
        {"layers": [{}]},
        {"layers": [{"attributes": 3}], "random": [3, [1], None]},
        {"layers": [{"attributes": {}}]},
        {"layers": [{"attributes": {}}], "random": [3, [1, 2], None]},
    ],
)
def test_what_is_no_state_is_told_and_changes_nothing(broken: Any) -> None:
    environment = begun(Box(spaces.Discrete(2)))
    before = environment.get_state()
    with pytest.raises(EnvError, match=r"no state of this environment|none of the generators"):
        environment.set_state(broken)
    assert plain(environment.get_state()) == plain(before)


def test_a_seed_reaches_an_environment_that_takes_none() -> None:
    class Dice:
        def reset(self) -> float:
            return random.random() + np.random.rand()

        def step(self, action: Any) -> Any:
            return random.random(), 0, False, {}

    environment = Environment(Dice())
    assert environment.reset(seed=7).obs == environment.reset(seed=7).obs != environment.reset(seed=8).obs


def test_what_cannot_be_kept_is_named() -> None:
    environment = begun(Box(spaces.Discrete(2)))
    environment.env.stream = (number for number in range(3))
    with pytest.raises(EnvError, match=r"the environment's 'stream' is a generator, which cannot be kept .*get_state"):
        environment.get_state()


def test_a_hash_is_the_same_for_what_is_the_same_to_a_person() -> None:
    environment = Environment(Box(spaces.Discrete(2)))
    same = [{"a": 1, "b": 0.1 + 0.2}, {"b": 0.3, "a": np.int64(1)}, {"a": 1, "b": np.float64(0.3) + 1e-12}]
    assert len({environment.compute_hash(state) for state in same}) == 1
    assert environment.compute_hash([0.0]) == environment.compute_hash([-0.0]) == environment.compute_hash((0.0,))
    assert environment.compute_hash({1: {"x"}}) == environment.compute_hash({1: frozenset("x")})
    others = [{"a": 1}, {"a": 2}, {"a": [1]}, {"a": np.ones(2)}, {"a": np.zeros(2)}, {"b": 1}, None, "a"]
    assert len({environment.compute_hash(state) for state in others[:-2]}) == len(others) - 2


def test_actions_of_all_agents_at_once() -> None:
    environment = Environment(Meeting())
    assert environment.reset(seed=1).acting == ["left", "right"]
    assert environment.step({"right": 0, "left": 1}).obs == {"left": 1, "right": 8}
    came = environment.step({"right": 1.0, "left": 1})
    assert (came.terminateds, came.acting) == ({"left": True, "right": False}, ["right"])
    assert environment.step({"left": 1, "right": 1}).obs == {"right": 6}
    assert environment.step(1).obs == {"right": 5}
    with pytest.raises(EnvError, match=r"the action 4 is not in Discrete\(2\)"):
        environment.step({"right": 4})
    while environment.step({"right": 1}).acting:
        pass
    with pytest.raises(EnvError, match=r"nobody acts any more: call reset\(\)"):
        environment.step(1)
    environment.reset()
    with pytest.raises(EnvError, match="there is no action of 'right'; given are those of"):
        environment.step({"left": 1})
    with pytest.raises(EnvError, match=r"the actions must be by agent, such as \{'left': ...\}; got 1"):
        environment.step(1)


def test_agents_that_act_in_turn() -> None:
    environment = Environment(Count())
    assert environment.reset().acting == ["first"]
    assert environment.step(3).acting == ["second"]
    came = environment.step({"second": 3})
    assert (came.obs, came.acting) == ({"first": 6, "second": 6}, ["first"])
    with pytest.raises(EnvError, match="it is the turn of 'first', and the actions are of"):
        environment.step({"second": 1})
    with pytest.raises(EnvError, match="the action 9 is not in Discrete"):
        environment.step(9)
    ended = environment.step(1)
    assert ended.rewards == {"first": -1, "second": 0}
    assert (ended.terminateds, ended.acting) == ({"first": True, "second": True}, [])
    with pytest.raises(EnvError, match=r"nobody acts any more: call reset\(\)"):
        environment.step(1)


def test_one_agent_with_a_name() -> None:
    assert begun(Named()).step({"human": 1}).obs == 1
    environment = Environment.of_code(code_for("CartPole-v1"))
    unnamed = environment.reset(seed=7), environment.step(1)
    assert environment.reset(seed=7).obs.tolist() == unnamed[0].obs.tolist()
    came = environment.step({"human": 1})
    assert came.obs["human"].tolist() == unnamed[1].obs.tolist()
    assert (came.rewards, came.terminateds, came.truncateds) == ({"human": 1}, {"human": False}, {"human": False})
    with pytest.raises(EnvError, match="there is one agent here, and the actions are of 2"):
        environment.step({"a": 1, "b": 0})


@pytest.mark.parametrize(
    ("space", "given", "taken"),
    [
        (spaces.Discrete(3), 2.0, 2),
        (spaces.Discrete(3), np.int32(2), 2),
        (spaces.Box(-1, 1, (1,)), 0.5, [0.5]),
        (spaces.Box(-1, 1, (2, 2)), [[0, 1], [1, 0]], [[0, 1], [1, 0]]),
        (spaces.MultiDiscrete([3, 2]), [2, 1], [2, 1]),
        (spaces.MultiBinary(3), [1, 0, 1], [1, 0, 1]),
        (spaces.Tuple([spaces.Discrete(2), spaces.Box(0, 1, (1,))]), [1.0, 1], (1, [1])),
        (
            spaces.Dict({"go": spaces.Discrete(2), "how": spaces.Box(0, 1, (1,))}),
            {"how": 1, "go": 0},
            {"go": 0, "how": [1]},
        ),
        (spaces.Text(3), "abc", "abc"),
    ],
)
def test_an_action_of_a_page_becomes_one_of_the_space(space: spaces.Space[Any], given: Any, taken: Any) -> None:
    environment = begun(Box(space))
    environment.step(given)
    assert plain(environment.env.taken) == plain(taken)
    assert environment.env.taken in space


@pytest.mark.parametrize(
    ("space", "given"),
    [
        (spaces.Discrete(3), 3),
        (spaces.Discrete(3), 0.5),
        (spaces.Discrete(3), None),
        (spaces.Discrete(3), "left"),
        (spaces.Box(-1, 1, (2,)), [0.5]),
        (spaces.Box(-1, 1, (2,)), [0, 2]),
        (spaces.Box(-1, 1, (2,)), "up"),
        (spaces.Tuple([spaces.Discrete(2)]), [1, 1]),
        (spaces.Dict({"go": spaces.Discrete(2)}), {"how": 1}),
    ],
)
def test_an_action_outside_of_the_space_is_told(space: spaces.Space[Any], given: Any) -> None:
    environment = begun(Box(space))
    with pytest.raises(EnvError, match=r"the action .* is not in "):
        environment.step(given)


def test_every_kind_of_observation_crosses() -> None:
    kinds = spaces.Dict(
        {
            "box": spaces.Box(0, 1, (2,)),
            "image": spaces.Box(0, 255, (2, 2, 3), np.uint8),
            "number": spaces.Discrete(3),
            "numbers": spaces.MultiDiscrete([3, 4]),
            "bits": spaces.MultiBinary(4),
            "text": spaces.Text(4),
            "parts": spaces.Tuple([spaces.Discrete(2), spaces.Dict({"deep": spaces.Box(0, 1)})]),
            "many": spaces.Sequence(spaces.Discrete(3)),
            "graph": spaces.Graph(spaces.Box(0, 1, (2,)), spaces.Discrete(3)),
            "either": spaces.OneOf([spaces.Discrete(2), spaces.Box(0, 1)]),
        }
    )
    kinds.seed(7)
    written = json.loads(encode(kinds.sample()).text)
    assert written.keys() == kinds.spaces.keys()
    assert {name: written[name]["dtype"] for name in ("box", "image", "bits")} == {
        "box": "float32",
        "image": "uint8",
        "bits": "int8",
    }
    assert isinstance(written["number"], int)


def test_a_batch_is_what_its_operations_are() -> None:
    operations, results = play("CartPole-v1", 100)
    environment = Environment.of_code(code_for("CartPole-v1"))
    assert plain(environment.batch(operations)) == plain(results)
    with pytest.raises(BatchError) as failure:
        environment.batch([*operations[:2], {"op": "step", "params": {"actions": 2}}])
    assert (failure.value.failed_index, len(failure.value.partial_results)) == (2, 2)
    assert isinstance(failure.value.__cause__, EnvError)


@pytest.mark.parametrize(
    "operation",
    [
        {"op": "step"},
        {"op": "step", "params": {"action": 1}},
        {"op": "reset", "params": {"seeds": 1}},
        {"op": "setState"},
        {"op": "seedRng", "params": [7]},
        {"op": "getState", "params": {"now": True}},
    ],
)
def test_an_operation_with_other_params_is_told(operation: dict[str, Any]) -> None:
    with pytest.raises(BatchError) as failure:
        begun(Box(spaces.Discrete(2))).batch([operation])
    assert str(failure.value.__cause__).startswith(f"the params of {operation['op']} are {{")


def test_a_drawing_that_fails_is_told() -> None:
    class Unfinished(Box):
        render_mode = "rgb_array"

        def render(self) -> Any:
            raise NotImplementedError("the walls")

    with pytest.raises(NotImplementedError, match="the walls"):
        Environment(Unfinished(spaces.Discrete(2))).reset()


def test_nothing_is_drawn_into_a_window() -> None:
    class Drawing(Box):
        render_mode: str | None = None

        def render(self, agent: Any = None) -> Any:
            return [f"seen by {agent}"]

    environment = begun(Drawing(spaces.Discrete(2)))
    drawn = []
    for environment.env.render_mode in (None, "human", "rgb_array"):
        environment.reset()
        drawn.append(environment.step(1).render_state)
    assert drawn == [None, None, ["seen by None"]]
    assert environment.render("left") == ["seen by left"]
