type Call = (...values: unknown[]) => unknown;

/** The port, each of its calls replaced by what `around` makes of it; what is no call stays. */
export function aroundCalls<Port extends object>(port: Port, around: (name: string, call: Call) => Call): Port {
  const entries = Object.entries(port).map(([name, value]) => [
    name,
    typeof value === 'function' ? around(name, value as Call) : value,
  ]);
  return { ...port, ...Object.fromEntries(entries) };
}
