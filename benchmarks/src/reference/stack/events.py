"""Events and metrics beside the data: what the exchange confirmed, and what was counted each minute."""

import asyncio
import time
import uuid
from collections import Counter
from datetime import datetime, timezone
from typing import Any

from .avro import AvroSerializer
from .domain import ConnectCommand, ConnectionTarget
from .kafka import AsyncProducer

SECONDS_A_MINUTE = 60


class EventProducer:
    def __init__(
        self, producer: AsyncProducer, prefix: str, successes: AvroSerializer, metrics: AvroSerializer
    ) -> None:
        self._producer = producer
        self._prefix = prefix
        self._successes = successes
        self._metrics = metrics

    async def connect_success(self, command: ConnectCommand, symbol: str) -> None:
        target = command.target
        event = {
            **self._head("connect_success", target),
            "ack": "clear",
            "symbol": symbol,
            "meta": {
                "schema_version": "1.0",
                "correlation_id": command.correlation_id or "",
                "observed_key": target.key,
            },
        }
        key = f"{target.exchange}|{target.region}|{target.request_type}|{symbol}"
        await self._send("ws.connect_success", await self._successes.serialize_async(event), key)

    async def counting_batch(self, target: ConnectionTarget, minute: int, counts: Counter[str]) -> None:
        item = {"minute_start_ts_kst": minute, "total": counts.total(), "details": dict(counts)}
        event = {
            **self._head("counting_batch", target),
            "batch": {
                "range_start_ts_kst": minute,
                "range_end_ts_kst": minute + SECONDS_A_MINUTE,
                "bucket_size_sec": SECONDS_A_MINUTE,
                "items": [item],
                "version": 1,
            },
        }
        key = f"{target.exchange}|{target.region}|{target.request_type}"
        await self._send("ws.metrics", await self._metrics.serialize_async(event), key)

    async def _send(self, topic: str, value: bytes, key: str) -> None:
        await self._producer.send(self._prefix + topic, value, key, lambda _error: None)

    @staticmethod
    def _head(action: str, target: ConnectionTarget) -> dict[str, Any]:
        return {
            "action": action,
            "ticket_id": str(uuid.uuid4()),
            "timestamp_utc": datetime.now(timezone.utc).isoformat(),
            "target": target.model_dump(),
        }


class MinuteCounts:
    """Counts one target's records by symbol and hands each minute over when it is past."""

    def __init__(self, target: ConnectionTarget, events: EventProducer) -> None:
        self._target = target
        self._events = events
        self._counts: Counter[str] = Counter()

    def add(self, code: str) -> None:
        self._counts[code] += 1

    async def run(self) -> None:
        while True:
            minute = int(time.time()) // SECONDS_A_MINUTE * SECONDS_A_MINUTE
            await asyncio.sleep(minute + SECONDS_A_MINUTE - time.time())
            await self.flush(minute)

    async def flush(self, minute: int) -> None:
        counts, self._counts = self._counts, Counter()
        if counts:
            await self._events.counting_batch(self._target, minute, counts)
