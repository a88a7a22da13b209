import js from '@eslint/js';
import { defineConfig } from 'eslint/config';
import tseslint from 'typescript-eslint';

const saysNothing = '/(Manager|Service|Helper|Util|Utils|Common|Misc|Handler|Processor|Data|Info|Base)$/';

export default defineConfig(
  { ignores: ['**/node_modules/', '**/dist/', '.tools/', '.demo/', '**/*.d.ts'] },
  js.configs.recommended,
  tseslint.configs.strictTypeChecked,
  {
    languageOptions: { parserOptions: { projectService: true, tsconfigRootDir: import.meta.dirname } },
    // No file argues with the rules: an `eslint-disable` does nothing but fail this gate (--max-warnings 0).
    linterOptions: { noInlineConfig: true },
    rules: {
      '@typescript-eslint/consistent-type-imports': 'error',
      '@typescript-eslint/switch-exhaustiveness-check': 'error',
      '@typescript-eslint/restrict-template-expressions': ['error', { allowNumber: true }],
      '@typescript-eslint/no-unused-vars': [
        'error',
        { argsIgnorePattern: '^_', varsIgnorePattern: '^_', destructuredArrayIgnorePattern: '^_' },
      ],
      'no-empty': ['error', { allowEmptyCatch: false }],
      'no-warning-comments': ['error', { terms: ['todo', 'fixme', 'xxx'] }],
      'max-lines': ['error', { max: 300 }],
      'max-lines-per-function': ['error', { max: 60 }],
      'no-restricted-syntax': [
        'error',
        {
          selector: `ClassDeclaration[id.name=${saysNothing}]`,
          message: 'A name that says nothing (ARCHITECTURE.md, words).',
        },
        { selector: `TSInterfaceDeclaration[id.name=${saysNothing}]`, message: 'A name that says nothing.' },
        { selector: `TSTypeAliasDeclaration[id.name=${saysNothing}]`, message: 'A name that says nothing.' },
        { selector: `FunctionDeclaration[id.name=${saysNothing}]`, message: 'A name that says nothing.' },
        {
          selector: "CallExpression[callee.object.name='vi'][callee.property.name=/^(mock|doMock|hoisted)$/]",
          message: 'A mocked module says that a seam is missing: put a fake under the seam.',
        },
      ],
    },
  },
  {
    // Pure code takes the time as an argument: a clock read here could not be tested, replayed or explained.
    files: ['shared/**/*.ts', 'agent/plan/**/*.ts', 'agent/verify/**/*.ts', 'agent/clock/**/*.ts'],
    ignores: ['**/*.test.ts', '**/run.ts', '**/*-cli.ts'],
    rules: {
      'no-restricted-properties': [
        'error',
        { object: 'Date', property: 'now', message: 'Time is an argument here.' },
        { object: 'Math', property: 'random', message: 'Randomness is an argument here.' },
        { object: 'performance', property: 'now', message: 'Time is an argument here.' },
      ],
      'no-restricted-globals': ['error', 'setTimeout', 'setInterval', 'fetch'],
    },
  },
  {
    files: ['**/*.test.{ts,tsx}', '**/*.contract.ts'],
    rules: { 'max-lines': 'off', 'max-lines-per-function': 'off' },
  },
  // Outside every tsconfig: plain JavaScript, linted without types.
  {
    files: ['**/*.{js,mjs,cjs}'],
    extends: [tseslint.configs.disableTypeChecked],
    languageOptions: { parserOptions: { projectService: false } },
  },
);
