"""DTOs, validated at run time by pydantic."""

from typing import Annotated, Any, Literal

from pydantic import BaseModel, ConfigDict, Field, FiniteFloat

Code = Annotated[str, Field(pattern=r"^[A-Z0-9]{1,20}-[A-Z0-9]{1,20}$")]
Positive = Annotated[FiniteFloat, Field(gt=0)]
StreamType = Literal["SNAPSHOT", "REALTIME"]


class ConnectionTarget(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)

    exchange: str
    region: Literal["korea", "asia", "na", "eu"]
    request_type: Literal["ticker", "trade"]

    @property
    def key(self) -> str:
        return f"{self.exchange}/{self.region}/{self.request_type}"


class Connection(BaseModel):
    model_config = ConfigDict(extra="forbid")

    url: str
    socket_params: dict[str, Any] | list[Any]


class ConnectCommand(BaseModel):
    model_config = ConfigDict(extra="forbid")

    type: Literal["status"]
    action: Literal["connect_and_subscribe"]
    target: ConnectionTarget
    symbols: Annotated[list[Code], Field(min_length=1)]
    connection: Connection
    projection: list[str] | None = None
    schema_version: str | None = None
    ttl_ms: Annotated[int, Field(gt=0)] | None = None
    routing: dict[str, Any] | None = None
    ts_issue: str | None = None
    ts_ingest: str | None = None
    timestamp: str | None = None
    ticket_id: str | None = None
    correlation_id: str | None = None


class Ticker(BaseModel):
    code: Code
    timestamp: Positive
    open: FiniteFloat
    high: FiniteFloat
    low: FiniteFloat
    close: FiniteFloat
    volume: FiniteFloat
    quote_volume: FiniteFloat | None = None
    prev_close: FiniteFloat | None = None
    change_price: FiniteFloat | None = None
    change_rate: FiniteFloat | None = None
    window: str | None = None
    stream_type: StreamType | None = None
    received_at: float


class Trade(BaseModel):
    code: Code
    trade_timestamp: Positive
    trade_price: Positive
    trade_volume: Positive
    ask_bid: Literal[1, -1, 0]
    sequential_id: str
    trade_amount: FiniteFloat
    stream_type: StreamType | None = None
    received_at: float
