// Loaded before a host: whoever asks for the SDK gets the release before the pinned one.
const Module = require("node:module");

const resolve = Module._resolveFilename;
Module._resolveFilename = function (request, ...rest) {
  return resolve.call(this, request.replace(/^@pulumi\/pulumi(?=$|\/)/, "pulumi-sdk-before"), ...rest);
};
