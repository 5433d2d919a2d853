/** Vite turns the import into the address of the file it copied. */
declare module '*.wasm?url' {
  const url: string;
  export default url;
}
