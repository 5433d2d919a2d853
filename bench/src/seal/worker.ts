import { generateOneTimeKey } from '@sotto/he-core/member';
import { PROFILES } from '@sotto/he-core/params';
import { sealUpdate } from '@sotto/he-core/update';
import { createCkks } from './ckks.ts';
import { COEFFICIENTS, MEMBERS, type Measured, PARAMETERS, THRESHOLD } from './figures.ts';

/** Counted runs of each kind, taken in turn so that other load on the machine falls on all of them alike. */
const RUNS = 5;
const PROFILE = 'n774';

async function measure(): Promise<Measured> {
  const random = (length: number, range: number) =>
    Float64Array.from({ length }, () => Math.trunc((Math.random() - 0.5) * range));
  const messages = random(COEFFICIENTS, PROFILES[PROFILE].t / 2);
  const floats = random(PARAMETERS, 2 ** 20).map((value) => value / 2 ** 24);
  const members = await Promise.all(
    Array.from({ length: MEMBERS }, async () => (await generateOneTimeKey()).publicKey),
  );
  const encryptUpdate = await createCkks();

  const seal = async () => {
    const planHash = crypto.getRandomValues(new Uint8Array(32));
    const deviceId = crypto.getRandomValues(new Uint8Array(32));
    const start = performance.now();
    const sealed = await sealUpdate({ profile: PROFILE, planHash, deviceId, messages, threshold: THRESHOLD, members });
    const ms = performance.now() - start;
    if ('rejected' in sealed) throw new Error(sealed.message);
    return { ms, bytes: sealed.boxes.reduce((bytes, box) => bytes + box.length, sealed.ciphertext.length) };
  };
  const kinds = {
    sotto: seal,
    publicKey: async () => encryptUpdate(floats, 'publicKey'),
    symmetric: async () => encryptUpdate(floats, 'symmetric'),
  };
  const measured = {
    sotto: { runsMs: [] as number[], bytes: 0 },
    publicKey: { runsMs: [] as number[], bytes: 0 },
    symmetric: { runsMs: [] as number[], bytes: 0 },
  };
  for (let run = 0; run <= RUNS; run++) {
    for (const kind of ['sotto', 'publicKey', 'symmetric'] as const) {
      const { ms, bytes } = await kinds[kind]();
      if (run > 0) measured[kind].runsMs.push(ms); // the first loads and warms up
      measured[kind].bytes = bytes;
    }
  }
  const { sotto, ...ckks } = measured;
  return { sotto, ckks };
}

measure().then(
  (measured) => self.postMessage({ measured }),
  (error: unknown) => self.postMessage({ failed: String(error) }),
);
