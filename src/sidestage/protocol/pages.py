"""Pages, and the prompts that stand on them: what a render command shows.

Their types live with what is done with them: the pages in ``sidestage.flow.pages``, each prompt in a module of its own
in ``sidestage.flow.prompts``. Here is what they have in common for the protocol.
"""

from __future__ import annotations

from sidestage.protocol.wire import Open


class Prompt(Open):
    """What can stand on a page."""


class Page(Open):
    """What can fill the screen."""
