pytest_plugins = ["support.postgres", "support.stacks", "support.valkey"]
