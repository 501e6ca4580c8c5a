import type { FaceResult } from '../../electron/contract/face.ts';
import { texts } from '../app/texts.ts';
import { face } from './face.svelte.ts';
import {
  blankFace,
  BLANK_GREY,
  greyOf,
  isBlank,
  patchesBetween,
  tilesOfGrey,
  withLines,
  type FaceDocument,
} from './face-sketch.ts';
import { HostError } from './host-client.ts';
import { notices } from './notices.svelte.ts';
import { pixelsOf } from './picture-pixels.ts';
import { host } from './session.svelte.ts';

const MOST_KEPT = 40;
/** The host holds few faces open at once; those that were needed longest ago are closed. */
const MOST_OPEN = 8;
/** What faces are tagged with in the gallery, and how many of the newest come back with the program. */
const TAG = 'face';
const MOST_BACK = 12;

type Picture = NonNullable<FaceResult['face']>;

/** A face that one can go back to, take parts of and morph with: of this session, or kept in the gallery. */
export class KeptFace {
  readonly number: number;
  readonly document: FaceDocument;
  readonly picture: Picture;
  /** Where it is in the gallery, if it is. */
  pictureId: number | undefined;
  #id: Promise<string> | undefined;

  constructor(number: number, document: FaceDocument, picture: Picture, pictureId?: number) {
    this.number = number;
    this.document = document;
    this.picture = picture;
    this.pictureId = pictureId;
  }

  get name(): string {
    return texts.face.keptName(this.number);
  }

  /** The host's id of it, opened when it is needed. */
  id(): Promise<string> {
    keptFaces.touch(this);
    this.#id ??= this.#open().catch((thrown: unknown) => {
      this.#id = undefined;
      throw thrown;
    });
    return this.#id;
  }

  async #open(): Promise<string> {
    const { faceId } = await host.call('face.open', {});
    const { refinement, space } = this.document;
    const patches = patchesBetween(BLANK_GREY, greyOf(this.document));
    await host.call('face.update', { faceId, patches, refinement, space });
    return faceId;
  }

  /** The host's room is a new one. */
  forget(): void {
    this.#id = undefined;
  }

  close(): void {
    this.#id?.then((faceId) => host.call('face.close', { faceId })).catch(() => undefined);
    this.#id = undefined;
  }
}

class KeptFaces {
  /** Those the host has open, the last needed last. */
  #open: readonly KeptFace[] = [];
  /** Newest last. */
  list = $state.raw<readonly KeptFace[]>([]);
  #lastNumber = 0;
  #broughtBack = false;
  /** Whether there is a face that is not kept as it stands. */
  readonly canKeep = $derived(
    face.result?.face !== null &&
      face.result !== undefined &&
      !isBlank(face.painted) &&
      !this.list.some(({ document }) => document === face.painted),
  );

  /** Keeps the face in front for this session; the oldest goes when there are many. */
  keep(): KeptFace | undefined {
    face.settle();
    const picture = face.result?.face;
    if (!this.canKeep || !picture) return undefined;
    const kept = new KeptFace(++this.#lastNumber, face.painted, picture);
    this.list = [...this.list, kept];
    while (this.list.length > MOST_KEPT) this.#drop(this.list[0]!);
    return kept;
  }

  /** Keeps the face in front in the gallery too, with its sketch and settings in it. */
  async keepForGood(): Promise<void> {
    const kept = this.keep();
    if (!kept) return;
    try {
      const { bytes } = await host.call('face.export', { faceId: await kept.id(), what: 'face' });
      const name = texts.face.fileNames.face(kept.number);
      const { picture } = await host.call('gallery.add', { name, bytes, tags: [TAG] });
      kept.pictureId = picture.pictureId;
      notices.info(texts.face.keptInGallery(kept.name), { key: 'face-kept' });
    } catch (thrown) {
      notices.failure(thrown, { key: 'face-kept' });
    }
  }

  /** Brings the newest faces of the gallery back, once; those that were saved elsewhere are left out. */
  async bringBack(): Promise<void> {
    if (this.#broughtBack) return;
    this.#broughtBack = true;
    try {
      const { ids } = await host.call('gallery.search', { tags: [TAG] });
      const here = new Set(this.list.map(({ pictureId }) => pictureId));
      for (const pictureId of ids.slice(0, MOST_BACK).reverse())
        if (!here.has(pictureId)) await this.#bring(pictureId);
    } catch (thrown) {
      notices.failure(thrown, { key: 'face-kept' });
    }
  }

  async #bring(pictureId: number): Promise<void> {
    try {
      const { name, bytes } = await host.call('gallery.file', { pictureId });
      const source = { kind: 'picture', name, bytes, as: 'kept' } as const;
      const { grey, settings } = await host.call('face.sketch', { source });
      if (!settings) return;
      const document = { ...withLines(blankFace(), tilesOfGrey(grey)), ...settings };
      const { data, width } = await pixelsOf(bytes);
      const kept = new KeptFace(++this.#lastNumber, document, { sizePx: width, rgba: data }, pictureId);
      this.list = [...this.list, kept];
    } catch (thrown) {
      // A picture that only has the tag, or whose file is gone, is none of these.
      if (!(thrown instanceof HostError && (thrown.kind === 'input' || thrown.kind === 'words')))
        throw thrown;
    }
  }

  /** Puts a kept face in front again, as a step; what stood there is kept first. */
  goTo(kept: KeptFace): void {
    if (kept.document === face.painted) return;
    this.keep();
    face.change(() => kept.document, 'now', texts.face.back(kept.name));
  }

  /** One is needed by the host. */
  touch(kept: KeptFace): void {
    const open = [...this.#open.filter((other) => other !== kept), kept];
    for (const old of open.slice(0, -MOST_OPEN)) old.close();
    this.#open = open.slice(-MOST_OPEN);
  }

  /** Takes a face away, out of the gallery too; that can be undone. */
  remove(kept: KeptFace): void {
    const at = this.list.indexOf(kept);
    this.#drop(kept);
    const { pictureId } = kept;
    if (pictureId === undefined) return;
    const back = (): void => {
      this.list = [...this.list.slice(0, at), kept, ...this.list.slice(at)];
      host.call('gallery.restore', { ids: [pictureId] }).catch((thrown: unknown) => notices.failure(thrown));
    };
    host
      .call('gallery.remove', { ids: [pictureId] })
      .then(() =>
        notices.info(texts.face.keptRemoved(kept.name), {
          key: 'face-kept',
          action: { label: texts.face.keptUndo, run: back },
        }),
      )
      .catch((thrown: unknown) => notices.failure(thrown, { key: 'face-kept' }));
  }

  #drop(kept: KeptFace): void {
    kept.close();
    this.#open = this.#open.filter((other) => other !== kept);
    this.list = this.list.filter((other) => other !== kept);
  }

  /** The host's room is a new one. */
  forget(): void {
    this.#open = [];
    for (const kept of this.list) kept.forget();
  }
}

export const keptFaces = new KeptFaces();
