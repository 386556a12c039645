// Copied by tasks.py beside static/vendor/socket.io.esm.min.js, so that its importers know its types.
export * from "socket.io-client";
