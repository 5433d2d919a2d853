const CHANNEL = 'sotto.records';

/** To the other tabs: the records of `whose` are no longer what they were. */
export function announceRecords(whose: string): void {
  const channel = new BroadcastChannel(CHANNEL);
  channel.postMessage(whose);
  channel.close();
}

/** Reads now and whenever another tab announces these records: one reading at a time, and one after the latest news. @returns the way to stop */
export function followRecords<T>(whose: string, read: () => Promise<T>, onRead: (records: T) => void): () => void {
  let [reading, isStale, stopped] = [false, false, false];
  async function readAll(): Promise<void> {
    isStale = true;
    if (reading) return;
    reading = true;
    while (isStale && !stopped) {
      isStale = false;
      try {
        const records = await read();
        if (!stopped) onRead(records);
      } catch {
        // What cannot be read (storage is blocked) is as if it were not there: taking part says why it cannot.
      }
    }
    reading = false;
  }
  const channel = new BroadcastChannel(CHANNEL);
  channel.onmessage = ({ data }) => void (data === whose && readAll());
  void readAll();
  return () => {
    stopped = true;
    channel.close();
  };
}
