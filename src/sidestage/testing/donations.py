"""What a played participant agreed to, as the page would have it, and what becomes of donations."""

from __future__ import annotations

import dataclasses
import json
from collections.abc import Mapping
from typing import Any

from sidestage.flow.shown import ShownPage
from sidestage.protocol import (
    AgreedPart,
    CommandSystemDonate,
    CommandSystemDonateAgreed,
    DonationResult,
    Payload,
    PayloadResponse,
    PayloadVoid,
)

ACCEPTED: Mapping[str, Any] = {"success": True, "status": 200}


class PlayedAgreements:
    """Numbers agreements as the page does."""

    def __init__(self) -> None:
        self._agreed: dict[int, Mapping[str, Any]] = {}

    def answered(self, page: ShownPage, payload: Payload) -> Payload:
        """A page was answered; returns the payload with the number of the agreement, if there is one in it."""
        agreed = page.waiting().agreed_to(payload, page)
        if agreed is None:
            return payload
        number = len(self._agreed) + 1
        self._agreed[number] = agreed
        answer: Any = payload
        numbered: Payload = dataclasses.replace(answer, value=dataclasses.replace(answer.value, agreement=number))
        return numbered

    def donated(self, command: CommandSystemDonateAgreed) -> Any:
        """What a donation consists of, as parsed JSON.

        Raises:
            AssertionError: if it refers to something that was not agreed to.
        """
        parts = {part.name: self._find(command.key, part) for part in command.parts}
        if not parts:
            raise AssertionError(f"the donation {command.key!r} refers to nothing")
        if command.form != "parts" and len(parts) > 1:
            raise AssertionError(f"the donation {command.key!r} refers to {len(parts)} parts, and must refer to one")
        [first, *_] = parts.values()
        if command.form == "rows":
            first = first["data"]
        return json.loads(json.dumps(parts if command.form == "parts" else first))

    def _find(self, key: str, part: AgreedPart) -> Any:
        agreed = self._agreed.get(part.agreement, {})
        if part.name not in agreed:
            raise AssertionError(f"the donation {key!r} refers to {part.name!r}, which was not agreed to")
        return agreed[part.name]


class PlayedDonations:
    """Takes donations, or refuses them.

    Args:
        agreements: what the participant agreed to.

    Attributes:
        arrived: what was donated, by key, as parsed JSON.
        refused: what was refused or got no answer, likewise.
        outcome: what becomes of donations from now on; None leaves them without an answer.
    """

    def __init__(self, agreements: PlayedAgreements) -> None:
        self.arrived: dict[str, Any] = {}
        self.refused: dict[str, Any] = {}
        self.outcome: Mapping[str, Any] | None = ACCEPTED
        self._agreements = agreements

    def take(self, command: CommandSystemDonate | CommandSystemDonateAgreed) -> Payload:
        """Take a donation as the outcome says; returns its answer.

        Raises:
            AssertionError: if it is no JSON, or refers to something that was not agreed to.
        """
        key = command.key
        data = _parsed(command) if isinstance(command, CommandSystemDonate) else self._agreements.donated(command)
        has_arrived = self.outcome is not None and self.outcome["success"]
        (self.arrived if has_arrived else self.refused)[key] = data
        return PayloadVoid() if self.outcome is None else PayloadResponse(DonationResult(key=key, **self.outcome))


def _parsed(donation: CommandSystemDonate) -> Any:
    try:
        return json.loads(donation.json_string)
    except ValueError as error:
        raise AssertionError(f"the donation {donation.key!r} is no JSON: {error}") from None
