// Holds the lock in a process of its own, says so, and says when the lock is lost.
import { S3Client } from '@aws-sdk/client-s3';

const { library, clientConfig, bucketName, holder, leaseMilliseconds } = JSON.parse(process.argv[2]);
const { holdLock } = await import(library);
const s3 = new S3Client(clientConfig);
const claim = { s3, bucketName, leaseMilliseconds, now: Date.now };
const lock = await holdLock({ ...claim, holder: { ...holder, processId: process.pid } });
process.stdout.write('held\n');
lock.signal.addEventListener('abort', () => process.stdout.write(`${lock.lost.code}\n`));
setInterval(() => {}, 1_000);
