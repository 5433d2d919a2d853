/** Lets the person keep a file that was made here. */
export function saveFile(name: string, type: string, content: string | Uint8Array<ArrayBuffer>): void {
  const url = URL.createObjectURL(new Blob([content], { type }));
  const link = document.createElement('a');
  link.href = url;
  link.download = name;
  link.click();
  // Not at once: the browser reads it when it has asked where to put it.
  setTimeout(() => URL.revokeObjectURL(url), 60_000);
}
