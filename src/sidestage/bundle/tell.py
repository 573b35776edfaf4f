"""How this room tells an author, while it works, what takes its time and what is left out."""

from __future__ import annotations

from collections.abc import Callable
from typing import TypeAlias

#: Takes a sentence for the author.
Tell: TypeAlias = Callable[[str], None]
