import js from '@eslint/js';
import svelte from 'eslint-plugin-svelte';
import globals from 'globals';
import ts from 'typescript-eslint';

export default ts.config(
  { ignores: ['dist/**', 'out/**', 'node_modules/**', 'models/**', 'tests/fixtures/**'] },
  js.configs.recommended,
  ...ts.configs.strict,
  ...svelte.configs.recommended,
  {
    rules: {
      '@typescript-eslint/no-unused-vars': ['error', { argsIgnorePattern: '^_', varsIgnorePattern: '^_' }],
      // Typed arrays are indexed inside proven bounds; the compiler's noUncheckedIndexedAccess needs the `!`.
      '@typescript-eslint/no-non-null-assertion': 'off',
    },
  },
  {
    files: ['**/*.svelte', '**/*.svelte.ts'],
    languageOptions: {
      parserOptions: { parser: ts.parser, extraFileExtensions: ['.svelte'] },
      globals: globals.browser,
    },
  },
  { files: ['**/*.mjs', '**/*.js'], languageOptions: { globals: globals.node } },
  {
    // The renderer may know the contract's types, and nothing else of the Node side.
    files: ['renderer/**'],
    languageOptions: { globals: globals.browser },
    rules: {
      '@typescript-eslint/no-restricted-imports': [
        'error',
        {
          patterns: [
            {
              group: ['**/electron/**'],
              allowTypeImports: true,
              message: 'The renderer imports only types of the contract.',
            },
          ],
        },
      ],
    },
  },
  {
    // Pure rooms: no Electron, no ONNX Runtime.
    files: ['electron/page/**', 'electron/document/**', 'electron/quality/**'],
    rules: {
      '@typescript-eslint/no-restricted-imports': [
        'error',
        { paths: ['electron', 'onnxruntime-node'], patterns: ['**/engine/**'] },
      ],
    },
  },
);
