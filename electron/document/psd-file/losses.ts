import { shown } from '../shown.ts';
import type { PsdRecord } from './records.ts';

/** Blocks that make a layer one that changes what lies below it instead of having pixels. */
const ADJUSTMENTS =
  'brit,levl,curv,expA,vibA,hue ,hue2,blnc,blwh,phfl,mixr,clrL,nvrt,post,thrs,grdm,selc,CgEd'.split(',');

/** Sentences on what of a layer Inkwash shows otherwise than Photoshop. */
export function noteLosses(record: PsdRecord, fileName: string): string[] {
  const { keys, place } = record;
  const layer = `${record.divider === 'group' ? 'Group' : 'Layer'} "${shown(record.name)}" of ${fileName}`;
  const has = (...names: string[]): boolean => names.some((name) => keys.has(name));
  const empty = place.width === 0 || place.height === 0;
  const notes: string[] = [];
  if (has(...ADJUSTMENTS))
    notes.push(`${layer} adjusts colours; Inkwash has no such layer, so it does nothing here.`);
  else if (empty && has('GdFl', 'PtFl'))
    notes.push(`${layer} is a fill that Inkwash does not draw; flatten it where it was made to keep it.`);
  if (has('artb', 'artd', 'abdd'))
    notes.push(`${layer} is an artboard; here it is a group without an edge or paper of its own.`);
  if (record.hasEffects) notes.push(`${layer} has layer effects that Inkwash does not draw.`);
  if (has('TySh', 'tySh')) notes.push(`${layer} is text; here it is a picture of it.`);
  else if (has('SoLd', 'SoLE', 'PlLd', 'plLd'))
    notes.push(`${layer} is a smart object; here it is a picture of it.`);
  return notes;
}
