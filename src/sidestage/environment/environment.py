"""An environment, whichever convention it keeps: begun, stepped, drawn, rewound and hashed in one way."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any, NamedTuple

from sidestage.environment.conventions import convention_of
from sidestage.environment.failure import EnvError
from sidestage.environment.generators import seed_everything
from sidestage.environment.state import hash_of, state_of, take_state
from sidestage.protocol.requests import BatchError

_NONE_SAID = object()
#: The names under which the code of existing experiments finds what it is given.
GIVEN_NAMES = ("interactive_gym_globals", "mug_globals")


class Beginning(NamedTuple):
    """What a reset returns.

    Attributes:
        obs: the observation; by agent, where there are several.
        infos: what the environment says besides; by agent, where there are several.
        render_state: what ``render()`` returned; None where nothing is drawn.
        acting: the agents that act next; None where there is one, without a name.
    """

    obs: Any
    infos: Any
    render_state: Any = None
    acting: Sequence[Any] | None = None


class Stepped(NamedTuple):
    """What a step returns: as ``Beginning``, with rewards and ends; by agent, where there are several."""

    obs: Any
    rewards: Any
    terminateds: Any
    truncateds: Any
    infos: Any
    render_state: Any = None
    acting: Sequence[Any] | None = None


class Environment:
    """An environment of Gymnasium's, of PettingZoo's (parallel or turn by turn), or with dicts keyed by agent.

    Args:
        env: an object with ``reset`` and ``step``.

    Raises:
        EnvError: if it is no environment.
    """

    def __init__(self, env: Any) -> None:
        self.env = env
        self._convention = convention_of(env)
        self._begun = False
        #: What draws, asked for at the first step of an episode: what wraps an environment takes its time to tell.
        self._draw: Callable[[], Any] | None = None

    @classmethod
    def of_code(cls, code: str, globals: Mapping[str, Any] | None = None) -> Environment:
        """The environment that code leaves in the name ``env``.

        Args:
            code: Python; its exceptions are raised.
            globals: names that it finds; ``interactive_gym_globals`` and ``mug_globals`` are a dict of them.

        Raises:
            EnvError: if it leaves none.
        """
        namespace = {"__name__": "__main__", **names_for_code(globals)}
        exec(compile(code, "<environment>", "exec"), namespace)
        return cls.in_namespace(namespace)

    @classmethod
    def in_namespace(cls, namespace: Mapping[str, Any]) -> Environment:
        """The environment that has the name ``env``.

        Raises:
            EnvError: if there is none.
        """
        if "env" not in namespace:
            raise EnvError('the code leaves no environment: it must set env, such as env = gym.make("CartPole-v1")')
        return cls(namespace["env"])

    def reset(self, seed: int | None = None, options: Mapping[str, Any] | None = None) -> Beginning:
        """Begin an episode.

        Args:
            seed: of the environment's random numbers; they go on as they are unless given.
            options: what the environment may be told besides.
        """
        given = {"seed": seed, "options": options}
        obs, infos = self._convention.reset({name: value for name, value in given.items() if value is not None})
        self._begun, self._draw = True, None
        return Beginning(obs, infos, self._drawn(), self._convention.acting())

    def step(self, actions: Any) -> Stepped:
        """Go on by a step.

        Args:
            actions: the action, a number, a list or an array; or those of all agents, by their names.

        Raises:
            EnvError: before ``reset()``; if an action is missing, or not in its space; if the environment does not
                return what it should.
        """
        if not self._begun:
            self._must_have_begun("step")
        came = self._convention.step(actions)
        return Stepped(*came, self._drawn(), self._convention.acting())

    def render(self, agent: Any = None) -> Any:
        """What is to be seen: an image of height x width x 3 or 4 bytes, objects to draw, or None.

        Args:
            agent: whose view, where the environment has one of each.
        """
        self._must_have_begun("render")
        return self._drawn() if agent is None else self.env.render(agent)

    def get_state(self) -> dict[str, Any]:
        """All that decides how it goes on, with the states of ``random`` and ``numpy.random``.

        Raises:
            EnvError: before ``reset()``; if something in the environment cannot be kept, with its name.
        """
        self._must_have_begun("getState")
        return state_of(self.env)

    def set_state(self, state: Mapping[str, Any]) -> None:
        """Go on from where ``get_state()`` was called.

        Raises:
            EnvError: if this is no state of this environment.
        """
        take_state(self.env, state)
        self._begun = True

    def compute_hash(self, state: Any = None) -> str:
        """The first 16 hexadecimal digits of the SHA-256 of a state, floats rounded to 10 places.

        Args:
            state: the state; that of now unless given.
        """
        return hash_of(self.get_state() if state is None else state)

    def seed_rng(self, seed: int) -> None:
        """Seed ``random`` and ``numpy.random``."""
        seed_everything(seed)

    def batch(self, operations: Sequence[Mapping[str, Any]]) -> list[Any]:
        """Do one operation after another; returns the results in their order.

        Args:
            operations: each ``{"op": name, "params": {...}}``; the names are ``reset``, ``step``, ``render``,
                ``getState``, ``setState``, ``computeHash`` and ``seedRng``, the parameters those of the methods.

        Raises:
            BatchError: if one fails; it tells which, and the results of those before.
        """
        results: list[Any] = []
        for position, operation in enumerate(operations):
            try:
                results.append(self._operate(operation))
            except Exception as error:
                raise BatchError(position, results) from error
        return results

    def _operate(self, operation: Mapping[str, Any]) -> Any:
        if not isinstance(operation, Mapping) or "op" not in operation:
            raise EnvError(f'an operation is {{"op": name, "params": {{...}}}}; got {operation!r}')
        name, given = operation["op"], operation.get("params") or {}
        if name not in _OPERATIONS:
            raise EnvError(f"there is no operation {name!r}; there are {', '.join(_OPERATIONS)}")
        needed, allowed, perform = _OPERATIONS[name]
        if not isinstance(given, Mapping) or not needed <= given.keys() <= allowed:
            raise EnvError(f"the params of {name} are {{{', '.join(sorted(allowed))}}}; got {given!r}")
        return perform(self, **given)

    def _must_have_begun(self, what: str) -> None:
        if not self._begun:
            raise EnvError(f"call reset() before {what}(): no episode has begun")

    def _drawn(self) -> Any:
        """What ``render()`` returns, where the environment draws at all, and not into a window of its own."""
        if self._draw is None:
            mode, draw = getattr(self.env, "render_mode", _NONE_SAID), getattr(self.env, "render", None)
            self._draw = draw if callable(draw) and mode not in (None, "human") else _draw_nothing
            if mode is _NONE_SAID:
                return self._try_to_draw()
        return self._draw()

    def _try_to_draw(self) -> Any:
        """Draw for the first time, where the environment does not say that it does: it may inherit an empty method."""
        assert self._draw is not None
        try:
            return self._draw()
        except NotImplementedError:
            self._draw = _draw_nothing
            return None


def _draw_nothing() -> None:
    return None


class _Operation(NamedTuple):
    """An operation of a batch: the parameters that it needs, those that it may have, and what performs it."""

    needed: frozenset[str]
    allowed: frozenset[str]
    perform: Callable[..., Any]


def _operation(perform: Callable[..., Any], *needed: str, optional: Sequence[str] = ()) -> _Operation:
    return _Operation(frozenset(needed), frozenset({*needed, *optional}), perform)


def _done(_: None) -> dict[str, Any]:
    """What an operation tells that has nothing to tell."""
    return {}


#: The operations by the names of the requests that do the same alone.
_OPERATIONS = {
    "reset": _operation(lambda env, **given: _told(env.reset(**given)), optional=("seed", "options")),
    "step": _operation(lambda env, actions: _told(env.step(actions)), "actions"),
    "render": _operation(lambda env, agent=None: {"render_state": env.render(agent)}, optional=("agent",)),
    "getState": _operation(lambda env: {"state": env.get_state()}),
    "setState": _operation(lambda env, state: _done(env.set_state(state)), "state"),
    "computeHash": _operation(lambda env, state=None: {"hash": env.compute_hash(state)}, optional=("state",)),
    "seedRng": _operation(lambda env, seed: _done(env.seed_rng(seed)), "seed"),
}


def _told(came: Beginning | Stepped) -> dict[str, Any]:
    """What came of a reset or a step, as the reply to a request has it: what is None is left out."""
    return {name: value for name, value in zip(came._fields, came, strict=True) if value is not None}


def names_for_code(names: Mapping[str, Any] | None) -> dict[str, Any]:
    """What code finds defined: the names given, and dicts of them as existing experiments know them."""
    given = dict(names or {})
    return {**given, **{name: dict(given) for name in GIVEN_NAMES if name not in given}}
