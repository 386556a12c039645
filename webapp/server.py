"""The life cycle of the web server: lock, listen, serve, shut down."""

from __future__ import annotations

import errno
import logging
import os
import signal
import sys
import threading
import webbrowser
from collections.abc import Iterator
from contextlib import closing, contextmanager, suppress
from dataclasses import replace
from socket import getaddrinfo, socketpair
from time import sleep

import gevent
from filelock import FileLock, Timeout
from gevent import socket
from gevent.event import Event
from gevent.pool import Pool

from nn.atomic_write import remove_leftovers
from nn.datasets import BUILT_IN_DATASETS
from webapp.app import create_app
from webapp.config import Config
from webapp.http_server import HttpServer
from webapp.storage.database import DatabaseError

MAX_CONNECTIONS = 1000
BACKLOG = 256
SECONDS_PER_HOUR = 3600
SECONDS_FOR_REQUESTS = 0.5
SECONDS_FOR_SHUTDOWN = 4.8
FIRST_UNPRIVILEGED_PORT = 1024
HOST_REMEDY = "use 127.0.0.1 for this machine alone, or 0.0.0.0 for every network that it is in"
SHUTDOWN_SIGNALS = [getattr(signal, name) for name in ("SIGINT", "SIGTERM", "SIGBREAK") if hasattr(signal, name)]
LOOPBACK_OF = {"0.0.0.0": "127.0.0.1", "::": "::1"}  # noqa: S104 - these hosts mean every network interface


class StartError(Exception):
    """A failure to start. The text is one line with the cause and the remedy."""


def serve(config: Config) -> int:
    """Serve until SIGINT or SIGTERM, shut down within 5 seconds, and return the exit code.

    Call `config.make_folders()` first. The function prints one line as soon as the server accepts requests.
    """
    logging.basicConfig(level=logging.WARNING, format="%(asctime)s %(levelname)s %(name)s: %(message)s")
    shutdown_requested = _watch_signals()
    try:
        with _lock_data_dir(config), closing(listen(config.host, config.port)) as listener:
            _serve_on(listener, with_address(config, *listener.getsockname()[:2]), shutdown_requested)
    except (StartError, DatabaseError) as error:
        print(f"misfit: {error}", file=sys.stderr)
        return 1
    return 0


def _serve_on(listener: socket.socket, config: Config, shutdown_requested: Event) -> None:
    _remove_leftovers(config)
    app = create_app(config)
    http = HttpServer(listener, app.wsgi, spawn=Pool(MAX_CONNECTIONS), log=None)
    http.start()
    try:
        app.start()
        url = _base_url(config)
        with suppress(OSError):  # the output can be a file on a full disk
            print(f"Misfit is ready at {url}", flush=True)
        if config.open_browser and _has_display():
            threading.Thread(target=webbrowser.open, args=(url,), daemon=True).start()
        shutdown_requested.wait()
    finally:
        http.stop_accepting()
        app.close()
        http.stop(timeout=SECONDS_FOR_REQUESTS)


def _remove_leftovers(config: Config) -> None:
    """Remove the temporary files of killed servers and workers.

    Other servers may be downloading into the folder of the data sets, but they write at least once a minute.
    """
    for folder in (config.runs_dir, config.cache_dir):
        remove_leftovers(folder)
    for spec in BUILT_IN_DATASETS:
        remove_leftovers(config.datasets_dir / spec.name, SECONDS_PER_HOUR)


def _watch_signals() -> Event:
    """Return an event that SIGINT or SIGTERM sets.

    A signal handler runs inside an arbitrary greenlet, and that greenlet may suppress exceptions of the handler.
    Therefore, the handler only wakes a watcher of the event loop, and the watcher sets the event. A second Ctrl-C ends
    the process at once, and the workers end with it.
    """
    received: list[int] = []

    def handle(number: int, _frame: object) -> None:
        if received and number == signal.SIGINT:
            os._exit(128 + number)
        received.append(number)
        watcher.send()

    shutdown_requested = Event()
    watcher = gevent.get_hub().loop.async_()
    watcher.start(shutdown_requested.set)
    for number in SHUTDOWN_SIGNALS:
        signal.signal(number, handle)
    _start_deadline()
    return shutdown_requested


