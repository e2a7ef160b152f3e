"""``make run`` says what is wrong with the port before it does anything."""

import os
import socket
import subprocess
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]

pytestmark = pytest.mark.slow


def serve(port):
    done = subprocess.run(
        ["deploy/serve.sh"], cwd=ROOT, env=os.environ | {"PORT": str(port)}, capture_output=True, text=True, timeout=60
    )
    return done.returncode, done.stderr


@pytest.mark.parametrize("port", ["abc", "-1", "0", "65536", "80 80"])
def test_what_is_no_port_is_refused_in_words(port):
    code, said = serve(port)
    assert (code, "Traceback" in said) == (1, False)
    assert f"không phải “{port}”" in said


def test_a_port_in_use_is_told():
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        code, said = serve(taken.getsockname()[1])
    assert (code, "đang có chương trình khác dùng" in said) == (1, True)
