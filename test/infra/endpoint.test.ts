import { isLoopback, parseEndpoint } from "../../infra/config/endpoint";

test.each([
  ["localhost:6543", { host: "localhost", port: 6543 }],
  ["db.example.com:1", { host: "db.example.com", port: 1 }],
  ["10.0.0.5:65535", { host: "10.0.0.5", port: 65535 }],
  ["[::1]:6543", { host: "::1", port: 6543 }],
  ["a:5432", { host: "a", port: 5432 }],
])("%s is an endpoint", (text, endpoint) => {
  expect(parseEndpoint(text)).toEqual(endpoint);
});

test.each([
  ...["", "localhost", ":6543", "localhost:", "localhost:0", "localhost:65536", "localhost:123456"],
  ...["localhost:6543/db", "::1:6543", "[::1]", "-db:5432", "db-:5432", "db example:5432", "user@db:5432"],
  ...["postgresql://localhost:6543", "localhost:6543 ", "localhost:6543\n", "localhost:-1", "localhost:5e3"],
])("'%s' is not an endpoint", (text) => {
  expect(parseEndpoint(text)).toBeUndefined();
});

test.each([
  ["localhost", true],
  ["127.0.0.1", true],
  ["127.1.2.3", true],
  ["::1", true],
  ["10.0.0.5", false],
  ["localhost.example.com", false],
  ["ecomos-prod.c0ffee.us-east-1.rds.amazonaws.com", false],
])("%s is this machine: %s", (host, expected) => {
  expect(isLoopback(host)).toBe(expected);
});
