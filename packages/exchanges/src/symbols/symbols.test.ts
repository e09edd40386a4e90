import { describe, expect, it } from 'vitest';
import { exchanges } from '../exchanges.js';

describe('symbols', () => {
  const wires: Readonly<Record<string, readonly (readonly [code: string, wire: string])[]>> = {
    upbit: [['KRW-1INCH', 'KRW-1INCH']],
    coinone: [['KRW-BTC', 'KRW-BTC']],
    korbit: [['KRW-BTC', 'btc_krw']],
    binance: [
      ['USDT-BTC', 'BTCUSDT'],
      ['BNB-DOGE', 'DOGEBNB'],
      ['FDUSD-BTC', 'BTCFDUSD'],
      ['USDT-1000SATS', '1000SATSUSDT'],
    ],
    bybit: [
      ['USDC-BTC', 'BTCUSDC'],
      ['USD1-BTC', 'BTCUSD1'],
    ],
    okx: [['USDT-BTC', 'BTC-USDT']],
    htx: [['USDT-BTC', 'btcusdt']],
    coinbase: [['USD-BTC', 'BTC-USD']],
    kraken: [['USD-T', 'T/USD']],
    bitfinex: [
      ['USD-BTC', 'tBTCUSD'],
      ['USD-DUSK', 'tDUSK:USD'],
      ['USDT-BTC', 'tBTCUST'],
      ['USDC-ETH', 'tETHUDC'],
    ],
  };

  for (const [name, pairs] of Object.entries(wires)) {
    it(`go both ways at ${name}`, () => {
      const { symbols } = exchanges.get(name);
      for (const [code, wire] of pairs) {
        expect(symbols.toWire(code)).toBe(wire);
        expect(symbols.toCode(wire)).toBe(code);
      }
    });
  }

  it('refuse what is no spot market', () => {
    expect(exchanges.get('okx').symbols.toCode('BTC-USDT-SWAP')).toBeUndefined();
    expect(exchanges.get('bitfinex').symbols.toCode('fUSD')).toBeUndefined();
    expect(exchanges.get('binance').symbols.toCode('USDT')).toBeUndefined();
    expect(exchanges.get('upbit').symbols.toCode('krw-btc')).toBeUndefined();
  });

  it('follow the instrument list where there is one', () => {
    const { instruments, createSession } = exchanges.get('binance');
    const list = instruments!.read(
      '{"symbols":[{"symbol":"ABCDEFG","baseAsset":"ABC","quoteAsset":"DEFG"},{"symbol":1}]}',
    );
    expect(list).toEqual(new Map([['ABCDEFG', 'DEFG-ABC']]));
    const session = createSession('trade', { instruments: list });
    expect(session.changeSymbols(['DEFG-ABC'])[0]!.payload).toContain('abcdefg@trade');
    expect(() => instruments!.read('[]')).toThrow(expect.objectContaining({ code: 'invalid_instruments' }));
    const bitfinex = exchanges
      .get('bitfinex')
      .instruments!.read('[["BTCUST","MIOTA:USD"],[["UST","USDt"],["MIOTA","IOTA"]]]');
    expect(bitfinex).toEqual(
      new Map([
        ['tBTCUST', 'USDT-BTC'],
        ['tMIOTA:USD', 'USD-IOTA'],
      ]),
    );
  });
});
