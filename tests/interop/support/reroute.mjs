// tenpay has WeChat's address written in its code. It runs as it is: only the connection that Node opens for it goes
// to the sandbox instead, with the sandbox's certificate checked for 127.0.0.1. A connection to any other host is refused,
// so that no test can reach the internet.
import https from 'node:https';

export function reroute(hosts, target) {
  const { hostname, port } = new URL(target);
  const original = https.Agent.prototype.createConnection;
  https.Agent.prototype.createConnection = function createConnection(options, ...rest) {
    if (!hosts.includes(options.host)) throw new Error(`the tests must not connect to ${options.host}`);
    return original.call(this, { ...options, host: hostname, hostname, port: Number(port), servername: '' }, ...rest);
  };
}
