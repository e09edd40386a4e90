/** Reads server-sent events that come in pieces of whatever size; each is one line of `data`. */
export function createEventReader(onData: (text: string) => void): (piece: string) => void {
  let rest = '';
  return (piece) => {
    const events = (rest + piece).split('\n\n');
    rest = events.pop() ?? '';
    for (const event of events) {
      if (event.startsWith('data: ')) onData(event.slice('data: '.length));
    }
  };
}
