"""Batches of each market on their way to Kafka."""

import asyncio
import time
from dataclasses import dataclass

from .accounts import Accounts
from .avro import AvroSerializer
from .domain import ConnectionTarget
from .exchanges import Record
from .kafka import AsyncProducer

#: Batches of a market that may wait to be written; then its reader waits.
MAX_WAITING = 8


@dataclass(frozen=True)
class BatchLimits:
    records: int
    wait_seconds: float


class MarketPublisher:
    """One market's records: gathered until there are enough or the first has waited long enough, then sent in order."""

    def __init__(
        self,
        target: ConnectionTarget,
        code: str,
        topic: str,
        limits: BatchLimits,
        serializer: AvroSerializer,
        producer: AsyncProducer,
        accounts: Accounts,
    ) -> None:
        self._target = target
        self._code = code
        self._topic = topic
        self._limits = limits
        self._serializer = serializer
        self._producer = producer
        self._accounts = accounts
        self._records: list[Record] = []
        self._timer: asyncio.TimerHandle | None = None
        self._waiting: asyncio.Queue[list[Record] | None] = asyncio.Queue()
        self._loop = asyncio.get_running_loop()
        self._worker = self._loop.create_task(self._work())

    def add(self, record: Record) -> None:
        self._records.append(record)
        if len(self._records) >= self._limits.records:
            self._flush()
        elif self._timer is None:
            self._timer = self._loop.call_later(self._limits.wait_seconds, self._flush)

    @property
    def is_behind(self) -> bool:
        return self._waiting.qsize() >= MAX_WAITING

    async def caught_up(self) -> None:
        await self._waiting.join()

    async def close(self) -> None:
        self._flush()
        self._waiting.put_nowait(None)
        await self._worker

    def _flush(self) -> None:
        if self._timer is not None:
            self._timer.cancel()
            self._timer = None
        if self._records:
            self._waiting.put_nowait(self._records)
            self._records = []

    async def _work(self) -> None:
        while (records := await self._waiting.get()) is not None:
            message = {
                **self._target.model_dump(),
                "timestamp_ms": int(time.time() * 1000),
                "batch_size": len(records),
                "data": [record.model_dump() for record in records],
            }
            value = await self._serializer.serialize_async(message)
            received_at = [record.received_at for record in records]
            await self._producer.send(
                self._topic, value, self._code, lambda error, times=received_at: self._accounts.delivered(error, times)
            )
            self._waiting.task_done()
