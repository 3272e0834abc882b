import { randomInt } from 'node:crypto';
import { setTimeout as pause } from 'node:timers/promises';
import { messageOf } from '../../src/common';
import { between, unit } from '../simulator/random';
import type { ChaosCase } from './rig/chaos-case';
import type { ChaosOptions, ChaosWorld } from './rig/chaos-world';
import { GOOD } from './rig/database-faults';
import { type Aim, KillRange, type Landing, type Shot } from './rig/kill-range';
import { Replicas } from './rig/replicas';

/** CHAOS_KILLS sets another number. */
const KILLS = Number(process.env['CHAOS_KILLS'] ?? (process.env['CHAOS_FULL'] === '1' ? 200 : 4));
/** From so many on, every place has to have been hit. */
const MANY = 100;
/** The kills of a run are planned by it: CHAOS_SEED repeats the plan. */
const SEED = Number(process.env['CHAOS_SEED'] ?? randomInt(2 ** 31));

/** Half of the kills come at any moment of a run, the others where a run is seldom found by chance. */
const AIMS: readonly Aim[] = ['any', 'begun', 'any', 'asked', 'any', 'storing', 'any', 'stored'];
const DATASETS = ['pools', 'subnets', 'pools', 'tao_price'];
/** Two are alive, one is killed and the other takes over, while those of the kills before start again. */
const PROCESSES = 4;
const SAID_EVERY = 20;

async function killOnce(range: KillRange, kill: number): Promise<{ shot: Shot; landing: Landing }> {
  const dataset = DATASETS[Math.floor(unit(SEED, kill, 1) * DATASETS.length)] ?? 'pools';
  const aim = AIMS[kill % AIMS.length] ?? 'any';
  const shot = await range.begin(dataset, aim);
  await pause(between(0, shot.spanMs, SEED, kill, 2));
  const landing = await range.kill(shot, unit(SEED, kill, 3));
  expect(await range.findHalves(shot)).toEqual([]);
  await range.takeOver(shot);
  expect(await range.findDifferences(shot)).toEqual([]);
  return { shot, landing };
}

async function killAll(world: ChaosWorld): Promise<Map<Landing, number>> {
  const landings = new Map<Landing, number>();
  const shots: Shot[] = [];
  await world.service.stop();
  const replicas = await Replicas.start(world, PROCESSES);
  try {
    const range = new KillRange(world, replicas);
    await range.measure(DATASETS);
    for (let kill = 0; kill < KILLS; kill += 1) {
      const { shot, landing } = await killOnce(range, kill).catch((error: unknown) => {
        throw new Error(`kill ${kill} of CHAOS_SEED=${SEED}: ${messageOf(error)}`, { cause: error });
      });
      shots.push(shot);
      landings.set(landing, (landings.get(landing) ?? 0) + 1);
      if ((kill + 1) % SAID_EVERY === 0) say(kill + 1, landings);
    }
    await range.restarted();
    expect(await range.findSecondRuns(shots)).toEqual([]);
    expect(replicas.findFaults()).toEqual([]);
  } finally {
    await replicas.stop();
    await world.service.restart();
  }
  return landings;
}

function say(kills: number, landings: ReadonlyMap<Landing, number>): void {
  const counts = [...landings].map(([landing, count]) => `${count} ${landing}`).join(', ');
  process.stderr.write(`X1: ${kills} kills with CHAOS_SEED=${SEED}: ${counts}\n`);
}

/** Nothing of the network is at fault here: a machine that is busy with starting processes is waited for. */
export const KILL_WORLD: ChaosOptions = {
  ownPostgres: true,
  environment: { API_CONNECT_TIMEOUT_SECONDS: '20', API_READ_TIMEOUT_SECONDS: '30' },
};

export const KILL_CASES: readonly ChaosCase[] = [
  {
    id: 'X1',
    title: `kill -9 at ${KILLS} random points of a run`,
    async inject(world) {
      const landings = await killAll(world);
      say(KILLS, landings);
      // Kills that all landed in one place would have proved nothing of the others.
      if (KILLS >= MANY) expect([...landings.keys()]).toEqual(expect.arrayContaining([...WANTED]));
    },
    async expect(world) {
      expect(GOOD).toContain((await world.scheduled('pools')).state);
    },
    shows: { nothing: 'a process that is gone shows nothing' },
    exempt: { I7: 'the processes were killed on purpose' },
  },
];

const WANTED: readonly Landing[] = [
  'before the fetch',
  'during the fetch',
  'between fetch and storing',
  'in the transaction',
  'after the commit',
];
