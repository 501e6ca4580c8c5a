import type { ReferenceInfo } from '../../electron/contract/table.ts';
import { texts } from '../app/texts.ts';
import { notices } from './notices.svelte.ts';
import { host } from './session.svelte.ts';

let lastKey = 0;

export class Reference {
  /** This window's own name for it: the host's id changes when it is read anew. */
  readonly key: string;
  readonly info: ReferenceInfo;
  /** Object URL of the thumbnail. */
  readonly url: string;
  /** What it was read from; undefined for the sample's. */
  readonly source: File | undefined;
  /** Whether Apply uses it. */
  used = $state(true);
  /** How much of the drawing may come from it beside others, 0–100 %. */
  weightPercent = $state(100);

  constructor(
    info: ReferenceInfo,
    source: File | undefined,
    used: boolean,
    weightPercent = 100,
    key = `picture-${++lastKey}`,
  ) {
    this.key = key;
    this.info = info;
    this.source = source;
    this.used = used;
    this.weightPercent = weightPercent;
    this.url = URL.createObjectURL(new Blob([new Uint8Array(info.thumbnail)], { type: 'image/png' }));
  }
}

class References {
  list = $state.raw<readonly Reference[]>([]);
  /** Files being read. */
  adding = $state(0);
  /** The one whose palette is shown: the last touched. */
  currentId = $state<string | undefined>(undefined);
  readonly used = $derived(this.list.filter((reference) => reference.used));
  readonly current = $derived(
    this.list.find(({ info }) => info.referenceId === this.currentId) ?? this.list[0],
  );

  addSample(infos: readonly ReferenceInfo[]): void {
    this.list = [...this.list, ...infos.map((info, at) => new Reference(info, undefined, at === 0))];
    this.currentId = infos[0]?.referenceId;
  }

  /** Own pictures are used at once and together; the sample's step aside. */
  async add(files: readonly File[]): Promise<void> {
    this.adding += files.length;
    for (const file of files) {
      try {
        const bytes = new Uint8Array(await file.arrayBuffer());
        const path = window.inkwash?.pathOf(file);
        this.take(await host.call('reference.add', { name: file.name, bytes, ...(path && { path }) }), file);
      } catch (thrown) {
        notices.failure(thrown);
      } finally {
        this.adding--;
      }
    }
  }

  /** One the host has read. The same picture twice is one reference. */
  take(info: ReferenceInfo, source: File): void {
    for (const other of this.list) if (!other.source) other.used = false;
    const there = this.byId(info.referenceId);
    if (there) there.used = true;
    else this.list = [...this.list, new Reference(info, source, true)];
    this.currentId = info.referenceId;
  }

  /** A reference read anew takes its old place. */
  replace(old: Reference, info: ReferenceInfo): void {
    const fresh = new Reference(info, old.source, old.used, old.weightPercent, old.key);
    if (this.currentId === old.info.referenceId) this.currentId = info.referenceId;
    this.list = this.list.map((other) => (other === old ? fresh : other));
    URL.revokeObjectURL(old.url);
  }

  /** A plain press: this one alone; pressed with `together`: in or out beside the others. */
  press(reference: Reference, together: boolean): void {
    this.currentId = reference.info.referenceId;
    if (together) reference.used = !reference.used;
    else for (const other of this.list) other.used = other === reference;
  }

  remove(reference: Reference): void {
    this.list = this.list.filter((other) => other !== reference);
    URL.revokeObjectURL(reference.url);
    if (this.used.length === 0 && this.list[0]) this.list[0].used = true;
    host.call('reference.remove', { referenceId: reference.info.referenceId }).catch((thrown: unknown) => {
      notices.failure(thrown);
    });
  }

  move(from: number, to: number): void {
    const list = [...this.list];
    const [moved] = list.splice(from, 1);
    if (!moved || to < 0 || to > list.length) return;
    list.splice(to, 0, moved);
    this.list = list;
  }

  byId(referenceId: string): Reference | undefined {
    return this.list.find(({ info }) => info.referenceId === referenceId);
  }

  byKey(key: string): Reference | undefined {
    return this.list.find((reference) => reference.key === key);
  }

  /** References a drawing brought with it, in use as it had them; the others step aside. */
  bring(infos: readonly ReferenceInfo[], kept: readonly { weight: number; used: boolean }[]): void {
    for (const reference of this.list) reference.used = false;
    infos.forEach((info, i) => {
      const { used = true, weight = 1 } = kept[i] ?? {};
      const there = this.byId(info.referenceId);
      if (there) {
        there.used = used;
        there.weightPercent = Math.round(weight * 100);
        return;
      }
      const picture = new File([new Uint8Array(info.thumbnail)], info.name, { type: 'image/png' });
      this.list = [...this.list, new Reference(info, picture, used, Math.round(weight * 100))];
    });
    const [first] = infos;
    if (first) this.currentId = first.referenceId;
  }

  nameOf(referenceId: string): string {
    return this.byId(referenceId)?.info.name ?? texts.colorize.removedReference;
  }
}

export const references = new References();
