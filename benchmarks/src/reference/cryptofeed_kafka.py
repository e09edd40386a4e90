"""cryptofeed's handler of OKX with its own Kafka backend, pointed at the simulator.

    python cryptofeed_kafka.py BROKERS URL PREFIX CODE…
"""

import asyncio
import os
import sys

import uvloop
from cryptofeed import FeedHandler, connection
from cryptofeed.backends.kafka import TickerKafka, TradeKafka
from cryptofeed.connection import WebsocketEndpoint
from cryptofeed.defines import TICKER, TRADES
from cryptofeed.exchanges import OKX
from cryptofeed.symbols import Symbols

brokers, url, prefix, *codes = sys.argv[1:]
symbols = ["-".join(reversed(code.split("-"))) for code in codes]

# Symbols are taken as given instead of asked for over HTTP.
Symbols.set(OKX.id, {symbol: symbol for symbol in symbols}, {"instrument_type": {symbol: "spot" for symbol in symbols}})
# It takes no address without TLS, so the dialling is led to the simulator.
OKX.websocket_endpoints = [WebsocketEndpoint("wss://simulator", options={"compression": None})]
dial = connection.connect
connection.connect = lambda _address, **options: dial(url, **options)

os.chdir(os.environ.get("TMPDIR", "/tmp"))  # it writes feedhandler.log where it runs
# Its own switch for uvloop asks for a loop that nobody has made, which Python no longer forgives.
asyncio.set_event_loop(uvloop.new_event_loop())
handler = FeedHandler(config={"log": {"filename": os.devnull, "level": "WARNING"}, "uvloop": False})
handler.add_feed(
    OKX(
        symbols=symbols,
        channels=[TRADES, TICKER],
        callbacks={
            TRADES: TradeKafka(key=f"{prefix}trades", bootstrap_servers=brokers, acks="all"),
            TICKER: TickerKafka(key=f"{prefix}ticker", bootstrap_servers=brokers, acks="all"),
        },
    )
)
print("ready", flush=True)
handler.run()
