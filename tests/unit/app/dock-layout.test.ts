import './window.ts';
import { describe, expect, it } from 'vitest';
import { DOCKS, mended, moved } from '../../../renderer/state/dock-layout.svelte.ts';

describe('the layout of the docks', () => {
  it('of an older start keeps its order, and every dock is somewhere once', () => {
    const { left, right } = mended({ order: ['layers', 'colour', 'gone'], collapsed: ['layers'] });
    expect(left).toEqual([]);
    expect([...right].sort()).toEqual([...DOCKS].sort());
    expect(right.indexOf('layers')).toBeLessThan(right.indexOf('navigator'));
  });

  it('that is damaged is the usual one', () => {
    expect(mended({ left: 'x', right: 7, collapsed: null })).toMatchObject({ left: [] });
    expect([...mended({ right: 7 }).right].sort()).toEqual([...DOCKS].sort());
  });

  it('takes a dock to the other side and back', () => {
    const usual = mended({});
    const there = moved(usual, 'layers', 'left', 0);
    expect(there.left).toEqual(['layers']);
    expect(there.right).not.toContain('layers');
    expect(moved(there, 'layers', 'right', 3)).toEqual(usual);
  });
});
