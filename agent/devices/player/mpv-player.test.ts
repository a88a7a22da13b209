/** The real mpv through node-mpv keeps the player's contract, and what only a real one can show. */
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { MpvRig } from './mpv-rig.fixture.ts';
import { makeMpvRig } from './mpv-rig.fixture.ts';
import { playerContract } from './player.contract.ts';
import { LINE_IN } from './seam.ts';
import type { Playback } from './seam.ts';

playerContract('MpvPlayer', makeMpvRig);

describe('the player over mpv', () => {
  let rig: MpvRig;
  beforeEach(async () => {
    rig = await makeMpvRig();
    await rig.player.open();
  });
  afterEach(async () => {
    await rig.player.close();
    await rig.close();
  });

  const playback = (tracks: Playback['tracks'], more: Partial<Playback> = {}): Playback => ({
    ...{ key: 'a', tracks, startIndex: 0, offsetMs: 0, passes: 1, volume: 100 },
    ...more,
  });

  it('opens nothing that is neither a file nor a stream', async () => {
    for (const uri of ['memory://x', 'av://lavfi:sine', 'edl://x', '-', 'relative.wav']) {
      const track = { uri, sha256: null, durationMs: 1_000 };
      expect(await rig.player.cue(playback([rig.short, track]))).toMatchObject({
        failure: { code: 'file-missing' },
      });
    }
  });

  it('says that a stream does not answer', async () => {
    const track = { uri: 'http://127.0.0.1:9/live', sha256: null, durationMs: null };
    expect(await rig.player.cue(playback([track]))).toMatchObject({ failure: { code: 'stream-failed' } });
  });

  it('fades to silence instead of breaking off', async () => {
    await rig.player.replace(playback([rig.long]), null);
    await rig.pass(1_000);
    const fadedUpMs = rig.upMs();
    await rig.player.stop(400);
    await rig.pass(300);
    const endUpMs = rig.heard().at(-1)?.toUpMs ?? 0;
    expect(endUpMs).toBeGreaterThan(fadedUpMs + 250);
    expect(endUpMs).toBeLessThan(fadedUpMs + 1_500);
  });

  it('plays at the volume it was given, on the cube that mpv hears', async () => {
    await rig.player.replace(playback([rig.short], { volume: 50 }), null);
    await rig.pass(900);
    const peak = rig.ear.soundings()[0]?.peak ?? 0;
    expect(peak).toBeGreaterThan(16_000 * 0.125 * 0.9);
    expect(peak).toBeLessThan(16_000 * 0.125 * 1.1);
    // −6.2 dBFS in the file, 18.1 dB less by the volume.
    expect(rig.player.observe().playback?.peakDbfs).toBe(-24);
  });

  it('plays the line that is configured: its pitch, at the volume it was given', async () => {
    await rig.player.replace(playback([LINE_IN], { volume: 50 }), null);
    await rig.pass(1_500);
    const heard = rig.ear.soundings()[0];
    expect(heard?.startHz).toBeGreaterThan(280);
    expect(heard?.startHz).toBeLessThan(320);
    expect(heard?.peak).toBeLessThan(16_000 * 0.125 * 1.2);
    // −6.2 dBFS at the line where the server passes it on as it is, 18.1 dB less by the volume.
    expect(rig.player.observe().playback?.peakDbfs).toBeLessThan(-20);
  });

  it('tells a line without any sound by its level, however long it plays', async () => {
    rig.receiver.end();
    await rig.pass(500);
    await rig.player.replace(playback([LINE_IN]), null);
    await rig.pass(1_500);
    const { moving, playback: numbers } = rig.player.observe();
    expect([moving, numbers?.peakDbfs]).toEqual([true, -120]);
    expect(rig.heard()).toEqual([]);
  });

  it('U05 opens no line that a file names, nor one that a track spells like ours', async () => {
    const named = {
      'm3u.mp3': '#EXTM3U\nav://pulse:radio.monitor\n',
      'pls.wav': '[playlist]\nFile1=av://pulse:radio.monitor\n',
    };
    for (const [name, text] of Object.entries(named)) {
      const uri = join(rig.folder, name);
      await writeFile(uri, text);
      await rig.player.replace(playback([{ uri, sha256: null, durationMs: 1_000 }]), null);
      await rig.pass(600);
      expect(rig.player.observe()).toMatchObject({ state: 'failed', line: 'closed' });
    }
    expect(await rig.player.replace(playback([{ ...LINE_IN }]), null)).toMatchObject({
      failure: { code: 'file-missing' },
    });
    await rig.pass(600);
    expect(rig.heard()).toEqual([]);
  });

  it('names the output that it really plays to', async () => {
    await rig.player.replace(playback([rig.short]), null);
    expect(rig.player.observe().output).toBe('pulse/box1');
  });
});
