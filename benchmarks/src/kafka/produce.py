"""Produces with confluent-kafka (librdkafka) and prints one measurement as JSON, like measure.ts."""

import json
import resource
import sys
import time

WARM_UP_SECONDS = 0.7


def main() -> None:
    try:
        import confluent_kafka
    except ImportError:
        print("null")
        return
    task = json.loads(sys.argv[1])
    producer = confluent_kafka.Producer(
        {
            "bootstrap.servers": ",".join(task["brokers"]),
            "acks": "all",
            "enable.idempotence": True,
            "linger.ms": 5,
            "batch.size": 128 * 1024,
            "compression.type": task["compression"],
            "queue.buffering.max.messages": 50_000,
        }
    )
    values = [
        "".join(
            f'"trade_price":{(seed * 7919 + index * 104729) % 99999989}.{index % 10},"code":"KRW-{seed}",'
            for index in range(task["valueBytes"] // 30 + 1)
        )[: task["valueBytes"]].encode()
        for seed in range(64)
    ]
    keys = [f"KRW-{index}".encode() for index in range(50)]
    acknowledged = 0

    def delivered(error, _message) -> None:
        nonlocal acknowledged
        if error is not None:
            raise RuntimeError(error)
        acknowledged += 1

    def send_for(seconds: float) -> None:
        end = time.perf_counter() + seconds
        index = 0
        while time.perf_counter() < end:
            for _ in range(500):
                index += 1
                try:
                    producer.produce(task["topic"], values[index % 64], keys[index % 50], on_delivery=delivered)
                except BufferError:
                    producer.poll(0.01)
            producer.poll(0)

    send_for(WARM_UP_SECONDS)
    before, cpu, begin = acknowledged, resource.getrusage(resource.RUSAGE_SELF), time.perf_counter()
    send_for(task["durationMs"] / 1000)
    seconds = time.perf_counter() - begin
    after = resource.getrusage(resource.RUSAGE_SELF)
    count = acknowledged - before
    used = after.ru_utime + after.ru_stime - cpu.ru_utime - cpu.ru_stime
    print(json.dumps({"rate": count / seconds, "cpuMicros": used * 1e6 / max(1, count), "p50": None, "p99": None}), flush=True)
    # What is still queued does not belong to the measurement.
    import os

    os._exit(0)


main()
