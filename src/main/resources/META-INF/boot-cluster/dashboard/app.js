// Brings the parts of the page together. News come in at one place, the connection, and
// each part shows its share of them.

import { Api } from "./api.js";
import { Charts } from "./charts.js";
import { Commands } from "./commands.js";
import { Connection } from "./connection.js";
import { History } from "./history.js";
import { Log } from "./log.js";
import { Overview } from "./overview.js";
import { Timeline } from "./timeline.js";
import { withoutGuesses } from "./traffic.js";
import { Workers } from "./workers.js";

const { endpoint, stream, commanding } = document.body.dataset;

const api = new Api(endpoint);
const history = new History();
const commands = commanding === "true" ? new Commands(api) : null;
const overview = new Overview();
const charts = new Charts(history);
const timeline = new Timeline();
const log = new Log(api);
const workers = new Workers(history, (worker) => log.open(worker), commands);

new Connection(api, stream, {
  cluster(told) {
    const cluster = withoutGuesses(told);
    const now = api.now();
    history.add(cluster);
    overview.show(cluster, now);
    charts.show();
    workers.show(cluster, now);
    log.show(cluster.workers);
    commands?.show(cluster);
  },
  events: (entries) => timeline.add(entries),
  restarted() {
    history.clear();
    timeline.clear();
    log.restarted();
  },
  link: (state) => overview.showLink(state),
}).start();
