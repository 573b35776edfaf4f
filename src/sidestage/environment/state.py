"""All that decides how an environment goes on: its own state, and those of the random number generators."""

from __future__ import annotations

import hashlib
import json
import pickle
import types
from collections.abc import Mapping
from typing import Any

from sidestage import numpy_types
from sidestage.environment.conventions import layers_of
from sidestage.environment.failure import EnvError
from sidestage.environment.generators import generators_state, take_generators_state

#: Marks a value whose form outside Python would not come back as it was, a tuple for example.
_PICKLE = "pickle"
_PLACES = 10
#: What does not change while an environment is played: nothing of it is kept.
_FIXED = (type, types.ModuleType, types.FunctionType, types.BuiltinFunctionType, types.MethodType)
_GENERATOR = "bit_generator"


def state_of(env: Any) -> dict[str, Any]:
    """The state of an environment, of what it is wrapped in, and of the random number generators.

    Raises:
        EnvError: if something cannot be kept, with its name.
    """
    return {**generators_state(), "layers": [_layer_state(layer) for layer in layers_of(env)]}


def take_state(env: Any, state: Mapping[str, Any]) -> None:
    """Put an environment back to where ``state_of`` was called.

    Raises:
        EnvError: if this is no state of this environment; then it is as it was.
    """
    layers = [*layers_of(env)]
    kept = state.get("layers") if isinstance(state, Mapping) else None
    if not isinstance(kept, (list, tuple)) or not list(map(_fits, kept)) == [True] * len(layers):
        raise EnvError("this is no state of this environment: give what getState() returned")
    take_generators_state(state)
    for layer, values in zip(layers, kept, strict=True):
        _take_layer(layer, values)


def hash_of(state: Any) -> str:
    """The first 16 hexadecimal digits of the SHA-256 of a state as JSON, keys sorted, floats rounded to 10 places.

    Of what ``state_of`` returned, that is the environment's own state: the generators that all share may be at another
    place wherever it is played.
    """
    if isinstance(state, Mapping) and "layers" in state:
        state = state["layers"]
    text = json.dumps(_comparable(state), sort_keys=True)
    return hashlib.sha256(text.encode()).hexdigest()[:16]


def _layer_state(layer: Any) -> dict[str, Any]:
    """The state of an environment or of one that wraps it, as it gives it itself, or its attributes."""
    if _gives_its_state(layer):
        own = {"given": layer.get_state()}
        generators = {name: value for name, value in vars(layer).items() if _is_generator(value)}
    else:
        own, generators = {}, vars(layer)
    kept = {name: _kept(name, value) for name, value in generators.items() if not _stays(name, value)}
    return {**own, "attributes": kept}


def _fits(values: Any) -> bool:
    return isinstance(values, Mapping) and isinstance(values.get("attributes"), Mapping)


def _take_layer(layer: Any, values: Mapping[str, Any]) -> None:
    if "given" in values:
        layer.set_state(values["given"])
    for name, value in values["attributes"].items():
        if isinstance(value, Mapping) and _GENERATOR in value:
            _restore_generator(vars(layer), name, value)
        else:
            vars(layer)[name] = _put_back(value)


def _restore_generator(attributes: dict[str, Any], name: str, state: Mapping[str, Any]) -> None:
    """Put a generator back to a state; who else has it, has it as it is then. One that is not there yet is made."""
    if not _is_generator(attributes.get(name)):
        import numpy  # the browser has it only where it is used

        attributes[name] = numpy.random.Generator(getattr(numpy.random, state[_GENERATOR])())
    attributes[name].bit_generator.state = dict(state)


def _gives_its_state(layer: Any) -> bool:
    """Whether it can be asked itself; one that hands the question on to what it wraps is passed by."""
    return all(callable(getattr(type(layer), name, None)) for name in ("get_state", "set_state"))


def _stays(name: str, value: Any) -> bool:
    """Whether an attribute is fixed: what is wrapped, a space, a function, what was registered."""
    kinds = {kind.__name__ for kind in type(value).__mro__}
    return name == "env" or isinstance(value, _FIXED) or bool(kinds & {"Space", "EnvSpec", "Surface"})


def _kept(name: str, value: Any) -> Any:
    if _is_generator(value):
        return value.bit_generator.state
    if _comes_back(value):
        return pickle.loads(pickle.dumps(value))
    try:
        return {_PICKLE: pickle.dumps(value)}
    except Exception as error:
        raise EnvError(
            f"the environment's {name!r} is a {type(value).__name__}, which cannot be kept ({error}); give the "
            "environment get_state() and set_state()"
        ) from None


def _put_back(value: Any) -> Any:
    if isinstance(value, Mapping) and value.keys() == {_PICKLE}:
        return pickle.loads(bytes(value[_PICKLE]))
    return pickle.loads(pickle.dumps(value))


def _comes_back(value: Any) -> bool:
    """Whether a value comes back from a page as just what it was."""
    kind = type(value)
    if value is None or kind in (bool, int, str, bytes):
        return True
    if kind is float:
        # A page has one kind of numbers.
        return not value.is_integer()
    if kind is list:
        return all(map(_comes_back, value))
    if kind is dict:
        return all(type(key) is str and _comes_back(item) for key, item in value.items())
    return numpy_types.array_type(value) is kind and value.ndim > 0 and value.dtype.kind in "biuf"


def _is_generator(value: Any) -> bool:
    return hasattr(value, _GENERATOR) and hasattr(value.bit_generator, "state")


def _comparable(value: Any) -> Any:
    """A value as JSON has it, the same for all that are the same to a person."""
    if value is None or isinstance(value, (bool, str)):
        return value
    if isinstance(value, int):
        return int(value)
    if isinstance(value, float):
        # Minus zero is zero.
        return round(value, _PLACES) + 0.0
    if isinstance(value, Mapping):
        if value.keys() == {_PICKLE}:
            return _comparable(pickle.loads(bytes(value[_PICKLE])))
        return {str(key): _comparable(item) for key, item in value.items()}
    if isinstance(value, (list, tuple)):
        return [_comparable(item) for item in value]
    if isinstance(value, (set, frozenset)):
        return sorted((_comparable(item) for item in value), key=json.dumps)
    if isinstance(value, (bytes, bytearray, memoryview)):
        return bytes(value).hex()
    if numpy_types.array_type(value) is not None or numpy_types.is_scalar(value):
        return _comparable(value.tolist())
    return _comparable(vars(value)) if hasattr(value, "__dict__") else str(value)
