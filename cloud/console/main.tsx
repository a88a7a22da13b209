/** Starts the console: one page of the fleet so far, and the place where the others will hang. */
import { options, render } from 'preact';
import { Page } from './parts/page.tsx';

// Boxes speak in bursts: the page is drawn once a frame, not once a message.
options.debounceRendering = (draw) => requestAnimationFrame(draw);

const root = document.getElementById('page');
if (root === null) throw new Error('index.html has no element #page');
root.replaceChildren();
render(<Page />, root);
