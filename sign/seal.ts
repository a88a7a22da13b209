/** What must stay secret on a signer's disk: text sealed with a passphrase in an age file, which `age -d` opens too. */
import { armor, Decrypter, Encrypter } from 'age-encryption';
import { done, refused } from './text.ts';
import type { Outcome } from './text.ts';

/** The work factor of age's own program; 2^18 rounds of scrypt take about a second. */
const WORK_FACTOR = 18;
const MIN_PASSPHRASE = 12;

export function passphraseFault(passphrase: string): Outcome<string> {
  // Two keyboards may spell one Vietnamese letter in two ways: the passphrase is its NFC form.
  const spelled = passphrase.normalize('NFC');
  return Array.from(spelled).length >= MIN_PASSPHRASE
    ? done(spelled)
    : refused(
        `Mật khẩu phải có ít nhất ${MIN_PASSPHRASE} ký tự; bốn, năm từ không liên quan là tốt nhất.`,
        `The passphrase must have at least ${MIN_PASSPHRASE} characters; four or five unrelated words are best.`,
      );
}

export async function sealText(plain: string, passphrase: string, workFactor = WORK_FACTOR): Promise<string> {
  const encrypter = new Encrypter();
  encrypter.setPassphrase(passphrase.normalize('NFC'));
  encrypter.setScryptWorkFactor(workFactor);
  return armor.encode(await encrypter.encrypt(plain));
}

/** `damaged` is the answer where the passphrase is not what is wrong. */
export async function openSealed(
  file: string,
  passphrase: string,
  damaged: Outcome<never>,
): Promise<Outcome<string>> {
  const decrypter = new Decrypter();
  decrypter.addPassphrase(passphrase.normalize('NFC'));
  try {
    return done(await decrypter.decrypt(armor.decode(file), 'text'));
  } catch (error) {
    return error instanceof Error && error.message.startsWith('no identity matched')
      ? refused(
          'Sai mật khẩu (hoặc đầu tệp bị hỏng).',
          'Wrong passphrase (or the beginning of the file is damaged).',
        )
      : damaged;
  }
}
