/** Publications follow one another: each is judged against what the one before it left. */

export type OneAtATime = <T>(job: () => Promise<T>) => Promise<T>;

export function oneAtATime(): OneAtATime {
  let last: Promise<unknown> = Promise.resolve();
  return (job) => {
    // A job that failed has told its own caller; the next one starts all the same.
    const mine = last.then(job, job);
    last = mine;
    return mine;
  };
}
