#!/opt/wheels/bin/python
"""`redis-cli ping`, with the password from REDISCLI_AUTH."""

from __future__ import annotations

import os
import socket
import sys

with socket.create_connection(("127.0.0.1", 6379), timeout=3) as server:
    server.sendall(f"AUTH {os.environ['REDISCLI_AUTH']}\r\n".encode())
    assert server.recv(100) == b"+OK\r\n"
    server.sendall(f"{sys.argv[1].upper()}\r\n".encode())
    print(server.recv(100).decode().strip("+\r\n"))
