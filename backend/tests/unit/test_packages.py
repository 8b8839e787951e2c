from importlib.metadata import entry_points


def test_both_commands_are_installed() -> None:
    scripts = {script.name: script.value for script in entry_points(group="console_scripts")}
    assert scripts["pulse"] == "pulse.cli.main:main"
    assert scripts["zoho-sim"] == "zoho_sim.cli:main"
