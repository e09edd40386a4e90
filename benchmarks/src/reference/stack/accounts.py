"""What became of the ticks, and how long they took from receipt to acknowledgement."""

import time
from typing import Any


class Accounts:
    """Acknowledgements come from the poll thread alone, the rest from the event loop."""

    def __init__(self) -> None:
        self.received = 0
        self.acknowledged = 0
        self.dropped = 0
        self.failures = 0
        # Waits by tenth of a millisecond, up to ten seconds.
        self._waits = [0] * 100_001

    def delivered(self, error: object, received_at: list[float]) -> None:
        if error is not None:
            self.dropped += len(received_at)
            return
        now = time.time()
        waits = self._waits
        for at in received_at:
            waits[max(0, min(100_000, int((now - at) * 10_000)))] += 1
        self.acknowledged += len(received_at)

    def mark(self) -> None:
        """Waits count from here on."""
        self._waits = [0] * 100_001

    def report(self) -> dict[str, Any]:
        return {
            "received": self.received,
            "acknowledged": self.acknowledged,
            "conflated": 0,
            "dropped": self.dropped,
            "failures": self.failures,
            "p50": self._quantile(0.5),
            "p99": self._quantile(0.99),
        }

    def _quantile(self, share: float) -> float | None:
        total = sum(self._waits)
        if total == 0:
            return None
        below = 0
        for tenths, count in enumerate(self._waits):
            below += count
            if below >= share * total:
                return (tenths + 0.5) / 10
        return None
