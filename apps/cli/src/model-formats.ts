/** In what a model can be downloaded, and how such files end. */
export const FORMATS = { tfjs: '-tfjs.zip', safetensors: '.safetensors', npz: '.npz' } as const;
export type Format = keyof typeof FORMATS;
