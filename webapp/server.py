"""Runs the dashboard's web server from its first line to its last."""

from __future__ import annotations

import logging
import os
import signal
import sys
import threading
import webbrowser
from collections.abc import Iterator
from contextlib import closing, contextmanager
from dataclasses import replace
from socket import getaddrinfo

import gevent
from filelock import FileLock, Timeout
from gevent import socket
from gevent.event import Event
from gevent.pool import Pool
from gevent.pywsgi import WSGIServer

from webapp.app import create_app
from webapp.config import Config
from webapp.storage.database import DatabaseError

MAX_CONNECTIONS = 1000
BACKLOG = 256
SECONDS_FOR_REQUESTS = 0.5
SECONDS_FOR_SHUTDOWN = 4.8
EVERY_ADDRESS = {"0.0.0.0": "127.0.0.1", "::": "::1"}  # noqa: S104 - where to find it on this machine


class StartError(Exception):
    """The server cannot start; the text is one line that says why and what to do."""


def serve(config: Config) -> int:
    """Serve until SIGINT or SIGTERM, and put everything away within 5 seconds; the exit code of the program.

    `config.make_folders()` has been called. Prints one line when the server answers.
    """
    logging.basicConfig(level=logging.WARNING, format="%(asctime)s %(levelname)s %(name)s: %(message)s")
    asked_to_end = _end_on_signals()
    try:
        with _sole_use_of(config), closing(_listen(config.host, config.port)) as listener:
            _serve_on(listener, replace(config, port=listener.getsockname()[1]), asked_to_end)
    except (StartError, DatabaseError) as error:
        print(f"misfit: {error}", file=sys.stderr)
        return 1
    return 0


def _serve_on(listener: socket.socket, config: Config, asked_to_end: Event) -> None:
    app = create_app(config)
    http = WSGIServer(listener, app.wsgi, spawn=Pool(MAX_CONNECTIONS), log=None)
    http.start()
    try:
        app.start()
        address = _address(config)
        print(f"Misfit is ready at {address}", flush=True)
        if config.open_browser and _has_screen():
            threading.Thread(target=webbrowser.open, args=(address,), daemon=True).start()
        asked_to_end.wait()
    finally:
        _exit_in_any_case()
        http.stop_accepting()
        app.close()
        http.stop(timeout=SECONDS_FOR_REQUESTS)


def _end_on_signals() -> Event:
    """An event that is set once the program is asked to end.

    A handler of Python's own could run in the middle of any greenlet, and an exception raised there be swallowed; a
    watcher of the event loop cannot.
    """
    asked_to_end = Event()
    watcher = gevent.get_hub().loop.async_()
    watcher.start(asked_to_end.set)
    for name in ("SIGINT", "SIGTERM", "SIGBREAK"):
        if hasattr(signal, name):
            signal.signal(getattr(signal, name), lambda *_: watcher.send())
    return asked_to_end


def _exit_in_any_case() -> None:
    """Should something not end in time, end the process: its workers end with it, the next start marks their runs."""
    timer = threading.Timer(SECONDS_FOR_SHUTDOWN, os._exit, args=(1,))
    timer.daemon = True
    timer.start()


@contextmanager
def _sole_use_of(config: Config) -> Iterator[None]:
    """Keep other servers off the data folder; the system lets go of the lock however this process ends."""
    lock = FileLock(config.lock_path, timeout=0)
    try:
        lock.acquire()
    except Timeout:
        raise StartError(
            f"another server already uses the folder {config.data_dir}; stop it, or give this one its own --data-dir"
        ) from None
    except OSError as error:
        raise StartError(f"the folder {config.data_dir} cannot be locked: {error.strerror}") from error
    try:
        yield
    finally:
        lock.release()


def _listen(host: str, port: int) -> socket.socket:
    """A socket that queues connections to this address."""
    try:
        # gevent's own getaddrinfo prints a traceback for a name that cannot be looked up.
        family, kind, protocol, _, address = getaddrinfo(host, port, type=socket.SOCK_STREAM, flags=socket.AI_PASSIVE)[
            0
        ]
        listener = socket.socket(family, kind, protocol)
    except (OSError, UnicodeError) as error:
        raise StartError(f"--host {host} is not an address of this machine: {_reason(error)}") from error
    try:
        # On Windows SO_REUSEADDR would let two servers share a port; elsewhere it only skips the wait after a restart.
        option = getattr(socket, "SO_EXCLUSIVEADDRUSE", socket.SO_REUSEADDR)
        listener.setsockopt(socket.SOL_SOCKET, option, 1)
        # Accepted sockets inherit it. pywsgi sends the headers, then the body; Nagle would hold that back for 40 ms.
        listener.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        listener.bind(address)
        listener.listen(BACKLOG)
        listener.setblocking(False)
    except OSError as error:
        listener.close()
        raise StartError(
            f"{host}:{port} cannot be listened on: {_reason(error)}; choose another with --port, or --port 0 for any"
        ) from error
    return listener


def _reason(error: Exception) -> str:
    return getattr(error, "strerror", None) or str(error)


def _address(config: Config) -> str:
    host = EVERY_ADDRESS.get(config.host, config.host)
    return f"http://[{host}]:{config.port}" if ":" in host else f"http://{host}:{config.port}"


def _has_screen() -> bool:
    """Whether a browser has somewhere to open; without a screen, Linux might open a text browser in this terminal."""
    return not sys.platform.startswith("linux") or any(
        os.environ.get(name) for name in ("DISPLAY", "WAYLAND_DISPLAY", "BROWSER")
    )
