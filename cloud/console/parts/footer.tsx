/** What kind of page this is, in one line. */
import { consoleMessages as words } from '../../../shared/messages/console.ts';
import { Both } from './language.tsx';

export function Footer() {
  return (
    <footer class="foot">
      <Both text={words.inform} />
    </footer>
  );
}
