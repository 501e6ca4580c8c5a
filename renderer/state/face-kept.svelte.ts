import type { FaceResult } from '../../electron/contract/face.ts';
import { texts } from '../app/texts.ts';
import { face } from './face.svelte.ts';
import { BLANK_GREY, greyOf, isBlank, patchesBetween, type FaceDocument } from './face-sketch.ts';
import { host } from './session.svelte.ts';

const MOST_KEPT = 40;
/** The host holds few faces open at once; those that were needed longest ago are closed. */
const MOST_OPEN = 8;

type Picture = NonNullable<FaceResult['face']>;

/** A face of this session that one can go back to, take parts of and morph with. */
export class KeptFace {
  readonly number: number;
  readonly document: FaceDocument;
  readonly picture: Picture;
  #id: Promise<string> | undefined;

  constructor(number: number, document: FaceDocument, picture: Picture) {
    this.number = number;
    this.document = document;
    this.picture = picture;
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
  /** Whether there is a face that is not kept as it stands. */
  readonly canKeep = $derived(
    face.result?.face !== null &&
      face.result !== undefined &&
      !isBlank(face.painted) &&
      !this.list.some(({ document }) => document === face.painted),
  );

  /** Keeps the face in front; the oldest goes when there are many. */
  keep(): void {
    face.settle();
    const picture = face.result?.face;
    if (!this.canKeep || !picture) return;
    this.list = [...this.list, new KeptFace(++this.#lastNumber, face.painted, picture)];
    while (this.list.length > MOST_KEPT) this.remove(this.list[0]!);
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

  remove(kept: KeptFace): void {
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
