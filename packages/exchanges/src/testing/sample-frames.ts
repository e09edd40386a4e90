import type { RequestType } from '@naru/core';

/** Frames of one exchange and kind in the order in which a socket would bring them; the last one is data. */
export interface SampleFrames {
  readonly exchange: string;
  readonly kind: RequestType;
  /** Market code to subscribe to. */
  readonly code: string;
  readonly frames: readonly string[];
}

const time = 1_790_000_000_000;
const zulu = '2026-09-21T14:13:20.000000Z';

/** Twelve levels a side around 83,000. */
const ranks: readonly number[] = Array.from({ length: 12 }, (_, rank) => rank);
const ask = (rank: number): string => (83_001.5 + rank * 0.5).toFixed(1);
const bid = (rank: number): string => (83_001 - rank * 0.5).toFixed(1);
const size = (rank: number): string => (0.00125 * (rank + 1)).toFixed(8);
const pairs = (price: (rank: number) => string): string => `[${ranks.map((r) => `["${price(r)}","${size(r)}"]`)}]`;
const numbers = (price: (rank: number) => string): string => `[${ranks.map((r) => `[${price(r)},${size(r)}]`)}]`;
const objects = (price: (rank: number) => string): string =>
  `[${ranks.map((r) => `{"price":"${price(r)}","qty":"${size(r)}"}`)}]`;
const units = `[${ranks.map((r) => `{"ask_price":${ask(r)},"bid_price":${bid(r)},"ask_size":${size(r)},"bid_size":${size(r)}}`)}]`;
const krakenLevels = (price: (rank: number) => string): string =>
  `[${ranks.slice(0, 10).map((r) => `{"price":${price(r)},"qty":${size(r)}}`)}]`;

const upbitTicker =
  '{"type":"ticker","code":"KRW-BTC","opening_price":158219000.00000000,"high_price":159278000.00000000,' +
  '"low_price":157588000.00000000,"trade_price":158201000.00000000,"prev_closing_price":158200000.00000000,' +
  '"acc_trade_price":95078733694.37920000,"change":"RISE","change_price":1000.00000000,"signed_change_price":1000.00000000,' +
  '"change_rate":0.0000063211,"signed_change_rate":0.0000063211,"ask_bid":"BID","trade_volume":0.00006321,' +
  '"acc_trade_volume":600.02894052,"trade_date":"20260921","trade_time":"141320","trade_timestamp":1790000000000,' +
  '"acc_ask_volume":341.67985038,"acc_bid_volume":258.34909014,"highest_52_week_price":169900000.00000000,' +
  '"highest_52_week_date":"2026-08-14","lowest_52_week_price":80635000.00000000,"lowest_52_week_date":"2025-11-05",' +
  '"market_state":"ACTIVE","is_trading_suspended":false,"delisting_date":null,"market_warning":"NONE",' +
  '"timestamp":1790000000042,"acc_trade_price_24h":323904068341.12540000,"acc_trade_volume_24h":2043.22716340,' +
  '"stream_type":"REALTIME"}';
const upbitTrade =
  '{"type":"trade","code":"KRW-BTC","timestamp":1790000000039,"trade_date":"2026-09-21","trade_time":"14:13:20",' +
  '"trade_timestamp":1790000000000,"trade_price":158201000.0,"trade_volume":0.00006321,"ask_bid":"BID",' +
  '"prev_closing_price":158200000.0,"change":"RISE","change_price":1000.0,"sequential_id":17900000000000001,' +
  '"stream_type":"REALTIME"}';
const upbitBook = `{"type":"orderbook","code":"KRW-BTC","timestamp":${time},"orderbook_units":${units},"stream_type":"REALTIME","level":0}`;
const coinone = (channel: string, data: string): string =>
  `{"response_type":"DATA","channel":"${channel}","data":{"quote_currency":"KRW","target_currency":"BTC","timestamp":${time},"id":"${time}001",${data}}}`;
const korbit = (kind: string, data: string): string =>
  `{"symbol":"btc_krw","timestamp":${time},"type":"${kind}","data":${data}}`;

