"""How often one network address may send."""

from __future__ import annotations

import ipaddress
import time

from starlette.requests import Request

#: Of how many addresses something is remembered.
_MOST_ADDRESSES = 20_000


class Rates:
    """Counts the requests of each address: so many a minute on average, and as many at once."""

    def __init__(self, per_minute: int) -> None:
        self._most = per_minute
        # Per address: how many it may still send, and when that was so. Those that were here last stand last.
        self._left: dict[str, tuple[float, float]] = {}

    def wait_of(self, address: str) -> float:
        """Count a request. 0 if it may pass; else the seconds until the next one may."""
        now = time.monotonic()
        left, since = self._left.pop(address, (float(self._most), now))
        left = min(self._most, left + (now - since) * self._most / 60)
        allowed = left >= 1
        self._left[address] = (left - 1 if allowed else left, now)
        if len(self._left) > _MOST_ADDRESSES:
            del self._left[next(iter(self._left))]
        return 0.0 if allowed else (1 - left) * 60 / self._most


def address_of_sender(request: Request) -> str:
    """The network address that a request came from; of IPv6 the network, all of which is one sender's."""
    host = request.client.host if request.client else ""
    try:
        address = ipaddress.ip_address(host)
    except ValueError:
        return host
    if isinstance(address, ipaddress.IPv6Address):
        if address.ipv4_mapped:
            return str(address.ipv4_mapped)
        return str(ipaddress.ip_network((address.packed[:8] + bytes(8), 64)))
    return str(address)
