// Safari 18 and Firefox before 141 know no Symbol.dispose. Bundlers lower `using` for them, but the symbol has to exist
// before SEAL's handles are defined.
if (Symbol.dispose === undefined) {
  Object.defineProperty(Symbol, 'dispose', { value: Symbol('Symbol.dispose') });
}
