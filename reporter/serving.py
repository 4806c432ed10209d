"""The server and its worker as processes: started together, ended together."""

import os
import signal
import socket
import subprocess
import sys
import threading
import time

from flask import Flask
from granian import Granian
from granian.constants import Interfaces

from reporter import create_app
from reporter.config import Settings
from reporter.rules.errors import BadSetting


def serve(settings: Settings, *, host: str, port: int) -> None:
    """Serve until SIGTERM or SIGINT; the worker beside the server ends with it, also when this process is killed."""
    helper = subprocess.Popen([sys.executable, "-m", "reporter", "worker", "--parent", str(os.getpid())])
    try:
        Granian(
            "reporter.serving:web_process",
            factory=True,
            address=host,
            port=port,
            interface=Interfaces.WSGI,
            workers=settings.processes,
            blocking_threads=settings.threads,
            workers_kill_timeout=10,
            respawn_failed_workers=True,
            log_level="warning",  # type: ignore[arg-type]
        ).serve()
    finally:
        helper.terminate()
        try:
            helper.wait(timeout=15)
        except subprocess.TimeoutExpired:
            helper.kill()


def web_process() -> Flask:
    """The application in one of the processes that answer; it ends with the one that started it, even if killed."""
    threading.Thread(target=_end_with, args=(os.getppid(),), daemon=True).start()
    return create_app()


def _end_with(parent: int) -> None:
    while os.getppid() == parent:
        time.sleep(0.5)
    os.kill(os.getpid(), signal.SIGTERM)


def check_port(host: str, port: int) -> None:
    """Raise BadSetting where nobody can listen there; the server itself would only say so in its log."""
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    with socket.socket(family) as trial:
        trial.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            trial.bind((host, port))
        except OSError as error:
            raise BadSetting(
                f"{host}:{port} cannot be used ({error.strerror}). Choose another with --host or --port."
            ) from error
