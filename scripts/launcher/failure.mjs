/** Something the person at the keyboard can mend: the message says what, where, and what to do. */
export class LaunchFailure extends Error {
  /** @override */
  name = 'LaunchFailure';
}

/** @type {readonly { sign: RegExp, advice: string }[]} */
const DIAGNOSES = [
  {
    sign: /ERR_PNPM_OUTDATED_LOCKFILE|ERR_PNPM_LOCKFILE_CONFIG_MISMATCH/,
    advice:
      'pnpm-lock.yaml does not belong to the package.json files. Run `pnpm install` to bring it up to date, or `git checkout pnpm-lock.yaml`.',
  },
  {
    sign: /ENOSPC/,
    advice: 'The disk is full. About 1 GB is needed for packages; free some space and start again.',
  },
  {
    sign: /ENOTFOUND|EAI_AGAIN|ECONNREFUSED|ECONNRESET|ETIMEDOUT|ENETUNREACH|EHOSTUNREACH|ERR_SOCKET_TIMEOUT|META_FETCH_FAIL|fetch failed/,
    advice:
      'The package registry could not be reached. The first start needs the network: check the connection, `npm config get registry` and HTTPS_PROXY, then start again.',
  },
  {
    sign: /CERT_|SELF_SIGNED|UNABLE_TO_VERIFY|UNABLE_TO_GET_ISSUER/,
    advice:
      "The registry's certificate is not trusted here. Behind a company proxy set NODE_EXTRA_CA_CERTS to its certificate, then start again.",
  },
  {
    sign: /EACCES|EPERM|EROFS/,
    advice:
      'A file or folder may not be written (see above for its name). Make it yours, or copy the checkout elsewhere.',
  },
];

/**
 * What to do about a failed installation or build, from what its tool printed.
 * @param {string} printed
 * @returns {string}
 */
export function advise(printed) {
  return DIAGNOSES.find(({ sign }) => sign.test(printed))?.advice ?? 'Its own message is above.';
}
