"""The conventions that environments keep: Gymnasium's, PettingZoo's two, and dicts keyed by agent.

Each is asked in the same way: ``reset`` and ``step`` return what they say of all agents, ``acting`` who moves next.
"""

from __future__ import annotations

import inspect
from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import Any, Protocol, TypeAlias

from sidestage.environment.actions import Form, form_of, space_kind
from sidestage.environment.failure import EnvError
from sidestage.environment.generators import seed_everything

#: What came of a step, in the words of the environment, of one agent or by agent: the observation, the reward, whether
#: the episode has ended, whether its time was up, and infos.
Came: TypeAlias = tuple[Any, Any, Any, Any, Any]


class Convention(Protocol):
    """How an environment is talked to."""

    def reset(self, given: Mapping[str, Any]) -> tuple[Any, Any]:
        """Begin an episode; returns the observation and the infos."""

    def step(self, actions: Any) -> Came:
        """Take an action, or one of each agent that acts."""

    def acting(self) -> Sequence[Any] | None:
        """The agents that act next; None where there is one, without a name."""


def convention_of(env: Any) -> Convention:
    """How this environment is talked to.

    Raises:
        EnvError: if it is no environment.
    """
    for name in ("reset", "step"):
        if not callable(getattr(env, name, None)):
            hint = "; call it, and set env to what it returns" if callable(env) else ""
            raise EnvError(f"env is a {type(env).__name__}, which has no {name}(): it is no environment{hint}")
    if callable(getattr(env, "agent_iter", None)) and callable(getattr(env, "last", None)):
        return _TurnByTurn(env)
    if hasattr(env, "possible_agents"):
        return _AllAtOnce(env)
    return _Plain(env)


def layers_of(env: Any) -> Iterator[Any]:
    """The environment, what it is wrapped around, and so on."""
    seen: set[int] = set()
    while env is not None and id(env) not in seen:
        seen.add(id(env))
        yield env
        env = vars(env).get("env") if hasattr(env, "__dict__") else None


def beginner_of(env: Any) -> Callable[[Mapping[str, Any]], Any]:
    """What resets an environment, with a seed: in ``reset``, by its ``seed``, as was usual, or by what all share."""
    reset, innermost = env.reset, [*layers_of(env)][-1].reset
    named = _parameters(innermost)

    def begin(given: Mapping[str, Any]) -> Any:
        others = dict(given)
        if named is not None and "seed" not in named and "seed" in others:
            seed_by_method = getattr(env, "seed", None)
            # One that has no numbers of its own takes those that all share.
            seed = seed_by_method if callable(seed_by_method) else seed_everything
            seed(others.pop("seed"))
        return reset(**others)

    return begin


def _parameters(function: Any) -> set[str] | None:
    """The names of a function's parameters; None where it takes any, or does not tell."""
    try:
        parameters = inspect.signature(function).parameters.values()
    except (TypeError, ValueError):
        return None
    if any(parameter.kind is parameter.VAR_KEYWORD for parameter in parameters):
        return None
    return {parameter.name for parameter in parameters}


def _begun(result: Any) -> tuple[Any, Any]:
    """What ``reset`` returned: an observation and infos, or, as was usual, an observation alone."""
    if isinstance(result, tuple) and len(result) == 2 and isinstance(result[1], Mapping):
        return result
    return result, {}


def _came(result: Any) -> Came:
    """What ``step`` returned: five things, or, as was usual, four."""
    if type(result) is tuple and len(result) == 5:
        return result
    if not isinstance(result, tuple) or len(result) != 4:
        found = f"a tuple of {len(result)}" if isinstance(result, tuple) else f"a {type(result).__name__}"
        raise EnvError(f"step() must return (obs, reward, terminated, truncated, info); it returned {found}")
    obs, rewards, done, infos = result
    if isinstance(done, Mapping):
        return obs, rewards, done, dict.fromkeys(done, False), infos
    late = bool(isinstance(infos, Mapping) and infos.get("TimeLimit.truncated", False))
    return obs, rewards, bool(done) and not late, late, infos


class _Plain:
    """Gymnasium's, gym's before it, or the older one of browser experiments: the environment decides what it takes."""

    def __init__(self, env: Any) -> None:
        self._env = env
        self._begin = beginner_of(env)
        #: Whether it, or what wraps it, is Gymnasium's own, which takes an action and no dict.
        self._is_of_gymnasium = any(
            type(layer).__module__.startswith(("gymnasium.", "gym.")) for layer in layers_of(env)
        )
        #: Asked for at the first step of an episode: what wraps an environment takes its time to tell.
        self._space: tuple[str, Form] | None = None
        self._keys: Sequence[Any] | None = None

    def reset(self, given: Mapping[str, Any]) -> tuple[Any, Any]:
        obs, infos = _begun(self._begin(given))
        self._space = None
        self._keys = _agents_in(obs, infos, getattr(self._env, "observation_space", None))
        return obs, infos

    def step(self, actions: Any) -> Came:
        if self._space is None:
            space = getattr(self._env, "action_space", None)
            self._space = space_kind(space), form_of(space)
        kind, form = self._space
        if isinstance(actions, dict) and kind != "Dict":
            return self._step_by_agent(actions, kind, form)
        return _came(self._env.step(form(actions)))

    def acting(self) -> Sequence[Any] | None:
        return self._keys

    def _step_by_agent(self, actions: Mapping[Any, Any], kind: str, form: Form) -> Came:
        """Actions by agent: of several agents, or of one, whose environment may want its name all the same."""
        if not kind or not self._is_of_gymnasium:
            return _came(self._env.step(with_agents(actions, self._keys)))
        if len(actions) != 1:
            raise EnvError(f"there is one agent here, and the actions are of {len(actions)}: {list(actions)}")
        [(agent, action)] = actions.items()
        obs, rewards, ended, late, infos = ({agent: part} for part in _came(self._env.step(form(action))))
        return obs, rewards, ended, late, infos


