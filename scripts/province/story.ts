/** Plays the storyboard: waits for each instant, does what people and the world do, and tells it in short lines. */
import { setTimeout as sleep } from 'node:timers/promises';
import { ulid } from 'ulid';
import { alertOrder, planOf, warningOrder } from './documents.ts';
import type { Round } from './documents.ts';
import { louder } from './proxy.ts';
import { ALERT, WARNING } from './programmes.ts';
import { CUT_BOX, EVENTS, PLACES, TAMPERED_BOX } from './storyboard.ts';
import type { RunningBox, World } from './world.ts';

export type Say = (line: string) => void;

const nowS = () => Date.now() / 1000;

/** Tells a line with the seconds since the first instant before it. */
export function teller(startS: number): Say {
  return (line) => {
    const since = Math.round(nowS() - startS);
    const minutes = `${since < 0 ? '-' : '+'}${Math.floor(Math.abs(since) / 60)}:${String(Math.abs(since) % 60).padStart(2, '0')}`;
    console.log(`${minutes.padStart(6)}  ${line}`);
  };
}

export async function playStory(world: World, round: Round, say: Say): Promise<void> {
  const { startS } = round;
  const at = async (atS: number, act: () => Promise<void> | void) => {
    await sleep(Math.max(0, (startS + atS - nowS()) * 1000));
    await act();
  };
  const cut = boxNamed(world, CUT_BOX);
  const tampered = boxNamed(world, TAMPERED_BOX);
  await at(0, () => {
    say('chương trình đầu tiên trên ba loa · the first programme sounds on three loudspeakers');
  });
  await at(EVENTS.cutS, () => {
    cut.line.cut();
    say(`${placeOf(cut)}: đứt mạng, lịch vẫn chạy · the cable is pulled, the schedule goes on`);
  });
  await at(EVENTS.tamperS, async () => {
    tampered.line.tamper(louder);
    await publishSecondPlan(world, round);
    say(
      `${placeOf(tampered)}: có kẻ sửa kế hoạch mới cho to hơn · on its way somebody makes the new plan louder`,
    );
  });
  await at(EVENTS.honestS, async () => {
    const refused = await refusalsOf(world, tampered.dev);
    tampered.line.tamper(null);
    say(
      `${placeOf(tampered)}: hộp từ chối ${refused} lần, không có gì xảy ra · refused ${refused} times, nothing happened`,
    );
  });
  await at(EVENTS.warningS, async () => {
    // Each officer may sound four stored warnings an hour (protocol V16), so they take turns.
    const officer = world.people.officers[round.index % world.people.officers.length];
    if (officer === undefined) return;
    await world.staff.send(warningOrder(ulid(), Math.floor(nowS())), [officer]);
    say(`một cán bộ bấm “${WARNING.title}” · one officer sounds the stored siren`);
  });
  await at(EVENTS.mendS, () => {
    cut.line.mend();
    say(`${placeOf(cut)}: có mạng lại, bản ghi được gửi lên · the cable is back, records go up`);
  });
  await at(EVENTS.alertS, async () => {
    const order = alertOrder(ulid(), Math.floor(nowS()), world.recordings.alert.media);
    await world.staff.send(order, world.people.officers.slice(0, 2));
    say(`hai cán bộ phát báo động: “${ALERT.text}” · two officers raise an alert; programmes go on after it`);
  });
  await at(EVENTS.endS, () => {
    say('hết kịch bản · the storyboard is over');
  });
}

async function publishSecondPlan({ staff, people, recordings }: World, round: Round): Promise<void> {
  const area = '56.22528';
  await staff.publish(planOf(area, 'second', round, recordings), people.publishers.get(area) ?? []);
}

async function refusalsOf({ staff }: World, dev: string): Promise<number> {
  const box = (await staff.fleet()).boxes.find((each) => each.dev === dev);
  return Object.values(box?.status?.rejects ?? {}).reduce((sum, count) => sum + count, 0);
}

export function boxNamed({ boxes }: World, name: string): RunningBox {
  const box = boxes.find((each) => each.name === name);
  if (box === undefined) throw new Error(`no box ${name}`);
  return box;
}

export function placeOf({ area }: RunningBox): string {
  return PLACES[area]?.vi ?? area;
}
