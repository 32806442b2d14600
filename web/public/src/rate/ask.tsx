/* SPDX-License-Identifier: AGPL-3.0-or-later */
/** The form: stars first; whether they may be shown is asked only of those who were content. */
import { call } from '../kit/api';
import type { VisitToRate } from '../kit/contract';
import { useForm } from '../kit/submit';
import { Failure, Field, Submit } from '../kit/ui';
import { rate as words, stars as starsText } from '../words/feedback';

const STARS = [1, 2, 3, 4, 5];
const SHOWN_FROM = 4;
const COMMENT_MAX = 2000;

interface AskProps {
  path: string;
  visit: VisitToRate;
  done: (answer: VisitToRate) => void;
}

export function Ask({ path, visit: { business, rating }, done }: AskProps) {
  const form = useForm({
    first: {
      stars: rating ? String(rating.stars) : '',
      comment: rating?.comment ?? '',
      mayShow: rating?.may_show ? 'yes' : '',
    },
    order: ['stars', 'comment'],
    check: ({ stars }): Record<string, string> => (stars ? {} : { stars: words.starsMissing }),
    send: ({ stars, comment, mayShow }) => {
      const may_show = mayShow !== '' && Number(stars) >= SHOWN_FROM;
      return call<VisitToRate>('POST', path, {
        body: { stars: Number(stars), comment: comment.trim(), may_show },
      });
    },
    done,
  });
  const { filling, errors } = form;
  const chosen = Number(filling.stars);
  return (
    <form noValidate onSubmit={form.submit}>
      <Failure of={form} />
      <Choice chosen={chosen} error={errors.stars} choose={form.edit('stars')} />
      <Field
        id="comment"
        label={words.comment}
        hint={words.commentHint(business.name)}
        value={filling.comment}
        error={errors.comment}
        rows={4}
        max={COMMENT_MAX}
        onValue={form.edit('comment')}
      />
      {chosen >= SHOWN_FROM && (
        <label class="agree">
          <input
            type="checkbox"
            checked={filling.mayShow !== ''}
            onChange={(e) => form.edit('mayShow')(e.currentTarget.checked ? 'yes' : '')}
          />
          {words.mayShow}
        </label>
      )}
      <div class="actions">
        <Submit isSending={form.isSending} label={words.submit} busy={words.sending} />
      </div>
    </form>
  );
}

interface ChoiceProps {
  chosen: number;
  error: string | undefined;
  choose: (stars: string) => void;
}

/** Real radio buttons, so that arrows move between them; the first has the id that errors go to. */
function Choice({ chosen, error, choose }: ChoiceProps) {
  return (
    <fieldset class="choice" aria-describedby={error ? 'stars-error' : undefined}>
      <legend>{words.legend}</legend>
      <div>
        {STARS.map((count) => (
          <label key={count} class={count <= chosen ? 'star on' : 'star'}>
            <input
              type="radio"
              name="stars"
              id={count === 1 ? 'stars' : `stars-${count}`}
              value={count}
              checked={count === chosen}
              onChange={() => choose(String(count))}
            />
            <span aria-hidden="true">{count <= chosen ? '★' : '☆'}</span>
            <span class="unseen">{starsText(count)}</span>
          </label>
        ))}
      </div>
      {error && (
        <p class="error" id="stars-error">
          {error}
        </p>
      )}
    </fieldset>
  );
}
