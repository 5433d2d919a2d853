/** What else a device senses, shows or is joined to: browsers leave these to a page unless told otherwise. */
const NOT_FOR_PAGES = [
  'accelerometer',
  'bluetooth',
  'display-capture',
  'geolocation',
  'gyroscope',
  'hid',
  'magnetometer',
  'microphone',
  'midi',
  'serial',
  'usb',
];

/**
 * On every answer. Scripts come from here alone; WebAssembly may be compiled, text may not be evaluated; nothing is sent elsewhere; of a
 * device's senses only the camera is for pages, which ask for it to take pictures, and they may keep its screen on. Safari before 15.4 does
 * not count a WebSocket of the same host as 'self'.
 */
export function securityHeaders(publicUrl: string): Record<string, string> {
  const policy = {
    'default-src': "'self'",
    'script-src': "'self' 'wasm-unsafe-eval'",
    'worker-src': "'self' blob:",
    'connect-src': `'self' ${publicUrl.replace(/^http/, 'ws')}`,
    'img-src': "'self' data: blob:",
    'style-src': "'self' 'unsafe-inline'",
    'object-src': "'none'",
    'frame-ancestors': "'none'",
    'base-uri': "'none'",
    'form-action': "'self'",
  };
  return {
    'content-security-policy': Object.entries(policy)
      .map(([directive, sources]) => `${directive} ${sources}`)
      .join('; '),
    'cross-origin-opener-policy': 'same-origin',
    'cross-origin-resource-policy': 'same-origin',
    'x-content-type-options': 'nosniff',
    'referrer-policy': 'no-referrer',
    'permissions-policy': [
      'camera=(self)',
      'screen-wake-lock=(self)',
      ...NOT_FOR_PAGES.map((feature) => `${feature}=()`),
    ].join(', '),
    ...(publicUrl.startsWith('https:') && { 'strict-transport-security': 'max-age=31536000' }),
  };
}
