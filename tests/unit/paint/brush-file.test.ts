import { describe, expect, it } from 'vitest';
import { PRESETS } from '../../../renderer/paint/brush/brush.ts';
import { brushesIn, brushFileOf } from '../../../renderer/paint/brush/brush-file.ts';

describe('a file of brushes', () => {
  it('brings every setting back', () => {
    const own = PRESETS.map((brush) => ({
      ...brush,
      sizeByPressure: {
        least: 0,
        bend: 1,
        points: [
          [0, 0.1],
          [0.4, 0.8],
          [1, 1],
        ] as const,
      },
    }));
    const read = brushesIn(brushFileOf(own));
    expect(read?.map(({ id: _id, ...settings }) => settings)).toEqual(
      own.map(({ id: _id, ...settings }) => settings),
    );
  });

  it('loses only the brush that is not sound', () => {
    const text = brushFileOf(PRESETS.slice(0, 3)).replace('"sizePx": 8,', '"sizePx": 800000,');
    expect(brushesIn(text)?.map(({ name }) => name)).toEqual(['Ink pen', 'Marker']);
  });

  it('is refused when it is something else', () => {
    expect(brushesIn('{"format":"other","version":1,"brushes":[]}')).toBeUndefined();
    expect(brushesIn('not JSON')).toBeUndefined();
    expect(brushesIn(brushFileOf([]))).toBeUndefined();
  });
});
