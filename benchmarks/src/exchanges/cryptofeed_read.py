"""How long cryptofeed's handlers take to read frames, in microseconds of processor time.

    python cryptofeed_read.py '[{"exchange":"okx","kind":"trade","payload":"base64…","binary":false}, …]'

Prints one JSON list: a number for each frame; null for one whose handler is missing or made nothing of it.
"""

import asyncio
import base64
import json
import sys
import time
from collections import defaultdict
from types import SimpleNamespace

from cryptofeed.defines import L2_BOOK, TICKER, TRADES
from cryptofeed.exchanges import OKX, Bybit, Huobi, Upbit
from cryptofeed.symbols import Symbols

# Class, standard symbol and the exchange's own; symbols are taken as given instead of asked for over HTTP.
READERS = {
    "okx": (OKX, "BTC-USDT", "BTC-USDT"),
    "bybit": (Bybit, "BTC-USDT", "BTC/USDT"),
    "htx": (Huobi, "BTC-USDT", "btcusdt"),
    "upbit": (Upbit, "BTC-KRW", "KRW-BTC"),
}
CHANNELS = {"ticker": TICKER, "trade": TRADES, "orderbook": L2_BOOK}
WARM_UP_SECONDS, MEASURE_SECONDS, BETWEEN_CLOCKS = 0.05, 0.1, 200


async def measure(task: dict) -> float | None:
    if task["exchange"] not in READERS:
        return None
    cls, symbol, own = READERS[task["exchange"]]
    Symbols.set(cls.id, {symbol: own}, defaultdict(dict, {"instrument_type": {symbol: "spot"}}))
    channel = CHANNELS[task["kind"]]
    heard = 0

    async def callback(_data: object, _received_at: float) -> None:
        nonlocal heard
        heard += 1

    feed = cls(symbols=[symbol], channels=[channel], callbacks={channel: callback})
    frame = base64.b64decode(task["payload"])
    message = frame if task["binary"] else frame.decode()
    connection = SimpleNamespace(address="wss://stream.bybit.com/v5/public/spot", uuid="bench", id="bench")

    async def read(seconds: float) -> float:
        calls, start = 0, time.process_time()
        while (spent := time.process_time() - start) < seconds:
            for _ in range(BETWEEN_CLOCKS):
                await feed.message_handler(message, connection, 1.0)
            calls += BETWEEN_CLOCKS
        return spent / calls * 1e6

    await read(WARM_UP_SECONDS)
    if heard == 0:
        return None
    return await read(MEASURE_SECONDS)


async def main() -> None:
    results = []
    for task in json.loads(sys.argv[1]):
        try:
            results.append(await measure(task))
        except Exception as error:  # a handler that does not read this frame
            print(f"{task['exchange']} {task['kind']}: {error!r}", file=sys.stderr)
            results.append(None)
    print(json.dumps(results))


asyncio.run(main())