def _start_deadline() -> None:
    """Start a thread that exits the process SECONDS_FOR_SHUTDOWN after a signal, whatever the main thread does.

    A signal handler of Python waits for the main thread, but the system writes the number of the signal to the socket
    at once. The workers end with the process. The next start of the server marks their runs as interrupted.
    """
    receiver, sender = socketpair()
    sender.setblocking(False)
    signal.set_wakeup_fd(sender.fileno(), warn_on_full_buffer=False)

    def exit_after_signal() -> None:
        with receiver, sender:
            while receiver.recv(1)[0] not in SHUTDOWN_SIGNALS:
                pass
            sleep(SECONDS_FOR_SHUTDOWN)
            os._exit(1)

    threading.Thread(target=exit_after_signal, daemon=True).start()


@contextmanager
def _lock_data_dir(config: Config) -> Iterator[None]:
    """Prevent other servers from using the data folder. The system releases the lock even if this process crashes."""
    lock = FileLock(config.lock_path, timeout=0)
    try:
        lock.acquire()
    except Timeout:
        raise StartError(
            f"another server already uses the folder {config.data_dir}; stop it, or choose another --data-dir"
        ) from None
    except OSError as error:
        raise StartError(
            f"cannot lock the folder {config.data_dir} ({error.strerror}); choose another --data-dir"
        ) from error
    try:
        yield
    finally:
        lock.release()


def listen(host: str, port: int) -> socket.socket:
    """Return a socket that listens on this address. Raises StartError."""
    try:
        # The getaddrinfo of gevent prints a traceback for an unknown name, so this is the one of the standard library.
        family, kind, protocol, _, address = getaddrinfo(host, port, type=socket.SOCK_STREAM, flags=socket.AI_PASSIVE)[
            0
        ]
        listener = socket.socket(family, kind, protocol)
    except (OSError, UnicodeError) as error:
        raise StartError(
            f"--host {host} is not an address of this machine ({_reason(error)}); {HOST_REMEDY}"
        ) from error
    try:
        # On Windows, SO_REUSEADDR lets two servers share a port. Elsewhere, it only allows a restart without a wait.
        option = getattr(socket, "SO_EXCLUSIVEADDRUSE", socket.SO_REUSEADDR)
        listener.setsockopt(socket.SOL_SOCKET, option, 1)
        # Accepted sockets inherit this option. pywsgi sends the headers and the body separately; Nagle's algorithm
        # would delay the body by 40 ms.
        listener.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        listener.bind(address)
        listener.listen(BACKLOG)
        listener.setblocking(False)
    except OSError as error:
        listener.close()
        raise StartError(_listen_problem(host, port, error)) from error
    return listener


def _listen_problem(host: str, port: int, error: OSError) -> str:
    other_port = "choose another port with --port, or a free one with --port 0"
    match error.errno:
        case errno.EADDRNOTAVAIL:
            return f"--host {host} is not an address of this machine; {HOST_REMEDY}"
        case errno.EADDRINUSE:
            return f"another program already listens on {host}:{port}; {other_port}"
        case errno.EACCES | errno.EPERM if port < FIRST_UNPRIVILEGED_PORT:
            return f"port {port} needs the rights of an administrator; choose a port from 1024 with --port"
        case _:
            return f"cannot listen on {host}:{port} ({_reason(error)}); {other_port}"


def _reason(error: Exception) -> str:
    return getattr(error, "strerror", None) or str(error)


def with_address(config: Config, address: str, port: int) -> Config:
    """Insert the port, and the address if it means every interface, which `--host` can spell in several ways."""
    return replace(config, host=address if address in LOOPBACK_OF else config.host, port=port)


def _base_url(config: Config) -> str:
    host = LOOPBACK_OF.get(config.host, config.host)
    return f"http://[{host}]:{config.port}" if ":" in host else f"http://{host}:{config.port}"


def _has_display() -> bool:
    """Return True if a browser can open a window. Without a display, Linux may open a text browser in the terminal."""
    return not sys.platform.startswith("linux") or any(
        os.environ.get(name) for name in ("DISPLAY", "WAYLAND_DISPLAY", "BROWSER")
    )
