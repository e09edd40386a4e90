"""Kafka clients on confluent-kafka: a producer with a poll thread of its own, a consumer on another."""

import asyncio
import logging
import threading
from collections import deque
from collections.abc import Callable

from confluent_kafka import Consumer, KafkaError, KafkaException, Message, Producer

log = logging.getLogger("kafka")


class AsyncProducer:
    """Delivery reports come from a thread that does nothing but poll."""

    def __init__(self, brokers: str, linger_ms: int) -> None:
        self._producer = Producer(
            {
                "bootstrap.servers": brokers,
                "acks": "all",
                "enable.idempotence": True,
                "batch.size": 128 * 1024,
                "linger.ms": linger_ms,
                "compression.type": "lz4",
                "delivery.timeout.ms": 300_000,
                "request.timeout.ms": 60_000,
                "retry.backoff.ms": 500,
            }
        )
        self._running = True
        self._poller = threading.Thread(target=self._poll, name="delivery-reports", daemon=True)
        self._poller.start()

    async def send(self, topic: str, value: bytes, key: str, delivered: Callable[[KafkaError | None], None]) -> None:
        """Hands over a message; `delivered` is called in the poll thread. Waits while the queue is full."""

        def report(error: KafkaError | None, _message: Message) -> None:
            delivered(error)

        while True:
            try:
                self._producer.produce(topic, value, key, on_delivery=report)
                return
            except BufferError:
                await asyncio.sleep(0.01)

    async def close(self) -> None:
        await asyncio.to_thread(self._producer.flush, 30)
        self._running = False
        await asyncio.to_thread(self._poller.join)

    def _poll(self) -> None:
        while self._running:
            self._producer.poll(0.1)


class AsyncConsumer:
    """Messages are polled in a thread and handed to the event loop through a queue."""

    def __init__(self, brokers: str, group: str, topic: str) -> None:
        self._consumer = Consumer(
            {
                "bootstrap.servers": brokers,
                "group.id": group,
                "auto.offset.reset": "earliest",
                "enable.auto.offset.store": False,
                "session.timeout.ms": 30_000,
                "heartbeat.interval.ms": 10_000,
                "max.poll.interval.ms": 300_000,
            }
        )
        self._loop = asyncio.get_running_loop()
        self._messages: asyncio.Queue[Message] = asyncio.Queue()
        self._handled: deque[Message] = deque()
        self._running = True
        self._assigned = asyncio.Event()
        self._thread = threading.Thread(target=self._poll, args=(topic,), name="consumer", daemon=True)
        self._thread.start()

    async def ready(self) -> None:
        await self._assigned.wait()

    async def next(self) -> Message:
        return await self._messages.get()

    def done(self, message: Message) -> None:
        # The client serves one thread at a time, and the polling one has it.
        self._handled.append(message)

    async def close(self) -> None:
        self._running = False
        await asyncio.to_thread(self._thread.join)
        self._consumer.close()

    def _poll(self, topic: str) -> None:
        self._consumer.subscribe([topic], on_assign=self._on_assign)
        while self._running:
            message = self._consumer.poll(0.2)
            while self._handled:
                self._consumer.store_offsets(message=self._handled.popleft())
            if message is None:
                continue
            if message.error():
                log.warning("consumer: %s", KafkaException(message.error()))
                continue
            self._loop.call_soon_threadsafe(self._messages.put_nowait, message)

    def _on_assign(self, _consumer: Consumer, _partitions: list) -> None:
        self._loop.call_soon_threadsafe(self._assigned.set)
