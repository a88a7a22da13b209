/** A board drawn small: its page, its picture and its ticker, with the colours that the box draws it in. */
import { boardText } from '../../../shared/messages/board.ts';
import { consoleMessages as words } from '../../../shared/messages/console.ts';
import type { Text } from '../../../shared/messages/text.ts';
import type { BoardNow } from '../view/board.ts';
import { useSay } from './language.tsx';

type BoardProps = { readonly board: BoardNow; readonly place: Text };

export function BoardView({ board, place }: BoardProps) {
  const say = useSay();
  const { active, why } = board;
  return (
    <section class="board-now">
      <figure class="board-frame" aria-label={say(words.boardShows)}>
        <Face board={board} place={place} />
      </figure>
      <p class="why">
        {!active && <b>{say(words.notShown)} · </b>}
        {say(why)}
      </p>
    </section>
  );
}

const heads = { nothing: boardText.nothing, page: boardText.notice, alert: boardText.alert };

/** What the public reads is Vietnamese, whoever looks at this page. */
function Face({ board: { look, title, body, picture, ticker }, place }: BoardProps) {
  return (
    <div class={`face ${look}`} lang="vi">
      {look !== 'nothing' && (
        <p class="face-head">
          <span>{heads[look].vi}</span>
          <span>{place.vi}</span>
        </p>
      )}
      <div class="face-words">
        <p class="face-title">{look === 'nothing' ? place.vi : title}</p>
        <p class="face-body">{look === 'nothing' ? boardText.nothing.vi : body}</p>
      </div>
      {picture !== null && <img class="face-picture" src={picture} alt="" loading="lazy" />}
      {ticker !== null && (
        <p class="face-ticker">
          <span>{ticker}</span>
        </p>
      )}
    </div>
  );
}
