import type { GalleryAdded } from '../../electron/contract/gallery.ts';
import { texts } from '../app/texts.ts';
import { documents } from './documents.svelte.ts';
import { gallerySelection } from './gallery-selection.svelte.ts';
import { gallery } from './gallery.svelte.ts';
import { notices } from './notices.svelte.ts';
import { openDrawings } from './pictures.ts';
import { references } from './references.svelte.ts';
import { host } from './session.svelte.ts';

/** What one call names at most (electron/contract/gallery.ts). */
const PICTURES_A_CALL = 4000;
/** More references than this at once are a slip of the hand. */
const MOST_USED = 16;

const nameOf = (id: number): string => gallery.pictures.get(id)?.name ?? '';

/** Runs a change of the host's gallery for any number of pictures, then shows what became of it. */
async function change(ids: readonly number[], call: (some: number[]) => Promise<unknown>): Promise<boolean> {
  try {
    for (let at = 0; at < ids.length; at += PICTURES_A_CALL) await call(ids.slice(at, at + PICTURES_A_CALL));
    return true;
  } catch (thrown) {
    notices.failure(thrown);
    return false;
  } finally {
    await gallery.refresh();
  }
}

async function fileOf(pictureId: number): Promise<File> {
  const { name, mime, bytes } = await host.call('gallery.file', { pictureId });
  return new File([new Uint8Array(bytes)], name, { type: mime });
}

/** Makes pictures references of this window. */
export async function useAsReferences(ids: readonly number[]): Promise<void> {
  let added = 0;
  for (const pictureId of ids.slice(0, MOST_USED)) {
    try {
      references.take(await host.call('gallery.use', { pictureId }), await fileOf(pictureId));
      added++;
    } catch (thrown) {
      notices.failure(thrown);
    }
  }
  if (added > 0) notices.info(texts.gallery.used(added), { key: 'gallery-used' });
}

export async function openAsDrawings(ids: readonly number[]): Promise<void> {
  try {
    const files: File[] = [];
    for (const id of ids) files.push(await fileOf(id));
    await openDrawings(files);
  } catch (thrown) {
    notices.failure(thrown);
  }
}

/** Taken out of sight, with a notice that brings them back. */
export async function removePictures(ids: readonly number[]): Promise<void> {
  const [first] = ids;
  if (first === undefined) return;
  const sentence = texts.gallery.removed(nameOf(first), ids.length);
  const at = gallery.ids.indexOf(first);
  if (!(await change(ids, (some) => host.call('gallery.remove', { ids: some })))) return;
  gallerySelection.none();
  gallerySelection.activeId = gallery.ids[Math.min(at, gallery.ids.length - 1)];
  notices.info(sentence, {
    key: 'gallery-removed',
    action: { label: texts.gallery.undo, run: () => void restorePictures(ids) },
  });
}

async function restorePictures(ids: readonly number[]): Promise<void> {
  await change(ids, (some) => host.call('gallery.restore', { ids: some }));
}

export function setFavourite(ids: readonly number[], favourite: boolean): Promise<boolean> {
  return change(ids, (some) => host.call('gallery.favourite', { ids: some, favourite }));
}

/** All of them favourites, or, if they are already, none. */
export function toggleFavourite(ids: readonly number[]): Promise<boolean> {
  return setFavourite(ids, !ids.every((id) => gallery.pictures.get(id)?.favourite));
}

/** @param text one tag or several, with commas between. */
export async function addTags(ids: readonly number[], text: string): Promise<void> {
  const add = text
    .split(',')
    .map((tag) => tag.trim().slice(0, 64))
    .filter(Boolean);
  if (add.length > 0) await change(ids, (some) => host.call('gallery.tag', { ids: some, add }));
}

export function removeTag(ids: readonly number[], tag: string): Promise<boolean> {
  return change(ids, (some) => host.call('gallery.tag', { ids: some, remove: [tag] }));
}

export async function renamePicture(pictureId: number, typed: string): Promise<void> {
  const name = typed.replace(/[/\\]/g, ' ').trim().slice(0, 255);
  if (!name || name === nameOf(pictureId)) return;
  await change([pictureId], () => host.call('gallery.rename', { pictureId, name }));
}

/** Removes the others of a group of lookalikes; what they were tagged with goes to the one that stays. */
export async function keepOnly(pictureId: number, group: readonly number[]): Promise<void> {
  const others = group.filter((id) => id !== pictureId);
  const add = [...new Set(others.flatMap((id) => gallery.pictures.get(id)?.tags ?? []))];
  if (add.length > 0) await change([pictureId], (ids) => host.call('gallery.tag', { ids, add }));
  gallery.lookalikes = gallery.lookalikes?.filter((other) => other !== group);
  await removePictures(others);
}

export async function sayDifferent(group: readonly number[]): Promise<void> {
  if (await change(group, (ids) => host.call('gallery.keepApart', { ids: ids.slice(0, 100) })))
    gallery.lookalikes = gallery.lookalikes?.filter((other) => other !== group);
}

/** Says what became of a picture that was to be kept. */
function sayKept({ outcome, picture, lookalikes, notes }: GalleryAdded): void {
  const { pictureId, name } = picture;
  for (const note of notes) notices.info(note);
  notices.info(texts.gallery.outcome[outcome](name), {
    key: 'gallery-kept',
    ...(lookalikes.length > 0 && {
      action: { label: texts.gallery.review, run: () => void gallery.findLookalikes() },
    }),
  });
  gallerySelection.activeId = pictureId;
}

async function keep(call: () => Promise<GalleryAdded>): Promise<void> {
  try {
    sayKept(await call());
    if (gallery.shown) await gallery.refresh();
  } catch (thrown) {
    notices.failure(thrown);
  }
}

/** What the open drawing shows, or its selected layer alone. */
export async function keepDrawing(layer: boolean): Promise<void> {
  const document = documents.active;
  const layerId = layer ? document?.selectedLayerId : undefined;
  if (!document || (layer && layerId === undefined)) return;
  const { documentId, name } = document.info;
  const layerName = document.selectedLayer?.name ?? '';
  await keep(async () => {
    await document.flush();
    return host.call('gallery.addDrawing', {
      documentId,
      ...(layerId !== undefined && { layerId }),
      name: layer
        ? `${name.replace(/\.[^.]*$/, '')} ${layerName.replace(/[/\\]/g, ' ')}`.slice(0, 250)
        : name,
    });
  });
}

/** The reference that was touched last. */
export async function keepReference(): Promise<void> {
  const reference = references.current;
  if (!reference) return;
  const { name, referenceId } = reference.info;
  await keep(async () =>
    reference.source
      ? host.call('gallery.add', { name, bytes: new Uint8Array(await reference.source.arrayBuffer()) })
      : host.call('gallery.addReference', { referenceId }),
  );
}
