"""Environments of reinforcement learning: one way to reset, step, draw and rewind them, whichever convention they keep.

from sidestage.environment import Environment

environment = Environment.of_code("import gymnasium as gym\\nenv = gym.make('CartPole-v1')")
obs, infos, _ = environment.reset(seed=7)
step = environment.step(1)
"""

from sidestage.environment.environment import Beginning, Environment, Stepped
from sidestage.environment.failure import EnvError
from sidestage.protocol.requests import BatchError

__all__ = ["BatchError", "Beginning", "EnvError", "Environment", "Stepped"]