/** One short sequence per exchange and kind, constructed from the exchanges' documentation. */
export const sampleFrames: readonly SampleFrames[] = [
  { exchange: 'upbit', kind: 'ticker', code: 'KRW-BTC', frames: ['{"status":"UP"}', upbitTicker] },
  { exchange: 'upbit', kind: 'trade', code: 'KRW-BTC', frames: [upbitTrade] },
  { exchange: 'upbit', kind: 'orderbook', code: 'KRW-BTC', frames: [upbitBook] },
  { exchange: 'bithumb', kind: 'ticker', code: 'KRW-BTC', frames: [upbitTicker] },
  {
    exchange: 'bithumb',
    kind: 'trade',
    code: 'KRW-BTC',
    frames: [upbitTrade.replace('17900000000000001', '1079953210371761731')],
  },
  { exchange: 'bithumb', kind: 'orderbook', code: 'KRW-BTC', frames: [upbitBook.replace(`${time}`, `${time}123`)] },
  {
    exchange: 'coinone',
    kind: 'ticker',
    code: 'KRW-BTC',
    frames: [
      '{"response_type":"SUBSCRIBED","channel":"TICKER","data":{"quote_currency":"KRW","target_currency":"BTC"}}',
      coinone(
        'TICKER',
        '"quote_volume":"30947007404.5912","target_volume":"267.27610034","high":"116470000","low":"115570000",' +
          '"first":"115650000","last":"116380000","volume_power":"0","ask_best_price":"116400000",' +
          '"ask_best_qty":"0.00562817","bid_best_price":"116370000","bid_best_qty":"8.60554308",' +
          '"yesterday_high":"117140000","yesterday_low":"114430000","yesterday_first":"117130000",' +
          '"yesterday_last":"115640000","yesterday_quote_volume":"57912858642.8004","yesterday_target_volume":"504.17975762"',
      ),
    ],
  },
  {
    exchange: 'coinone',
    kind: 'trade',
    code: 'KRW-BTC',
    frames: [coinone('TRADE', '"price":"116460000","qty":"0.00483595","is_seller_maker":true')],
  },
  {
    exchange: 'coinone',
    kind: 'orderbook',
    code: 'KRW-BTC',
    frames: [coinone('ORDERBOOK', `"asks":${objects(ask)},"bids":${objects(bid)}`)],
  },
  {
    exchange: 'korbit',
    kind: 'ticker',
    code: 'KRW-BTC',
    frames: [
      korbit(
        'ticker',
        '{"open":"115370000","high":"116765000","low":"114412000","close":"116439000","prevClose":"115304000",' +
          '"priceChange":"1135000","priceChangePercent":"0.98","volume":"39.25936763","quoteVolume":"4550645106.79708",' +
          '"bestAskPrice":"116477000","bestBidPrice":"116426000","lastTradedAt":1790000000000}',
      ),
    ],
  },
  {
    exchange: 'korbit',
    kind: 'trade',
    code: 'KRW-BTC',
    frames: [
      korbit(
        'trade',
        `[{"timestamp":${time},"price":"116477000","qty":"0.00214","isBuyerTaker":true,"tradeId":25441721}]`,
      ),
    ],
  },
  {
    exchange: 'korbit',
    kind: 'orderbook',
    code: 'KRW-BTC',
    frames: [korbit('orderbook', `{"timestamp":${time},"asks":${objects(ask)},"bids":${objects(bid)}}`)],
  },
  {
    exchange: 'binance',
    kind: 'ticker',
    code: 'USDT-BTC',
    frames: [
      '{"result":null,"id":1}',
      '{"e":"24hrTicker","E":1790000000019,"s":"BTCUSDT","p":"-21.48000000","P":"-0.019","w":"115669.75585612",' +
        '"x":"115853.45000000","c":"115831.96000000","Q":"0.00832000","b":"115831.96000000","B":"0.20337000",' +
        '"a":"115831.97000000","A":"12.85848000","o":"115853.44000000","h":"116165.19000000","l":"115141.80000000",' +
        '"v":"6348.13563000","q":"734287298.46364070","O":1789913600019,"C":1790000000019,"F":5231695487,"L":5232837353,"n":1141867}',
    ],
  },
  {
    exchange: 'binance',
    kind: 'trade',
    code: 'USDT-BTC',
    frames: [
      '{"e":"trade","E":1790000000136,"s":"BTCUSDT","t":5232837353,"p":"83001.50000000","q":"0.00125000","T":1790000000135,"m":true,"M":true}',
    ],
  },
  {
    exchange: 'binance',
    kind: 'orderbook',
    code: 'USDT-BTC',
    frames: [
      `{"stream":"btcusdt@depth20@100ms","data":{"lastUpdateId":160,"bids":${pairs(bid)},"asks":${pairs(ask)}}}`,
      `{"e":"depthUpdate","E":${time},"s":"BTCUSDT","U":157,"u":160,"b":${pairs(bid)},"a":${pairs(ask)}}`,
    ],
  },
  {
    exchange: 'bybit',
    kind: 'ticker',
    code: 'USDT-BTC',
    frames: [
      '{"success":true,"ret_msg":"subscribe","conn_id":"c","req_id":"1","op":"subscribe"}',
      '{"topic":"tickers.BTCUSDT","ts":1790000000126,"type":"snapshot","cs":113508069165,"data":{"symbol":"BTCUSDT",' +
        '"lastPrice":"77606.8","highPrice24h":"78685.3","lowPrice24h":"76412.6","prevPrice24h":"78605.2",' +
        '"volume24h":"7654.575275","turnover24h":"594624551.61837538","price24hPcnt":"-0.0127","usdIndexPrice":"77561.956977"}}',
    ],
  },
  {
    exchange: 'bybit',
    kind: 'trade',
    code: 'USDT-BTC',
    frames: [
      '{"topic":"publicTrade.BTCUSDT","ts":1790000000483,"type":"snapshot","data":[{"i":"2290000001202469355",' +
        '"T":1790000000482,"p":"77606.8","v":"0.000712","S":"Buy","seq":113508069853,"s":"BTCUSDT","BT":false,"RPI":false}]}',
    ],
  },
  {
    exchange: 'bybit',
    kind: 'orderbook',
    code: 'USDT-BTC',
    frames: [
      `{"topic":"orderbook.50.BTCUSDT","ts":${time},"type":"snapshot","data":{"s":"BTCUSDT","b":${pairs(bid)},"a":${pairs(ask)},"u":59438060,"seq":4281282229},"cts":${time}}`,
      `{"topic":"orderbook.50.BTCUSDT","ts":${time},"type":"delta","data":{"s":"BTCUSDT","b":${pairs(bid)},"a":${pairs(ask)},"u":59438061,"seq":4281282232},"cts":${time}}`,
    ],
  },
  {
    exchange: 'okx',
    kind: 'ticker',
    code: 'USDT-BTC',
    frames: [
      'pong',
      '{"arg":{"channel":"tickers","instId":"BTC-USDT"},"data":[{"instType":"SPOT","instId":"BTC-USDT","last":"83766.8",' +
        '"lastSz":"0.0000102","askPx":"83774.2","askSz":"0.25697131","bidPx":"83774.1","bidSz":"0.65302934",' +
        '"open24h":"84180.1","high24h":"85258.8","low24h":"83174.7","sodUtc0":"84409.9","sodUtc8":"83800",' +
        '"volCcy24h":"458903124.056360828","vol24h":"5449.95415651","ts":"1790000000077"}]}',
    ],
  },
  {
    exchange: 'okx',
    kind: 'trade',
    code: 'USDT-BTC',
    frames: [
      '{"arg":{"channel":"trades","instId":"BTC-USDT"},"data":[{"instId":"BTC-USDT","tradeId":"1051102132","px":"78808.8",' +
        '"sz":"0.00504905","side":"sell","ts":"1790000000677","count":"1","source":"0","seqId":80559459948}]}',
    ],
  },
  {
    exchange: 'okx',
    kind: 'orderbook',
    code: 'USDT-BTC',
    frames: [
      `{"arg":{"channel":"books","instId":"BTC-USDT"},"action":"snapshot","data":[{"asks":${pairs(ask)},"bids":${pairs(bid)},"ts":"${time}","checksum":0,"prevSeqId":-1,"seqId":100}]}`,
      `{"arg":{"channel":"books","instId":"BTC-USDT"},"action":"update","data":[{"asks":${pairs(ask)},"bids":${pairs(bid)},"ts":"${time}","seqId":110,"prevSeqId":100}]}`,
    ],
  },
  {
    exchange: 'htx',
    kind: 'ticker',
    code: 'USDT-BTC',
    frames: [
      '{"ping":1790000000643}',
      '{"ch":"market.btcusdt.ticker","ts":1790000000657,"tick":{"open":27516.87,"high":27623.31,"low":26120.0,' +
        '"close":26274.0,"amount":6489.818597098022,"vol":1.750934985679804E8,"count":141080,"bid":26275.21,' +
        '"bidSize":0.2709,"ask":26275.22,"askSize":0.86,"lastPrice":26274.0,"lastSize":9.47E-4}}',
    ],
  },
  {
    exchange: 'htx',
    kind: 'trade',
    code: 'USDT-BTC',
    frames: [
      '{"ch":"market.btcusdt.trade.detail","ts":1790000000175,"tick":{"id":137005445109,"ts":1790000000173,"data":[' +
        '{"id":137005445109359286410323766,"ts":1790000000173,"tradeId":102523573486,"amount":0.006754,"price":52648.62,"direction":"buy"}]}}',
    ],
  },
  {
    exchange: 'htx',
    kind: 'orderbook',
    code: 'USDT-BTC',
    frames: [
      `{"id":"1","status":"ok","ts":${time},"rep":"market.btcusdt.mbp.150","data":{"bids":${numbers(bid)},"asks":${numbers(ask)},"seqNum":109409288078}}`,
      `{"ch":"market.btcusdt.mbp.150","ts":${time},"tick":{"seqNum":109409288130,"prevSeqNum":109409288078,"asks":${numbers(ask)},"bids":${numbers(bid)}}}`,
    ],
  },
  {
    exchange: 'coinbase',
    kind: 'ticker',
    code: 'USD-BTC',
    frames: [
      '{"type":"subscriptions","channels":[{"name":"ticker","product_ids":["BTC-USD"],"account_ids":null}]}',
      '{"type":"ticker","sequence":50978628538,"product_id":"BTC-USD","price":"17165.16","open_24h":"16437.94",' +
        '"volume_24h":"42492.05081975","low_24h":"16423.37","high_24h":"17259.37","volume_30d":"1093827.95195495",' +
        `"best_bid":"17165.15","best_bid_size":"0.61540890","best_ask":"17167.76","best_ask_size":"0.18528568","side":"sell","time":"${zulu}","trade_id":463751434,"last_size":"0.05"}`,
    ],
  },
  {
    exchange: 'coinbase',
    kind: 'trade',
    code: 'USD-BTC',
    frames: [
      '{"type":"match","trade_id":1081862675,"maker_order_id":"f07e510f-4edf-469d-b844-4f670f1e93f1",' +
        '"taker_order_id":"e6f50944-3e2a-439e-ae49-308300ba8296","side":"sell","size":"0.00000001","price":"80691.53",' +
        `"product_id":"BTC-USD","sequence":134905860111,"time":"${zulu}"}`,
    ],
  },
  {
    exchange: 'coinbase',
    kind: 'orderbook',
    code: 'USD-BTC',
    frames: [
      `{"type":"snapshot","product_id":"BTC-USD","asks":${pairs(ask)},"bids":${pairs(bid)}}`,
      `{"type":"l2update","product_id":"BTC-USD","changes":[${ranks.map((r) => `["buy","${bid(r)}","${size(r)}"],["sell","${ask(r)}","${size(r)}"]`)}],"time":"${zulu}"}`,
    ],
  },
  {
    exchange: 'kraken',
    kind: 'ticker',
    code: 'USD-BTC',
    frames: [
      '{"channel":"heartbeat"}',
      '{"channel":"ticker","type":"update","data":[{"symbol":"BTC/USD","bid":62703.4,"bid_qty":0.0318498,"ask":62710.3,' +
        '"ask_qty":0.00191335,"last":62702.9,"volume":1947.83637005,"vwap":63392.2,"low":62476.1,"high":64196.6,' +
        `"change":-239.4,"change_pct":-0.38,"timestamp":"${zulu}"}]}`,
    ],
  },
  {
    exchange: 'kraken',
    kind: 'trade',
    code: 'USD-BTC',
    frames: [
      '{"channel":"trade","type":"update","data":[{"symbol":"BTC/USD","side":"buy","price":77120.0,"qty":0.00048389,' +
        `"ord_type":"limit","trade_id":105702534,"timestamp":"${zulu}"}]}`,
    ],
  },
  {
    exchange: 'kraken',
    kind: 'orderbook',
    code: 'USD-BTC',
    frames: [
      `{"channel":"book","type":"snapshot","data":[{"symbol":"BTC/USD","bids":${krakenLevels(bid)},"asks":${krakenLevels(ask)},"checksum":3863519653,"timestamp":"${zulu}"}]}`,
    ],
  },
  {
    exchange: 'bitfinex',
    kind: 'ticker',
    code: 'USD-BTC',
    frames: [
      '{"event":"subscribed","channel":"ticker","chanId":7,"symbol":"tBTCUSD","pair":"BTCUSD"}',
      '[7,[71741,0.26742262,71760,1.22665447,647,0.00909896,71754,900.8715945,73120,70434,null],1,1790000000144]',
    ],
  },
  {
    exchange: 'bitfinex',
    kind: 'trade',
    code: 'USD-BTC',
    frames: [
      '{"event":"subscribed","channel":"trades","chanId":7,"symbol":"tBTCUSD","pair":"BTCUSD"}',
      '[7,"te",[382489563,1790000000709,0.00705845,10087.98969503],18,1790000000784]',
    ],
  },
  {
    exchange: 'bitfinex',
    kind: 'orderbook',
    code: 'USD-BTC',
    frames: [
      '{"event":"subscribed","channel":"book","chanId":7,"symbol":"tBTCUSD","prec":"P0","freq":"F0","len":"25","pair":"BTCUSD"}',
      `[7,[${ranks.map((r) => `[${bid(r)},1,${Number(size(r))}],[${ask(r)},1,-${Number(size(r))}]`)}],1,${time}]`,
      `[7,[83001,2,0.75],2,${time}]`,
    ],
  },
];
