/** Starts the console: one page of the fleet so far, and the place where the others will hang. */
import { render } from 'preact';
import { Page } from './parts/page.tsx';

const root = document.getElementById('page');
if (root === null) throw new Error('index.html has no element #page');
root.replaceChildren();
render(<Page />, root);
