"""Connection state in Redis: a hash of what it is, a set of its symbols, under one lifetime."""

import time
import uuid

from redis.asyncio import Redis

from .domain import ConnectionTarget

TTL_SECONDS = 3600


class WebsocketConnectionCache:
    def __init__(self, url: str) -> None:
        self._redis = Redis.from_url(url, decode_responses=True)

    async def connected(self, target: ConnectionTarget, url: str, symbols: list[str]) -> None:
        key = self._key(target)
        now = time.time()
        async with self._redis.pipeline(transaction=True) as pipe:
            pipe.hset(
                key,
                mapping={
                    "status": "connected",
                    "created_at": now,
                    "last_active": now,
                    "connection_id": str(uuid.uuid4()),
                    **target.model_dump(),
                    "url": url,
                },
            )
            pipe.delete(f"{key}:symbols")
            pipe.sadd(f"{key}:symbols", *symbols)
            pipe.expire(key, TTL_SECONDS)
            pipe.expire(f"{key}:symbols", TTL_SECONDS)
            await pipe.execute()

    async def active(self, target: ConnectionTarget) -> None:
        key = self._key(target)
        async with self._redis.pipeline(transaction=True) as pipe:
            pipe.hset(key, "last_active", str(time.time()))
            pipe.expire(key, TTL_SECONDS)
            pipe.expire(f"{key}:symbols", TTL_SECONDS)
            await pipe.execute()

    async def disconnected(self, target: ConnectionTarget) -> None:
        await self._redis.hset(self._key(target), "status", "disconnected")

    async def close(self) -> None:
        await self._redis.aclose()

    @staticmethod
    def _key(target: ConnectionTarget) -> str:
        return f"ws:connection:{target.exchange}:{target.region}:{target.request_type}"
