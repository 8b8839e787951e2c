"""The wheel is the whole product: `pip install` brings the web application along."""

import shutil
import subprocess
import sys
import zipfile
from pathlib import Path

_ROOT = Path(__file__).parents[3]
_PAGES = ("index.html", "docs.html", "assets/app-8f3a.js", "assets/app-8f3a.js.br")


def test_wheel_carries_the_built_app_though_git_ignores_it(tmp_path: Path) -> None:
    # A copy, so that the test neither needs a build of the app nor touches one.
    (tmp_path / ".git").mkdir()
    shutil.copy(_ROOT / ".gitignore", tmp_path)
    project = tmp_path / "backend"
    shutil.copytree(
        _ROOT / "backend",
        project,
        ignore=lambda folder, names: (
            set(names) - {"src", "pyproject.toml", "README.md"}
            if Path(folder) == _ROOT / "backend"
            else {name for name in names if name in {"static", "__pycache__"}}
        ),
    )
    built = project / "src" / "pulse" / "api" / "static"
    for page in _PAGES:
        (built / page).parent.mkdir(parents=True, exist_ok=True)
        (built / page).write_text("built")
    subprocess.run(
        [sys.executable, "-m", "hatchling", "build", "-t", "wheel", "-d", str(tmp_path / "dist")],
        cwd=project,
        check=True,
        capture_output=True,
    )
    (wheel,) = (tmp_path / "dist").glob("*.whl")
    names = set(zipfile.ZipFile(wheel).namelist())
    assert {f"pulse/api/static/{page}" for page in _PAGES} <= names
    assert "pulse/api/app_files.py" in names
