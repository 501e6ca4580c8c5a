import type { Result } from '../../electron/contract/table.ts';
import { texts } from '../app/texts.ts';
import { pastePart, type FacePart } from './face-sketch.ts';
import { fromFile, type NamedSource } from './face-sources.ts';
import { face } from './face.svelte.ts';
import { Latest } from './latest.ts';
import { notices } from './notices.svelte.ts';
import { chooseFiles } from './pictures.ts';
import { host } from './session.svelte.ts';

export interface FilmPart {
  readonly personId: string;
  readonly mirrored: boolean;
  readonly distance: number;
  /** Object URL. */
  readonly url: string;
}

type Cut = Result<'face.part'> & { readonly part: FacePart };

const COUNT = 12;

/** The parts that can be pasted: of the nearest known faces, of faces of this session, of a picture, of the clipboard. */
class FaceFilm {
  from = $state<'known' | 'kept'>('known');
  known = $state.raw<readonly FilmPart[]>([]);
  /** Whose parts `known` are. */
  part = $state<FacePart | undefined>(undefined);
  copied = $state.raw<Cut | undefined>(undefined);
  /** Nothing else can have been copied since, as this window was never left. */
  copiedLast = false;
  readonly #looking = new Latest(() => this.#look());

  want(): void {
    if (face.installed) this.#looking.want();
  }

  async paste(named: NamedSource, part: FacePart): Promise<void> {
    try {
      const cut = await host.call('face.part', { part, source: await named.source() });
      this.#put({ ...cut, part }, named.name);
    } catch (thrown) {
      notices.failure(thrown, { key: 'face-part' });
    }
  }

  async pasteFromPicture(): Promise<void> {
    const { part } = face;
    const [file] = await chooseFiles(false);
    if (file) await this.paste(fromFile(file), part);
  }

  async copy(): Promise<void> {
    const { part } = face;
    try {
      await face.settled();
      const source = { kind: 'face', faceId: await face.id() } as const;
      this.copiedLast = true;
      this.copied = { ...(await host.call('face.part', { part, source })), part };
      notices.info(texts.face.copied(texts.face.partNames[part].toLowerCase()), { key: 'face-part' });
    } catch (thrown) {
      notices.failure(thrown, { key: 'face-part' });
    }
  }

  pasteCopied(): void {
    if (this.copied) this.#put(this.copied, '');
  }

  #put(cut: Cut, name: string): void {
    const label = texts.face.pasted(texts.face.partNames[cut.part]);
    face.change((now) => pastePart(now, cut), 'now', label);
    for (const note of cut.notes) notices.info(texts.notices.about(name, note));
  }

  async #look(): Promise<void> {
    const { part } = face;
    try {
      const { known } = await host.call('face.nearest', { faceId: await face.id(), part, count: COUNT });
      for (const { url } of this.known) URL.revokeObjectURL(url);
      this.known = known.map(({ thumbnail, ...about }) => ({
        ...about,
        url: URL.createObjectURL(new Blob([new Uint8Array(thumbnail)], { type: 'image/png' })),
      }));
      this.part = part;
    } catch (thrown) {
      notices.failure(thrown, { key: 'face-film' });
    }
  }
}

export const faceFilm = new FaceFilm();
