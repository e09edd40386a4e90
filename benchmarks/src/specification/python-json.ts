import { tickerBatches } from '../data/samples.js';
import { runForJson } from '../harness/child-measurement.js';

/** Microseconds of processor time for one batch of ten tickers; `orjson` is null where Python has none. */
export interface PythonJson {
  readonly json: number;
  readonly orjson: number | null;
}

const program = `
import json, sys, time
batch = json.loads(sys.argv[1])
def micros(dumps):
    for _ in range(2000): dumps(batch)
    calls, start = 20000, time.process_time()
    for _ in range(calls): dumps(batch)
    return (time.process_time() - start) / calls * 1e6
try:
    import orjson
    fast = micros(orjson.dumps)
except ImportError:
    fast = None
print(json.dumps({"json": micros(json.dumps), "orjson": fast}))
`;

/** What Python takes for the same JSON, or null where there is no Python. */
export async function pythonJsonMicros(): Promise<PythonJson | null> {
  try {
    return await runForJson<PythonJson>(process.env.PYTHON ?? 'python3', [
      '-c',
      program,
      JSON.stringify(tickerBatches()[0]),
    ]);
  } catch {
    return null;
  }
}
