import { boxAad } from '@sotto/he-core/sealed-box';
import { fromHex, toHex } from '@sotto/protocol/bytes';
import { sha256Hex } from '@sotto/protocol/digest';
import { MOST_COMMITTEE } from '@sotto/protocol/plan';
import { updateStringFor } from '@sotto/protocol/update-record';
import { encodeUtf8 } from '@sotto/protocol/utf8';
import {
  type CaseResult,
  compare,
  compareNote,
  compareSeed,
  createFieldReader,
  FormatError,
  isHash,
  runCase,
} from './vector-file.ts';

/** Place of the member whose box's AAD the file states. */
const AAD_MEMBER = 3;

/** Recomputes strings.json: the string an update is signed as, its digest, and what a sealed box is bound to. */
export async function verifyStrings(vector: unknown): Promise<CaseResult[]> {
  return [
    await runCase('strings', async () => {
      const file = createFieldReader(vector);
      const note = file.text('note');
      const seed = file.text('seed');
      const planHash = file.hash('planHash');
      const deviceId = file.hash('deviceId');
      const ciphertextSha256 = file.hash('ciphertextSha256');
      const boxSha256 = file.list('boxSha256').map((box, i) => {
        if (!isHash(box)) throw new FormatError(`boxSha256[${i}] is not a SHA-256 in lower-case hexadecimal`);
        return box;
      });
      if (boxSha256.length < AAD_MEMBER || boxSha256.length > MOST_COMMITTEE)
        throw new FormatError(`boxSha256 has ${boxSha256.length} elements, not ${AAD_MEMBER} to ${MOST_COMMITTEE}`);
      const updateToSign = updateStringFor(planHash, deviceId, ciphertextSha256, boxSha256);
      const aad = boxAad(fromHex(planHash), fromHex(deviceId), AAD_MEMBER, fromHex(ciphertextSha256));
      return [
        ...compareNote(note, [16]),
        ...compareSeed(seed, (source) => planHash === sha256Hex(encodeUtf8(`plan/${source}`))),
        ...compare(vector, {
          note,
          seed,
          planHash,
          deviceId,
          ciphertextSha256,
          boxSha256,
          updateToSign: toHex(updateToSign),
          updateDigest: sha256Hex(updateToSign),
          [`boxAadMember${AAD_MEMBER}`]: toHex(aad),
        }),
      ];
    }),
  ];
}
