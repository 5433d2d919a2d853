/**
 * (module (func (block $caught (result exnref) (try_table (catch_all_ref $caught)) unreachable) drop)): valid only where WebAssembly
 * knows exceptions by reference, which node-seal 7 is compiled to.
 */
const EXNREF_MODULE = Uint8Array.of(
  ...[0x00, 0x61, 0x73, 0x6d, 0x01, 0x00, 0x00, 0x00, 0x01, 0x04, 0x01, 0x60, 0x00, 0x00, 0x03, 0x02, 0x01, 0x00],
  ...[0x0a, 0x0f, 0x01, 0x0d, 0x00, 0x02, 0x69, 0x1f, 0x40, 0x01, 0x03, 0x00, 0x0b, 0x00, 0x0b, 0x1a, 0x0b],
);

/** Whether this JavaScript engine can load SEAL: Node 24, Chrome 137, Firefox 131, Safari 18.4 or later. Loads nothing. */
export function canLoadSeal(): boolean {
  return typeof WebAssembly !== 'undefined' && WebAssembly.validate(EXNREF_MODULE);
}
