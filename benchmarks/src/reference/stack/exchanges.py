"""What the collector knows of each exchange: how to subscribe, and how a frame becomes records."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any

import orjson

from .domain import Ticker, Trade

Record = Ticker | Trade


@dataclass(frozen=True)
class Exchange:
    subscribe: Callable[[str, list[str]], bytes]
    """The message for a kind and market codes."""
    parse: dict[str, Callable[[Any, float], Iterator[Record]]]
    """By kind: the records of a parsed frame; other frames have none."""
    confirmed: Callable[[Any], str | None]
    """The market code whose subscription a frame without records proves."""
    confirms: bool
    """Whether the exchange confirms at all; else the first data does."""


def _swap(code: str) -> str:
    left, _, right = code.partition("-")
    return f"{right}-{left}"


_okx_channels = {"ticker": "tickers", "trade": "trades"}


def _okx_subscribe(kind: str, codes: list[str]) -> bytes:
    channel = _okx_channels[kind]
    return orjson.dumps({"op": "subscribe", "args": [{"channel": channel, "instId": _swap(code)} for code in codes]})


def _okx_tickers(message: Any, received_at: float) -> Iterator[Ticker]:
    if "data" not in message:
        return
    for data in message["data"]:
        opened, close = float(data["open24h"]), float(data["last"])
        yield Ticker(
            code=_swap(data["instId"]),
            timestamp=int(data["ts"]) / 1000,
            open=opened,
            high=float(data["high24h"]),
            low=float(data["low24h"]),
            close=close,
            volume=float(data["vol24h"]),
            quote_volume=float(data["volCcy24h"]),
            change_price=close - opened,
            change_rate=(close - opened) / opened if opened else None,
            window="24h",
            stream_type="REALTIME",
            received_at=received_at,
        )


def _okx_trades(message: Any, received_at: float) -> Iterator[Trade]:
    if "data" not in message:
        return
    for data in message["data"]:
        price, size = float(data["px"]), float(data["sz"])
        yield Trade(
            code=_swap(data["instId"]),
            trade_timestamp=int(data["ts"]) / 1000,
            trade_price=price,
            trade_volume=size,
            ask_bid=1 if data["side"] == "buy" else -1,
            sequential_id=data["tradeId"],
            trade_amount=price * size,
            stream_type="REALTIME",
            received_at=received_at,
        )


def _upbit_subscribe(kind: str, codes: list[str]) -> bytes:
    return orjson.dumps([{"ticket": f"collector-{kind}"}, {"type": kind, "codes": codes}, {"format": "DEFAULT"}])


def _upbit_tickers(message: Any, received_at: float) -> Iterator[Ticker]:
    if message.get("type") != "ticker":
        return
    close, previous = message["trade_price"], message["prev_closing_price"]
    yield Ticker(
        code=message["code"],
        timestamp=message["timestamp"] / 1000,
        open=message["opening_price"],
        high=message["high_price"],
        low=message["low_price"],
        close=close,
        volume=message["acc_trade_volume"],
        quote_volume=message["acc_trade_price"],
        prev_close=previous,
        change_price=close - previous,
        change_rate=(close - previous) / previous if previous else None,
        window="utc_day",
        stream_type=message["stream_type"],
        received_at=received_at,
    )


def _upbit_trades(message: Any, received_at: float) -> Iterator[Trade]:
    if message.get("type") != "trade":
        return
    price, size = message["trade_price"], message["trade_volume"]
    yield Trade(
        code=message["code"],
        trade_timestamp=message["trade_timestamp"] / 1000,
        trade_price=price,
        trade_volume=size,
        ask_bid=1 if message["ask_bid"] == "BID" else -1,
        sequential_id=str(message["sequential_id"]),
        trade_amount=price * size,
        stream_type=message["stream_type"],
        received_at=received_at,
    )


def _okx_confirmed(message: Any) -> str | None:
    return _swap(message["arg"]["instId"]) if message.get("event") == "subscribe" else None


exchanges = {
    "okx": Exchange(_okx_subscribe, {"ticker": _okx_tickers, "trade": _okx_trades}, _okx_confirmed, confirms=True),
    "upbit": Exchange(
        _upbit_subscribe, {"ticker": _upbit_tickers, "trade": _upbit_trades}, lambda _message: None, confirms=False
    ),
}
