"""Actions as a page has them, numbers, lists and texts, in the form that an environment's action space takes."""

from __future__ import annotations

import sys
from collections.abc import Callable, Mapping
from typing import Any

from sidestage.environment.failure import EnvError

#: What makes an action of what came.
Form = Callable[[Any], Any]


def space_kind(space: Any) -> str:
    """The name of a space of Gymnasium's, or of the one that it inherits from; empty for anything else."""
    for kind in type(space).__mro__:
        if kind.__name__ in _FORMS:
            return kind.__name__
    return ""


def form_of(space: Any) -> Form:
    """What makes an action of this space of a number, a list or an object. Where there is no space, it stays as it is.

    That raises:
        EnvError: if the action is not in the space.
    """
    make = _FORMS.get(space_kind(space))
    if make is None:
        return lambda action: action
    if space_kind(space) == "Discrete":
        return _whole_number(space)
    fit = make(space)
    contains = space.contains

    def form(action: Any) -> Any:
        try:
            fitting = fit(action)
            if contains(fitting):
                return fitting
        except (TypeError, ValueError, KeyError):
            # It has another form.
            pass
        raise EnvError(f"the action {action!r} is not in {space}")

    return form


def _whole_number(space: Any) -> Form:
    """The form of the commonest space, which knows its numbers without asking numpy."""
    least = int(space.start)
    number, end, contains = _number(space), least + int(space.n), space.contains

    def form(action: Any) -> Any:
        if type(action) is int and least <= action < end:
            return action
        fitting = number(action)
        if not contains(fitting):
            raise EnvError(f"the action {action!r} is not in {space}")
        return fitting

    return form


def _number(_space: Any) -> Form:
    def fit(action: Any) -> Any:
        # A page has one kind of numbers.
        return int(action) if type(action) is float and action.is_integer() else action

    return fit


def _array(space: Any) -> Form:
    numpy, dtype, shape = sys.modules["numpy"], space.dtype, space.shape

    def fit(action: Any) -> Any:
        made = numpy.asarray(action, dtype=dtype)
        return made.reshape(shape) if made.size == 1 else made

    return fit


def _tuple(space: Any) -> Form:
    parts = [form_of(part) for part in space.spaces]
    return lambda action: tuple(fit(item) for fit, item in zip(parts, action, strict=True))


def _dict(space: Any) -> Form:
    parts = {name: form_of(part) for name, part in space.spaces.items()}
    return lambda action: {name: fit(action[name]) for name, fit in parts.items()}


def _as_it_is(_space: Any) -> Form:
    return lambda action: action


_FORMS: Mapping[str, Callable[[Any], Form]] = {
    "Discrete": _number,
    "Box": _array,
    "MultiDiscrete": _array,
    "MultiBinary": _array,
    "Tuple": _tuple,
    "Dict": _dict,
    "Text": _as_it_is,
}
