"""Opens the streams that commands ask for, and keeps them open."""

import asyncio
import logging
import random
import time
from collections.abc import Callable

import orjson
from pydantic import ValidationError
from websockets.asyncio.client import connect
from websockets.exceptions import WebSocketException

from .accounts import Accounts
from .cache import WebsocketConnectionCache
from .domain import ConnectCommand
from .events import EventProducer, MinuteCounts
from .exchanges import exchanges
from .publishing import MarketPublisher

log = logging.getLogger("orchestrator")

#: How often the cache learns that a connection is alive.
ACTIVE_EVERY_SECONDS = 10


class StreamOrchestrator:
    def __init__(
        self,
        accounts: Accounts,
        cache: WebsocketConnectionCache | None,
        events: EventProducer,
        publisher_of: Callable[[ConnectCommand, str], MarketPublisher],
    ) -> None:
        self._accounts = accounts
        self._cache = cache
        self._events = events
        self._publisher_of = publisher_of
        self._streams: dict[str, asyncio.Task[None]] = {}

    async def connect_from_context(self, command: ConnectCommand) -> None:
        key = command.target.key
        if key not in self._streams:
            self._streams[key] = asyncio.create_task(self._run(command), name=key)

    async def close(self) -> None:
        for task in self._streams.values():
            task.cancel()
        await asyncio.gather(*self._streams.values(), return_exceptions=True)

    async def _run(self, command: ConnectCommand) -> None:
        publishers = {code: self._publisher_of(command, code) for code in command.symbols}
        counts = MinuteCounts(command.target, self._events)
        counting = asyncio.create_task(counts.run())
        backoff = 1.0
        try:
            while True:
                try:
                    await self._stream(command, publishers, counts)
                    backoff = 1.0
                except (OSError, WebSocketException) as error:
                    log.warning("%s: %s", command.target.key, error)
                    backoff = min(30.0, random.uniform(1.0, 3 * backoff))
                await asyncio.sleep(backoff)
        finally:
            counting.cancel()
            await counts.flush(int(time.time()) // 60 * 60)
            for publisher in publishers.values():
                await publisher.close()
            if self._cache:
                await self._cache.disconnected(command.target)

    async def _stream(
        self, command: ConnectCommand, publishers: dict[str, MarketPublisher], counts: MinuteCounts
    ) -> None:
        target = command.target
        exchange = exchanges[target.exchange]
        parse = exchange.parse[target.request_type]
        accounts = self._accounts
        unconfirmed = set(command.symbols)
        async with connect(command.connection.url, compression=None, max_size=1 << 20) as socket:
            await socket.send(exchange.subscribe(target.request_type, command.symbols).decode())
            if self._cache:
                await self._cache.connected(target, command.connection.url, command.symbols)
            active_at = time.monotonic()
            async for frame in socket:
                received_at = time.time()
                try:
                    message = orjson.loads(frame)
                    records = list(parse(message, received_at))
                except (orjson.JSONDecodeError, ValidationError, KeyError, ValueError, TypeError):
                    accounts.failures += 1
                    continue
                if unconfirmed:
                    first = records[0].code if records and not exchange.confirms else None
                    code = exchange.confirmed(message) if not records else first
                    if code in unconfirmed:
                        unconfirmed.discard(code)
                        await self._events.connect_success(command, code)
                for record in records:
                    publisher = publishers.get(record.code)
                    if publisher is None:
                        continue
                    accounts.received += 1
                    counts.add(record.code)
                    publisher.add(record)
                    if publisher.is_behind:
                        await publisher.caught_up()
                if self._cache and time.monotonic() - active_at > ACTIVE_EVERY_SECONDS:
                    active_at = time.monotonic()
                    await self._cache.active(target)
