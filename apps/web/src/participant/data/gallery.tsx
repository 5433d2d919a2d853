import type { Dataset } from '@sotto/learner/dataset';
import type { ImageSize } from '@sotto/learner/intake/pictures/pixels';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { Button } from '../../ui/button.tsx';
import { formatCount } from '../../ui/quantity.ts';
import { ClassChoice } from './class-choice.tsx';
import { Thumbnail } from './thumbnails.tsx';

interface GalleryProps {
  image: ImageSize;
  classes: readonly string[];
  /** As the model sees them. */
  data: Dataset;
  names: readonly string[];
  onRemove: (places: ReadonlySet<number>) => void;
  onRelabel: (places: ReadonlySet<number>, label: number) => void;
}

/** So many at first, and so many more each time. */
const PAGE = 48;
const NONE: ReadonlySet<number> = new Set();

/** The pictures, all or of one class; chosen ones can be removed or given another class. */
export function Gallery({ image, classes, data, names, onRemove, onRelabel }: GalleryProps) {
  const { t } = useTranslation('data');
  const [only, setOnly] = useState<number | null>(null);
  const [shown, setShown] = useState(PAGE);
  const [chosen, setChosen] = useState(NONE);
  const counts = classes.map(() => 0);
  for (const label of data.labels) counts[label]!++;
  // A class that was emptied meanwhile cannot be looked at.
  const filter = only !== null && counts[only]! > 0 ? only : null;
  const places = [...data.labels.keys()].filter((i) => filter === null || data.labels[i] === filter);

  function toggle(place: number): void {
    const next = new Set(chosen);
    if (!next.delete(place)) next.add(place);
    setChosen(next);
  }

  return (
    <div className="space-y-3">
      <div className="flex flex-wrap items-center gap-x-3 gap-y-2 text-sm">
        <select
          aria-label={t('gallery.which')}
          value={filter ?? ''}
          onChange={(event) => {
            setOnly(event.target.value === '' ? null : Number(event.target.value));
            setShown(PAGE);
            setChosen(NONE);
          }}
          className="min-h-10 max-w-full rounded-lg border border-line-strong bg-surface px-3"
        >
          <option value="">{t('gallery.all', { count: names.length, number: formatCount(names.length) })}</option>
          {classes.map(
            (name, i) =>
              counts[i]! > 0 && (
                <option key={name} value={i}>
                  {t('gallery.ofClass', { name, number: formatCount(counts[i]!) })}
                </option>
              ),
          )}
        </select>
        {chosen.size === 0 && <span className="text-muted">{t('gallery.how')}</span>}
        {chosen.size > 0 && (
          <span role="status" className="font-medium">
            {t('gallery.chosen', { count: chosen.size })}
          </span>
        )}
      </div>
      {chosen.size > 0 && (
        <div className="flex flex-wrap items-center gap-2 rounded-xl bg-sunken p-2 text-sm">
          <ClassChoice
            classes={classes}
            aria-label={t('gallery.relabel')}
            value=""
            onChange={(event) => {
              onRelabel(chosen, Number(event.target.value));
              setChosen(NONE);
            }}
          >
            <option value="" disabled>
              {t('gallery.relabel')}
            </option>
          </ClassChoice>
          <Button
            onClick={() => {
              onRemove(chosen);
              setChosen(NONE);
            }}
          >
            {t('gallery.remove')}
          </Button>
          <Button look="quiet" onClick={() => setChosen(NONE)}>
            {t('gallery.none')}
          </Button>
        </div>
      )}
      <ul aria-label={t('gallery.label')} className="grid grid-cols-[repeat(auto-fill,minmax(3rem,1fr))] gap-2">
        {places.slice(0, shown).map((place) => (
          <li key={place}>
            <button
              type="button"
              aria-pressed={chosen.has(place)}
              title={names[place]}
              onClick={() => toggle(place)}
              className="block w-full rounded-md outline-offset-2 aria-pressed:outline-2 aria-pressed:outline-accent"
            >
              <Thumbnail image={image} data={data} index={place} name={classes[data.labels[place]!] ?? ''} />
            </button>
          </li>
        ))}
      </ul>
      {places.length > shown && (
        <Button onClick={() => setShown(shown + PAGE)}>
          {t('gallery.more', { count: places.length - shown, number: formatCount(places.length - shown) })}
        </Button>
      )}
    </div>
  );
}
