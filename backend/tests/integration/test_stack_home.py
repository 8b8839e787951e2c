import os
import shutil
import stat
from pathlib import Path
from typing import NamedTuple

import pytest

from pulse.cli.stack.home import open_home, secret_key
from pulse.kit.errors import ConfigurationError


class _Usage(NamedTuple):
    total: int
    used: int
    free: int


def test_new_home_lets_nobody_look_inside(pulse_home: Path) -> None:
    home = open_home(pulse_home)
    mode = stat.S_IMODE(home.path.stat().st_mode)
    # As root PostgreSQL's account must pass through, but not list.
    assert mode == (0o711 if os.geteuid() == 0 else 0o700)
    assert stat.S_IMODE(home.logs.stat().st_mode) == 0o700
    assert stat.S_IMODE(home.run.stat().st_mode) == 0o700


def test_home_that_cannot_be_made_is_named_with_its_variable(tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    with pytest.raises(ConfigurationError, match="Not a directory") as refused:
        open_home(tmp_path / "file" / "home")
    assert refused.value.code == "home_not_writable"
    assert "PULSE_HOME" in str(refused.value.fix)


def test_disk_that_is_nearly_full_is_refused_before_anything_starts(
    pulse_home: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(shutil, "disk_usage", lambda _: _Usage(10**12, 10**12, 12_000_000))
    with pytest.raises(ConfigurationError, match="12 MB left; the stack needs 300 MB") as refused:
        open_home(pulse_home)
    assert refused.value.code == "disk_full"


def test_key_is_made_once_and_for_its_owner_alone(pulse_home: Path) -> None:
    home = open_home(pulse_home)
    key = secret_key(home)
    assert len(key) == 44
    assert secret_key(home) == key
    assert stat.S_IMODE((home.path / "secret.key").stat().st_mode) == 0o600
    assert sorted(p.name for p in home.path.iterdir()) == ["logs", "run", "secret.key"]
