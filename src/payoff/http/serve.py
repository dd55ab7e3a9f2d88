"""Listening. Only on this machine, while there is no sign-in."""

from __future__ import annotations

import socket

from fastapi import FastAPI

from payoff.errors import Refused
from payoff.http.guard import LOOPBACK


def serve(app: FastAPI, host: str = "127.0.0.1", port: int = 8000) -> None:
    """Answer until stopped. Raises `Refused` for a host other machines could reach."""
    check_host(host)
    import uvicorn

    uvicorn.run(app, host=host, port=port, log_level="warning", server_header=False, access_log=False)


def check_port(host: str, port: int) -> None:
    """Say that a port is taken before an address is printed that leads to somebody else."""
    with socket.socket(socket.AF_INET6 if ":" in host else socket.AF_INET, socket.SOCK_STREAM) as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((host.strip("[]"), port))
        except OSError as error:
            raise Refused(
                f"port {port} is taken or not allowed ({error.strerror})",
                where=host,
                mend=f"Choose another one, for example --port {port + 1 if port < 65535 else 8001}.",
            ) from error


def check_host(host: str) -> None:
    """Without a sign-in whoever reaches the port may do everything, so only this machine may reach it."""
    if host.strip("[]").lower() not in LOOPBACK:
        raise Refused(
            f"{host} can be reached from other machines, and there is no sign-in yet",
            where="host",
            mend="Use 127.0.0.1, and reach it from elsewhere through an SSH tunnel.",
        )
