/** Builds the console into cloud/console/dist, which the cloud serves; `vite` alone serves it while one works on it. */
import preact from '@preact/preset-vite';
import { defineConfig, type Plugin } from 'vite';

/** Nothing from anywhere else, no script or style inside the page: what a signed title says can never run. */
const POLICY = [
  "default-src 'none'",
  "script-src 'self'",
  "style-src 'self'",
  "img-src 'self'",
  "connect-src 'self'",
  "base-uri 'none'",
  "form-action 'none'",
].join('; ');

/** In the built page alone: Vite's own server puts styles into the page. */
const withPolicy: Plugin = {
  name: 'content-security-policy',
  apply: 'build',
  transformIndexHtml: () => [
    {
      tag: 'meta',
      attrs: { 'http-equiv': 'Content-Security-Policy', content: POLICY },
      injectTo: 'head-prepend',
    },
  ],
};

const CLOUD = 'http://127.0.0.1:8080';

export default defineConfig({
  root: import.meta.dirname,
  plugins: [preact(), withPolicy],
  // An image inside the style sheet would be one more thing for the policy to allow.
  build: { target: 'es2022', assetsInlineLimit: 0, modulePreload: { polyfill: false } },
  server: { proxy: { '/api': CLOUD, '/v1': CLOUD } },
});
