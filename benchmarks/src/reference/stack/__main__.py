"""Runs the collector: `python -m stack`. Configured by the environment; prints its accounts when a line comes in.

The line `mark` lets waits count from there on."""

import asyncio
import json
import logging
import os
import signal
import sys
from pathlib import Path

import orjson
from confluent_kafka import Message
from pydantic import ValidationError

from .accounts import Accounts
from .avro import AvroSerializer, SchemaRegistryClient
from .cache import WebsocketConnectionCache
from .domain import ConnectCommand
from .events import EventProducer
from .kafka import AsyncConsumer, AsyncProducer
from .orchestrator import StreamOrchestrator
from .publishing import BatchLimits, MarketPublisher

log = logging.getLogger("collector")


async def run() -> None:
    env = os.environ
    brokers, prefix = env["KAFKA_BROKERS"], env.get("TOPIC_PREFIX", "")
    registry = SchemaRegistryClient(env["SCHEMA_REGISTRY_URL"])
    schemas = Path(env["SCHEMAS"])
    offload = env.get("OFFLOAD", "true") == "true"
    serializers = {
        kind: AvroSerializer(registry, f"{kind}-data-value", schemas / f"{kind}_data.avsc", offload)
        for kind in ("ticker", "trade")
    }
    limits = BatchLimits(int(env.get("BATCH_RECORDS", "100")), int(env.get("BATCH_WAIT_MS", "20")) / 1000)
    accounts = Accounts()
    producer = AsyncProducer(brokers, int(env.get("LINGER_MS", "50")))
    cache = WebsocketConnectionCache(env["REDIS_URL"]) if "REDIS_URL" in env else None

    def publisher_of(command: ConnectCommand, code: str) -> MarketPublisher:
        target = command.target
        topic = f"{prefix}realtime.{target.request_type}.{target.region}"
        serializer = serializers[target.request_type]
        return MarketPublisher(target, code, topic, limits, serializer, producer, accounts)

    events = EventProducer(
        producer,
        prefix,
        AvroSerializer(registry, "connect-success-value", schemas / "connect_success.avsc", offload),
        AvroSerializer(registry, "metrics-events-value", schemas / "metrics_event.avsc", offload),
    )
    orchestrator = StreamOrchestrator(accounts, cache, events, publisher_of)
    consumer = AsyncConsumer(brokers, env.get("GROUP", "collector"), f"{prefix}ws.command")
    await consumer.ready()

    async def obey() -> None:
        while True:
            message: Message = await consumer.next()
            try:
                command = ConnectCommand.model_validate(orjson.loads(message.value()))
            except (orjson.JSONDecodeError, ValidationError) as error:
                log.warning("dead letter: %s", error)
                await producer.send(f"{prefix}ws.dlq", message.value(), "", lambda _error: None)
            else:
                await orchestrator.connect_from_context(command)
            consumer.done(message)

    stop = asyncio.Event()
    loop = asyncio.get_running_loop()
    for number in (signal.SIGTERM, signal.SIGINT):
        loop.add_signal_handler(number, stop.set)

    def answer() -> None:
        question = sys.stdin.readline()
        if question:
            if question.strip() == "mark":
                accounts.mark()
            print(json.dumps(accounts.report()), flush=True)
        else:
            loop.remove_reader(sys.stdin)

    loop.add_reader(sys.stdin, answer)
    commands = asyncio.create_task(obey())
    print(json.dumps({"ready": True}), flush=True)
    await stop.wait()

    commands.cancel()
    await orchestrator.close()
    await producer.close()
    await consumer.close()
    if cache:
        await cache.close()


logging.basicConfig(level=logging.WARNING, stream=sys.stderr)
if os.environ.get("LOOP") == "uvloop":
    import uvloop

    uvloop.run(run())
else:
    asyncio.run(run())
