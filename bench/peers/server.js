// The sample's /hello, for Node: who answers, after as much work as asked for. PORT says where to listen, CRASH_AFTER
// ("1-3", whole seconds) when to die, as the workers of the book's crash test do.
'use strict';
const http = require('http');

let residue = 0;
let closing = false;

// As many steps as the sample's loop, each of which needs the result of the one before. JavaScript has no 64-bit integers
// that a processor could multiply at once, so this one has 32 bits; a step takes a processor the same time.
function burn(loops) {
  let value = Date.now() | 0;
  for (let round = 0; round < loops; round++) {
    value = (Math.imul(value, 1664525) + 1013904223) | 0;
  }
  return value;
}

const server = http.createServer((request, response) => {
  const url = new URL(request.url, 'http://localhost');
  if (url.pathname !== '/hello') {
    response.writeHead(404).end();
    return;
  }
  const loops = Number(url.searchParams.get('loops') || 0);
  if (loops > 0) {
    residue ^= burn(loops);
  }
  response.setHeader('Content-Type', 'text/plain');
  if (closing) {
    response.setHeader('Connection', 'close');
  }
  response.end(`Hello from ${process.pid}\n`);
});

// Else connections that are idle for 5 s are closed, and what meets that is lost.
server.keepAliveTimeout = 600_000;
server.listen(Number(process.env.PORT), '127.0.0.1', () => {
  if (process.send) {
    process.send('ready');
  }
  if (process.env.CRASH_AFTER) {
    const [from, to] = process.env.CRASH_AFTER.split('-').map(Number);
    const seconds = from + Math.floor(Math.random() * (to - from + 1));
    setTimeout(() => process.exit(1), seconds * 1000);
  }
});
// What PM2 sends first when it reloads: no new connections, and each of the others ends with its next answer, so that no request
// meets a connection that is being closed. Only those that had none in a second are closed as they are.
process.on('SIGINT', () => {
  closing = true;
  server.close(() => process.exit(0));
  setTimeout(() => server.closeIdleConnections(), 1000);
});
