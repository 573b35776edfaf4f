"""The nine environments of Gymnasium that need no files and no window, and what is done in them."""

from __future__ import annotations

from typing import Any

from sidestage.environment import Environment

NINE = (
    "CartPole-v1",
    "MountainCar-v0",
    "MountainCarContinuous-v0",
    "Acrobot-v1",
    "Pendulum-v1",
    "FrozenLake-v1",
    "CliffWalking-v1",
    "Taxi-v4",
    "Blackjack-v1",
)


def code_for(name: str) -> str:
    """Code that makes one, as an author writes it."""
    return f"import gymnasium as gym\nenv = gym.make({name!r})"


def play(name: str, steps: int) -> tuple[list[dict[str, Any]], list[dict[str, Any]]]:
    """Random steps from a seed, with a new episode after each end: the operations of a batch, and their results."""
    environment = Environment.of_code(code_for(name))
    space = environment.env.action_space
    space.seed(7)
    operations: list[dict[str, Any]] = [{"op": "reset", "params": {"seed": 7}}]
    results = environment.batch(operations)
    for _ in range(steps):
        action = space.sample()
        operation = {"op": "step", "params": {"actions": action.tolist()}}
        operations.append(operation)
        results += environment.batch([operation])
        if results[-1]["terminateds"] or results[-1]["truncateds"]:
            operations.append({"op": "reset"})
            results += environment.batch([{"op": "reset"}])
    return operations, results


def plain(value: Any) -> Any:
    """A value as JSON has it."""
    if hasattr(value, "tolist"):
        return value.tolist()
    if isinstance(value, dict):
        return {str(key): plain(item) for key, item in value.items()}
    return [plain(item) for item in value] if isinstance(value, (list, tuple)) else value