class _OfAgents:
    """What PettingZoo's two have in common: an action space for each agent, and agents that leave."""

    def __init__(self, env: Any) -> None:
        self._env = env
        self._begin = beginner_of(env)
        self._spaces: dict[Any, tuple[str, Form]] = {}

    def acting(self) -> Sequence[Any]:
        """The agents that act next."""
        raise NotImplementedError

    def _those_who_act(self) -> Sequence[Any]:
        acting = self.acting()
        if not acting:
            raise EnvError("the episode has ended, and nobody acts any more: call reset()")
        return acting

    def _space_for(self, agent: Any) -> tuple[str, Form]:
        """The kind of an agent's action space, and its form."""
        if agent not in self._spaces:
            space = _space_of(self._env, agent)
            self._spaces[agent] = space_kind(space), form_of(space)
        return self._spaces[agent]


class _AllAtOnce(_OfAgents):
    """PettingZoo's parallel one: an action of each agent at a time."""

    def reset(self, given: Mapping[str, Any]) -> tuple[Any, Any]:
        return _begun(self._begin(given))

    def step(self, actions: Any) -> Came:
        acting = self._those_who_act()
        if not isinstance(actions, Mapping):
            if len(acting) != 1:
                raise EnvError(f"the actions must be by agent, such as {{{acting[0]!r}: ...}}; got {actions!r}")
            actions = {acting[0]: actions}
        given = with_agents(actions, acting)
        lacking = [agent for agent in acting if agent not in given]
        if lacking:
            raise EnvError(f"there is no action of {', '.join(map(repr, lacking))}; given are those of {list(given)}")
        return _came(self._env.step({agent: self._space_for(agent)[1](given[agent]) for agent in acting}))

    def acting(self) -> Sequence[Any]:
        return list(self._env.agents)


class _TurnByTurn(_OfAgents):
    """PettingZoo's other one, where one agent acts after another."""

    def reset(self, given: Mapping[str, Any]) -> tuple[Any, Any]:
        self._begin(given)
        return self._obs(), dict(self._env.infos)

    def step(self, actions: Any) -> Came:
        env, [agent] = self._env, self._those_who_act()
        kind, form = self._space_for(agent)
        if isinstance(actions, Mapping) and kind != "Dict":
            given = with_agents(actions, env.possible_agents)
            if agent not in given:
                raise EnvError(f"it is the turn of {agent!r}, and the actions are of {list(given)}")
            actions = given[agent]
        env.step(form(actions))
        came = self._obs(), dict(env.rewards), dict(env.terminations), dict(env.truncations), dict(env.infos)
        self._let_the_ended_go()
        return came

    def acting(self) -> Sequence[Any]:
        return [self._env.agent_selection] if self._env.agents else []

    def _obs(self) -> dict[Any, Any]:
        return {agent: self._env.observe(agent) for agent in self._env.agents}

    def _let_the_ended_go(self) -> None:
        """Agents whose episode has ended take a last step without an action."""
        env = self._env
        while env.agents and (env.terminations[env.agent_selection] or env.truncations[env.agent_selection]):
            env.step(None)


def with_agents(actions: Mapping[Any, Any], agents: Sequence[Any] | None) -> dict[Any, Any]:
    """Actions by the names that agents have: in an object of JavaScript, numbers have become texts."""
    if agents is not None:
        known = {str(agent): agent for agent in agents}
        return {known.get(str(agent), agent): action for agent, action in actions.items()}
    return {_numbered(agent): action for agent, action in actions.items()}


def _numbered(agent: Any) -> Any:
    return int(agent) if isinstance(agent, str) and agent.isdecimal() else agent


def _agents_in(obs: Any, infos: Any, space: Any) -> Sequence[Any] | None:
    """The agents of an environment that has dicts for everything; None where it has one agent, without a name."""
    if not isinstance(obs, Mapping) or space_kind(space) == "Dict":
        return None
    by_agent = not space_kind(space) and (not infos or (isinstance(infos, Mapping) and infos.keys() <= obs.keys()))
    return list(obs) if by_agent else None


def _space_of(env: Any, agent: Any) -> Any:
    space = getattr(env, "action_space", None)
    if callable(space):
        return space(agent)
    spaces = getattr(env, "action_spaces", None)
    return spaces.get(agent) if isinstance(spaces, Mapping) else space
