/** A kernel driver that hangs on its bus keeps nobody waiting: the answer of a GPIO line, or a fault. */

/** Rejects where there is no answer within so long; the call itself goes on in the kernel. */
export function inTime<T>(answer: Promise<T>, answerMs: number): Promise<T> {
  return new Promise((resolve, reject) => {
    const late = setTimeout(() => {
      reject(new Error('the line does not answer'));
    }, answerMs);
    void answer.then(resolve, reject).finally(() => {
      clearTimeout(late);
    });
  });
}
