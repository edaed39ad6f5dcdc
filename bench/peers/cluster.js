// Node's cluster module as the book uses it: a worker for each of WORKERS, and another one for each that crashed.
'use strict';
const cluster = require('cluster');

if (!cluster.isPrimary) {
  require('./server.js');
  return;
}

let listening = 0;
for (let i = 0; i < Number(process.env.WORKERS); i++) {
  cluster.fork();
}
cluster.on('listening', () => {
  if (++listening === Number(process.env.WORKERS)) {
    console.log('all listen');
  }
});
cluster.on('exit', (worker, code) => {
  if (code !== 0 && !worker.exitedAfterDisconnect) {
    console.log(`worker ${worker.process.pid} crashed`);
    cluster.fork();
  }
});
process.on('SIGTERM', () => {
  cluster.removeAllListeners('exit');
  cluster.disconnect();
  for (const worker of Object.values(cluster.workers)) {
    worker.process.kill('SIGKILL');
  }
  process.exit(0);
});
