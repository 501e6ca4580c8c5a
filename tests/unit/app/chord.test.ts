import { describe, expect, it } from 'vitest';
import { chordOf, isPressed, normalised } from '../../../renderer/app/chord.ts';

const press = (key: string, held: Partial<KeyboardEvent> = {}, code = '') => ({
  key,
  code,
  ctrlKey: false,
  metaKey: false,
  altKey: false,
  shiftKey: false,
  ...held,
});

describe('a shortcut taken down', () => {
  it.each([
    ['B', press('b')],
    ['Shift+M', press('M', { shiftKey: true })],
    ['Ctrl+Shift+E', press('E', { ctrlKey: true, shiftKey: true })],
    ['Ctrl+S', press('s', { metaKey: true })],
    ['Ctrl+Alt+G', press('©', { ctrlKey: true, altKey: true }, 'KeyG')],
    ['?', press('?', { shiftKey: true })],
    ['Shift+Backspace', press('Backspace', { shiftKey: true })],
    ['Space', press(' ')],
    ['Esc', press('Escape')],
    ['Ctrl+Up', press('ArrowUp', { ctrlKey: true })],
    ['Ctrl++', press('+', { ctrlKey: true, shiftKey: true })],
  ])('is %s', (keys, event) => {
    expect(chordOf(event)).toBe(keys);
    expect(isPressed(keys, event)).toBe(true);
    expect(normalised(keys)).toBe(keys);
  });

  it('waits while only modifiers are held', () => {
    expect(chordOf(press('Shift', { shiftKey: true }))).toBeUndefined();
  });

  it('is the character where AltGr writes one', () => {
    const event = { ...press('\\', { ctrlKey: true, altKey: true }), getModifierState: () => true };
    expect(chordOf(event)).toBe('\\');
  });
});

it('a key with something else held is another shortcut', () => {
  expect(isPressed('B', press('b', { ctrlKey: true }))).toBe(false);
  expect(isPressed('Ctrl+Z', press('Z', { ctrlKey: true, shiftKey: true }))).toBe(false);
});

it('the plus key needs no Shift', () => {
  expect(isPressed('Ctrl++', press('=', { ctrlKey: true }))).toBe(true);
});

it('one shortcut has one spelling', () => {
  expect(normalised('Shift+Ctrl+e')).toBe('Ctrl+Shift+E');
});
