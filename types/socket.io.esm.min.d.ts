// Types of socket.io.esm.min.js. tasks.py copies this file to static/vendor/.
export * from "socket.io-client";
