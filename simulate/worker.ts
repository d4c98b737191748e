import { parentPort, workerData } from 'node:worker_threads';
import { runSeed, type RunSettings } from './run';

for (const settings of workerData as RunSettings[]) parentPort?.postMessage(runSeed(settings));
