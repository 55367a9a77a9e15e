import { runVerify } from "./command";

runVerify(process.argv.slice(2)).then(
  // Open connections of the AWS clients would keep the process for seconds.
  (status) => process.exit(status),
  (thrown: unknown) => {
    console.error(thrown);
    process.exit(1);
  },
);
