"""Commands: `pulse up` with the laptop stack, and the commands for scripts and operators."""
