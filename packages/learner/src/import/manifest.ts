import { z } from 'zod';
import { refusal } from './json.ts';

const Quantization = z.object({
  dtype: z.enum(['uint8', 'uint16', 'float16']),
  scale: z.number().optional(),
  min: z.number().optional(),
});

const WeightSpec = z.object({
  name: z.string().min(1).max(500),
  shape: z.array(z.number().int().min(0)).max(8),
  dtype: z.enum(['float32', 'int32', 'bool', 'uint8']),
  quantization: Quantization.optional(),
});
export type WeightSpec = z.infer<typeof WeightSpec>;

const WeightGroup = z.object({
  /** Files whose bytes, one after another, are those of the weights. */
  paths: z.array(z.string().min(1).max(500)).min(1),
  weights: z.array(WeightSpec),
});
export type WeightGroup = z.infer<typeof WeightGroup>;

const Manifest = z.array(WeightGroup).max(10_000);

/**
 * TF.js's `weightsManifest`; null where there is none.
 * @throws TrainingError `bad_model`
 */
export function readManifest(manifest: unknown): WeightGroup[] | null {
  if (manifest === undefined || manifest === null) return null;
  const parsed = Manifest.safeParse(manifest);
  if (!parsed.success) {
    const [issue] = parsed.error.issues;
    throw refusal(
      `The model’s weightsManifest cannot be read (${issue?.path.join('.')}: ${issue?.message}). Export the model again.`,
    );
  }
  return parsed.data.length === 0 ? null : parsed.data;
}

/** The files that must lie beside model.json. */
export function shardPaths(groups: readonly WeightGroup[]): string[] {
  return groups.flatMap(({ paths }) => paths);
}
