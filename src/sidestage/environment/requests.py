"""The requests of a worker that hosts an environment."""

from __future__ import annotations

from collections.abc import Awaitable, Mapping, Sequence
from typing import Any

from sidestage.environment.environment import Environment, names_for_code
from sidestage.environment.failure import EnvError
from sidestage.protocol.requests import Context, Handlers, request
from sidestage.protocol.wire import Records, Value, named, untagged, wire_type


@untagged
@wire_type
class InitEnvRequest:
    """The code of an environment.

    Attributes:
        env_code: Python that leaves the environment in the name ``env``; may use ``await`` at its top level.
        globals: names set before the code runs; they are in ``interactive_gym_globals`` and ``mug_globals``, too.
    """

    env_code: str = named("envCode")
    globals: Mapping[str, Value] | None = None


@untagged
@wire_type
class EnvReadyReply:
    """The environment can be reset."""


@untagged
@wire_type
class ResetRequest:
    """How to begin.

    Attributes:
        seed: of the environment's random numbers.
        options: what the environment may be told besides.
    """

    seed: int | None = None
    options: Mapping[str, Value] | None = None


@untagged
@wire_type
class BegunReply:
    """An episode has begun.

    Attributes:
        obs: the observation; by agent, where there are several.
        infos: what the environment says besides.
        render_state: what it drew: an image, or objects to draw.
        acting: the agents that act next; left out where there is one, without a name.
    """

    obs: Value = None
    infos: Value = None
    render_state: Value = None
    acting: Sequence[Value] | None = None


@untagged
@wire_type
class StepRequest:
    """What is done.

    Attributes:
        actions: the action, or those of all agents, by their names.
    """

    actions: Value


@untagged
@wire_type
class SteppedReply:
    """What came of a step: by agent, where there are several, or where the actions were by agent."""

    obs: Value = None
    rewards: Value = None
    terminateds: Value = None
    truncateds: Value = None
    infos: Value = None
    render_state: Value = None
    acting: Sequence[Value] | None = None


@untagged
@wire_type
class RenderRequest:
    """Whose view to draw.

    Attributes:
        agent: the one whose view it is, where each has their own.
    """

    agent: Value = None


@untagged
@wire_type
class RenderedReply:
    """What was drawn."""

    render_state: Value = None


@untagged
@wire_type
class GetStateRequest:
    """Asks for the state."""


@untagged
@wire_type
class StateReply:
    """All that decides how the environment goes on."""

    state: Mapping[str, Value]


@untagged
@wire_type
class SetStateRequest:
    """A state to go on from.

    Attributes:
        state: what ``getState`` returned.
    """

    state: Value


@untagged
@wire_type
class StateSetReply:
    """The environment goes on from there."""


@untagged
@wire_type
class ComputeHashRequest:
    """What to hash.

    Attributes:
        state: what ``getState`` returned; the state of now unless given.
    """

    state: Value = None


@untagged
@wire_type
class HashReply:
    """The first 16 hexadecimal digits of a SHA-256."""

    hash: str


@untagged
@wire_type
class SeedRngRequest:
    """A seed.

    Attributes:
        seed: for ``random`` and ``numpy.random``.
    """

    seed: int


@untagged
@wire_type
class SeededReply:
    """The random numbers begin anew."""


@untagged
@wire_type
class BatchRequest:
    """What to do, one after another.

    Attributes:
        operations: each ``{op, params}``: the name of another request of these, and its payload.
    """

    operations: Sequence[Value]


@untagged
@wire_type
class BatchDoneReply:
    """The replies' payloads, in order."""

    results: Sequence[Value]


class Requests(Handlers):
    """What a worker does that hosts an environment: one at a time, in the name ``env`` of its namespace."""

    def __init__(self, context: Context) -> None:
        super().__init__(context)
        self._environment: Environment | None = None

    @request()
    def init_env(self, asked: InitEnvRequest) -> EnvReadyReply | Awaitable[EnvReadyReply]:
        """Run code that makes an environment."""
        self._environment = None
        self.context.namespace.pop("env", None)
        return self.context.run(asked.env_code, names_for_code(asked.globals), self._take)

    def _take(self, _value: Any) -> EnvReadyReply:
        self._environment = Environment.in_namespace(self.context.namespace)
        return EnvReadyReply()

    @request()
    def reset(self, asked: ResetRequest) -> BegunReply:
        """Begin an episode; returns its first observation."""
        return BegunReply(*self._env.reset(asked.seed, asked.options))

    @request()
    def step(self, asked: StepRequest) -> SteppedReply:
        """Go on by a step; returns what came of it."""
        return SteppedReply(*self._env.step(asked.actions))

    @request()
    def render(self, asked: RenderRequest) -> RenderedReply:
        """Draw, without a step."""
        return RenderedReply(self._env.render(asked.agent))

    @request(returns="state")
    def get_state(self, _asked: GetStateRequest) -> StateReply:
        """All that decides how the environment goes on, with the states of ``random`` and ``numpy.random``."""
        return StateReply(self._env.get_state())

    @request()
    def set_state(self, asked: SetStateRequest) -> StateSetReply:
        """Go on from a state; what comes after it is just what came after it before."""
        self._env.set_state(asked.state)
        return StateSetReply()

    @request()
    def compute_hash(self, asked: ComputeHashRequest) -> HashReply:
        """Hash a state: keys sorted, floats rounded to 10 places."""
        return HashReply(self._env.compute_hash(asked.state))

    @request()
    def seed_rng(self, asked: SeedRngRequest) -> SeededReply:
        """Seed ``random`` and ``numpy.random``."""
        self._env.seed_rng(asked.seed)
        return SeededReply()

    @request(returns="results")
    def batch(self, asked: BatchRequest) -> BatchDoneReply:
        """Do several of these, uninterrupted. A failure tells ``failedIndex`` and ``partialResults``."""
        return BatchDoneReply(Records(self._env.batch(asked.operations)))

    @property
    def _env(self) -> Environment:
        if self._environment is None:
            raise EnvError("there is no environment in this worker: call initEnv() first")
        return self._environment
